using System.Text;

namespace Village.Adapters.Scm;

/// <summary>What the set-up of a workspace asks before it puts files into it.</summary>
internal sealed partial class Git
{
    /// <inheritdoc/>
    public string PrivateDirectoryOf(string workspace) => RegistrationOf(workspace)
        ?? throw new DirectoryNotFoundException($"'{Printable.Line(workspace)}' is no worktree");

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> TrackedAsync(string workspace, IReadOnlyList<string> paths, CancellationToken ct)
    {
        var literal = new Dictionary<string, string?>(Quiet) { ["GIT_LITERAL_PATHSPECS"] = "1" };
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in paths.Chunk(200))
        {
            // "path\0" each.
            found.UnionWith((await RunAsync(workspace, literal, ct, ["ls-files", "-z", "--", .. some])).Require().Split('\0', StringSplitOptions.RemoveEmptyEntries));
        }

        return found;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> NotIgnoredAsync(string workspace, IReadOnlyList<string> paths, CancellationToken ct) =>
        NotIgnoredAsync(workspace, Quiet, paths, ct);

    /// <summary>The files among some paths, or below them, that a commit has. One process for two hundred paths.</summary>
    public async Task<IReadOnlySet<string>> TrackedInAsync(string store, string commit, IReadOnlyList<string> paths, CancellationToken ct)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in paths.Chunk(200))
        {
            // "path\0" each.
            found.UnionWith((await RunAsync(store, ct, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", .. some])).Require()
                .Split('\0', StringSplitOptions.RemoveEmptyEntries));
        }

        return found;
    }

    /// <summary>Those of some paths of a directory beside a repository that nothing ignores.</summary>
    public Task<IReadOnlyList<string>> NotIgnoredAsync(string store, string directory, IReadOnlyList<string> paths, CancellationToken ct) =>
        NotIgnoredAsync(directory, new Dictionary<string, string?>(Quiet) { ["GIT_DIR"] = store, ["GIT_WORK_TREE"] = directory }, paths, ct);

    private async Task<IReadOnlyList<string>> NotIgnoredAsync(
        string directory, IReadOnlyDictionary<string, string?> variables, IReadOnlyList<string> paths, CancellationToken ct)
    {
        // "path\0" for each that is ignored; exit code 1 when none is. What is tracked never is: its callers ask of other paths only.
        var answer = await runner.RunAsync(
            Call(directory, variables, "check-ignore", "-z", "--no-index", "--stdin") with { Input = string.Concat(paths.Select(path => path + "\0")) }, ct);
        var ignored = answer.ExitCode is 1 ? [] : answer.Require().Split('\0', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        return [.. paths.Where(path => !ignored.Contains(path))];
    }

    /// <summary>The line of an exclude file that means one path and nothing else; null when none can, because it holds a line break.</summary>
    public static string? ExcludeLine(string path)
    {
        if (path.AsSpan().ContainsAny('\n', '\r'))
        {
            return null;
        }

        var line = new StringBuilder("/");
        foreach (var c in path)
        {
            _ = c is '\\' or '*' or '?' or '[' ? line.Append('\\').Append(c) : line.Append(c);
        }

        // Blanks at the end of a line do not count unless they are written so.
        return path.EndsWith(' ') ? $"{line.ToString().TrimEnd(' ')}{string.Concat(Enumerable.Repeat("\\ ", path.Length - path.TrimEnd(' ').Length))}" : line.ToString();
    }
}
