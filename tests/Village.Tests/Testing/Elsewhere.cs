using System.Diagnostics;

namespace Village.Tests.Testing;

/// <summary>Another container on the same files: it sees none of our processes, and has a tmux server of its own.</summary>
internal static class Elsewhere
{
    extension(TestVillage village)
    {
        /// <summary>Runs a shell script there; it stays, with all that it started, until there is a note 'end'.</summary>
        public Process StartElsewhere(string script)
        {
            string[] asRoot = Environment.UserName is "root" ? [] : ["--user", "--map-root-user"];
            var start = new ProcessStartInfo(
                "unshare",
                [.. asRoot, "--pid", "--fork", "--mount-proc", "sh", "-c", $"export TMUX_TMPDIR=\"$HOME\"; {{ {script}; }} >&2; while [ ! -e \"$HOME/end\" ]; do sleep 0.05; done"])
            {
                WorkingDirectory = village.Root,
                RedirectStandardError = true,
            };
            start.Environment.Clear();
            foreach (var (name, value) in village.Environment)
            {
                start.Environment[name] = value;
            }

            return Process.Start(start)!;
        }

        /// <summary>Everything that a worker could change: its workspace's files, every ref, the lease and the store.</summary>
        public string World(string task) => string.Join('\n', [
            .. Directory.EnumerateFiles(village.Workspace(task), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => $"{path}\n{File.ReadAllText(path)}"),
            village.Git("for-each-ref"),
            village.GitIn(task, "status", "--porcelain"),
            .. village.Lease(task).Select(pair => $"{pair.Key}={pair.Value}"),
            File.ReadAllText(Path.Combine(village.State, "tasks.jsonl"))]);
    }
}
