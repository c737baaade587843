using Village.Adapters.Processes;
using Village.Configuration;
using Village.Errors;
using Village.Reports;

namespace Village.Adapters.Scm;

/// <summary>git. No other folder runs it (an architecture test sees to that).</summary>
internal sealed partial class Git(ProcessRunner runner, Durability durability) : IScm
{
    // Without the first, looking at a workspace makes the agent's own `git add` fail (17 of 40 when tried).
    private static readonly Dictionary<string, string?> Quiet = new() { ["GIT_OPTIONAL_LOCKS"] = "0", ["GIT_TERMINAL_PROMPT"] = "0" };

    /// <inheritdoc/>
    public string Name => "git";

    /// <summary>Every checkout, the main one first. One process.</summary>
    public async Task<IReadOnlyList<Checkout>> ListCheckoutsAsync(string root, CancellationToken ct) =>
        ParseCheckouts((await RunAsync(root, ct, "worktree", "list", "--porcelain", "-z")).Require());

    /// <summary>
    /// The tips of all branches that begin with a prefix, whatever the case, by full name; and of those that keep it from being
    /// one, as <c>village</c> does with <c>village/</c>. One process.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> BranchTipsAsync(string root, string prefix, CancellationToken ct) =>
        (await RunAsync(
            root, ct,
            ["for-each-ref", "--ignore-case", "--format=%(objectname) %(refname:lstrip=2)", $"refs/heads/{prefix}*", $"refs/heads/{prefix}*/**",
            .. prefix.Index().Where(c => c.Item is '/').Select(c => $"refs/heads/{prefix[..c.Index]}")])).Require()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .ToDictionary(part => part[1], part => part[0], StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<string?> BaseHeadAsync(string root, string? branch, CancellationToken ct) =>
        CommitOfAsync(root, branch is null ? "HEAD" : $"refs/heads/{branch}", ct);

    /// <inheritdoc/>
    public Task<string?> BranchTipAsync(string root, string branch, CancellationToken ct) => CommitOfAsync(root, $"refs/heads/{branch}", ct);

    /// <inheritdoc/>
    public Task<string?> HeadAsync(string workspace, CancellationToken ct) => CommitOfAsync(workspace, "HEAD", ct);

    /// <summary>The commit a name means, or null.</summary>
    public async Task<string?> CommitOfAsync(string directory, string name, CancellationToken ct)
    {
        var result = await RunAsync(directory, ct, "rev-parse", "--verify", "--quiet", "--end-of-options", $"{name}^{{commit}}");
        return result.Succeeded ? result.Stdout.Trim() : null;
    }

    /// <summary>The tree of a commit.</summary>
    public async Task<string> TreeOfAsync(string directory, string commit, CancellationToken ct) =>
        (await RunAsync(directory, ct, "rev-parse", "--verify", $"{commit}^{{tree}}")).Require().Trim();

    /// <inheritdoc/>
    public async Task<string?> StraysAsync(string workspace, string branch, CancellationToken ct)
    {
        var result = await RunAsync(workspace, ct, "symbolic-ref", "--quiet", "--short", "HEAD");
        return !result.Succeeded ? $"stands on no branch, not on {branch}"
            : result.Stdout.Trim() is var other && other != branch ? $"stands on branch '{other}', not on {branch}"
            : null;
    }

    /// <inheritdoc/>
    public Task AdvanceAsync(string workspace, string branch, CancellationToken ct) => Task.CompletedTask;

    /// <summary>How many files a commit changed against another: as people count them.</summary>
    public async Task<int> CountChangedAsync(string directory, string from, string to, CancellationToken ct) =>
        (await RunAsync(directory, ct, "diff", "--name-only", "-z", "--no-renames", from, to)).Require().Count(c => c is '\0');

    /// <summary>
    /// Paths with uncommitted work: changed, staged and untracked, never ignored ones. Empty means clean.
    /// </summary>
    public async Task<IReadOnlyList<string>> DirtyPathsAsync(string workspace, bool untracked, CancellationToken ct)
    {
        var output = (await RunAsync(
            workspace, ct, "status", "--porcelain=v1", "-z", "--no-renames", untracked ? "--untracked-files=all" : "--untracked-files=no")).Require();
        // "XY path\0" per file.
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry[3..])];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChangedFile>> ChangesAsync(string workspace, string? from, string? baseBranch, CancellationToken ct) =>
        ChangesAsync(workspace, Quiet, ["--merge-base", from ?? (baseBranch is null ? "main-worktree/HEAD" : $"refs/heads/{baseBranch}")], ct);

    /// <summary>Ignored files and directories of a workspace, a directory as one; they are in no commit and no trash.</summary>
    public async Task<IReadOnlyList<string>> IgnoredPathsAsync(string workspace, CancellationToken ct)
    {
        // "!! path\0"; a directory ends in a slash.
        var output = (await RunAsync(workspace, ct, "status", "--porcelain=v1", "-z", "--no-renames", "--ignored", "--untracked-files=normal")).Require();
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(entry => entry.StartsWith("!! ", StringComparison.Ordinal)).Select(entry => entry[3..])];
    }

    /// <summary>Adds patterns to the repository's private exclude file unless they stand there already.</summary>
    public static IReadOnlyList<string> MissingExcludes(Repository repository, IReadOnlyList<string> patterns)
    {
        var path = ExcludePath(repository);
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        return [.. patterns.Where(pattern => !lines.Contains(pattern, StringComparer.Ordinal))];
    }

    /// <summary>The repository's private exclude file; it counts for every worktree.</summary>
    public static string ExcludePath(Repository repository) => Path.Combine(repository.CommonDirectory, "info", "exclude");

    /// <summary>The guard of everything that registers worktrees or moves refs.</summary>
    public static string GuardPath(Repository repository) => Path.Combine(repository.CommonDirectory, "village.lock");

    /// <remarks>
    /// Records end with an empty field: <c>worktree /repo\0HEAD 3f2a…\0branch refs/heads/main\0\0</c>. A detached worktree has
    /// <c>detached</c> instead of <c>branch</c>; before the first commit HEAD is all zeros.
    /// </remarks>
    internal static IReadOnlyList<Checkout> ParseCheckouts(string output) => [..
        from record in output.Split("\0\0", StringSplitOptions.RemoveEmptyEntries)
        let fields = record.Split('\0').Select(field => field.Split(' ', 2)).ToLookup(f => f[0], f => f[^1])
        let head = fields["HEAD"].SingleOrDefault()
        select new Checkout(
            fields["worktree"].Single(),
            head?.Trim('0') is { Length: > 0 } ? head : null,
            fields["branch"].SingleOrDefault()?["refs/heads/".Length..])];

    private async Task<IReadOnlyList<ChangedFile>> ChangesAsync(
        string directory, IReadOnlyDictionary<string, string?> variables, IReadOnlyList<string> against, CancellationToken ct)
    {
        // "M\0src/a.txt\0A\0new.txt\0", then "untracked.txt\0".
        var known = (await RunAsync(directory, variables, ct, ["diff", "--name-status", "-z", "--no-renames", .. against])).Require()
            .Split('\0', StringSplitOptions.RemoveEmptyEntries).Chunk(2).Select(pair => new ChangedFile(pair[0], pair[1]));
        var unknown = (await RunAsync(directory, variables, ct, "ls-files", "-z", "--others", "--exclude-standard", "--", ".", NotJujutsu)).Require()
            .Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(path => new ChangedFile("A", path));
        return [.. known, .. unknown];
    }

    private Task<ToolResult> RunAsync(string directory, CancellationToken ct, params IReadOnlyList<string> arguments) =>
        RunAsync(directory, Quiet, ct, arguments);

    private Task<ToolResult> RunAsync(
        string directory, IReadOnlyDictionary<string, string?> variables, CancellationToken ct, params IReadOnlyList<string> arguments) =>
        runner.RunAsync(Call(directory, variables, arguments), ct);

    // The questions that may be asked below a checkout: where is it, and which git is this.
    private Task<ToolResult> FromAnywhereAsync(string directory, CancellationToken ct, params IReadOnlyList<string> arguments) =>
        runner.RunAsync(Call(directory, Quiet, arguments) with { Variables = Quiet }, ct);

    // Everything else is meant for the checkout in that very directory: git never looks further up for another one.
    private static IReadOnlyDictionary<string, string?> Bounded(string directory, IReadOnlyDictionary<string, string?> variables) =>
        Path.GetDirectoryName(directory) is { } parent
            ? new Dictionary<string, string?>(variables) { ["GIT_CEILING_DIRECTORIES"] = parent }
            : variables;

    private ToolCommand Call(string directory, IReadOnlyDictionary<string, string?> variables, params IReadOnlyList<string> arguments) =>
        new("git", PlaceOf(directory), durability is Durability.Full ? [.. DurableOptions, .. arguments] : arguments)
        {
            Variables = Bounded(PlaceOf(directory), variables),

            // What git could not lock it has not changed, so every call that a lock refused may be made again.
            RepeatOn = Transience.OfGit,
            Deadline = TimeSpan.FromMinutes(10),
            InstallHint = "install it, for example: sudo apt-get install git",
        };
}
