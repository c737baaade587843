using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Conflicts;

/// <summary>A pair as <c>village conflicts --json</c> tells it.</summary>
/// <param name="Tasks">The two tasks.</param>
/// <param name="Conflicts">The files that conflict.</param>
/// <param name="Overlap">The files that both changed.</param>
internal sealed record Pair(string Tasks, IReadOnlyList<string> Conflicts, IReadOnlyList<string> Overlap);

/// <summary>Workspaces that people or agents have worked in side by side.</summary>
internal static class Parallel
{
    extension(TestVillage village)
    {
        /// <summary>Adds a task with a workspace on its branch, as a worker that is gone left it.</summary>
        public async Task<string> WorkspaceAsync(string title = "work", string from = "main")
        {
            var task = await village.AddAsync(title);
            village.Git("worktree", "add", "--quiet", "-b", $"village/{task}", village.Workspace(task), from);
            return task;
        }

        /// <summary>Writes a file in a workspace.</summary>
        public void Write(string task, string file, string text)
        {
            var path = Path.Combine(village.Workspace(task), file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        /// <summary>Commits files to the main branch.</summary>
        public void Commit(params IReadOnlyList<(string File, string Text)> files)
        {
            foreach (var (file, text) in files)
            {
                var path = Path.Combine(village.Root, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
                village.Git("add", "--force", "--", file);
            }

            village.Git("commit", "--quiet", "-m", "more");
        }

        /// <summary>The answer of <c>village conflicts --json</c>.</summary>
        public async Task<JsonElement> ConflictsAsync(params string[] args) => (await village.RunAsync(["conflicts", .. args, "--json"])).Succeed().Json();

        /// <summary>The pairs it tells of, by task.</summary>
        public async Task<IReadOnlyList<Pair>> PairsAsync(params string[] args) =>
        [
            .. (await village.ConflictsAsync(args)).GetProperty("pairs").EnumerateArray()
                .Select(pair => new Pair(string.Join(' ', Texts(pair, "tasks")), Texts(pair, "conflicts"), Texts(pair, "overlap")))
                .OrderBy(pair => pair.Tasks, StringComparer.Ordinal),
        ];

        /// <summary>Every entry of the repository with type, mode, length, times and inode, and the bytes of every file.</summary>
        /// <remarks>git renews the times of objects that it meets again, so that they are not pruned.</remarks>
        public string Everything() =>
            village.Tool("find", village.Root, "-path", "*/.git/objects", "-prune", "-o", "-printf", "%p %y %m %s %T@ %C@ %i %l\n")
            + village.Tool("find", Path.Combine(village.Root, ".git", "objects"), "-printf", "%p %y %m %s %i\n")
            + village.Tool("sh", "-c", "find . -type f -exec sha1sum {} + | sort");
    }

    /// <summary>An array of texts.</summary>
    public static IReadOnlyList<string> Texts(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
