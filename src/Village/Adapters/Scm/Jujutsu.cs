using System.Text.Json;
using Village.Adapters.Processes;
using Village.Configuration;
using Village.Conflicts;
using Village.Diagnosis;
using Village.Errors;
using Village.Platform;

namespace Village.Adapters.Scm;

/// <summary>
/// Jujutsu. What changes the repository is a jj command, so every act is in `jj op log`; what only reads commits asks git about
/// jj's own store, whose objects they are. A workspace is named after its task; the task's branch is a bookmark. No other
/// folder runs jj (an architecture test sees to that).
/// </summary>
/// <param name="runner">Runs jj.</param>
/// <param name="git">Reads the store.</param>
/// <param name="repository">The repository; its common directory is jj's git store.</param>
/// <param name="durability">Whether what was made is synced.</param>
/// <param name="branchPrefix">What a task's bookmark begins with, before the task's id.</param>
internal sealed partial class Jujutsu(ProcessRunner runner, Git git, Repository repository, Durability durability, string branchPrefix) : IScm
{
    // A workspace of jj's has no .git of its own: a colocated one needs a newer git and makes the repository unreadable to older ones.
    private static readonly string[] NotColocated = ["--config", "git.colocate=false"];

    // jj leaves new files above 1 MiB out of its commits; work is work.
    private static readonly string[] TakeAll = ["--config", "snapshot.max-new-file-size=0"];

    private static readonly string[] OnlyLook = ["--ignore-working-copy"];

    private static readonly Dictionary<string, string?> Plain = [];

    private static readonly Dictionary<string, string?> Identity = new() { ["JJ_USER"] = "Village", ["JJ_EMAIL"] = "village@localhost" };

    private const string Install = "install Jujutsu (https://jj-vcs.github.io/jj/latest/install-and-setup), or set SCM=git in .village/config";

    private readonly string store = repository.CommonDirectory;

    /// <summary>jj as a tool: the first whose list of workspaces says where they are.</summary>
    public static ToolFact Tool(string? version) => new("jj", version, new(0, 40), "where a workspace is (root in `jj workspace list`)")
    {
        Install = Install,
    };

    /// <inheritdoc/>
    public string Name => "jj";

    /// <summary>What jj says of itself; null when it is not there.</summary>
    public static async Task<string?> VersionAsync(ProcessRunner runner, string directory, CancellationToken ct)
    {
        try
        {
            return (await runner.RunAsync(Command(directory, Plain, "--version"), ct)).Require().Trim();
        }
        catch (VillageException missing) when (missing.Kind is ErrorKind.NotReady)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<string?> BaseHeadAsync(string root, string? branch, CancellationToken ct)
    {
        if (repository.HasGitCheckout)
        {
            // git's word is newer than jj's where a person has committed with git since.
            return await git.BaseHeadAsync(root, branch, ct);
        }

        var revision = branch is null ? "@-" : Bookmark(branch);
        return (await LookAsync(root, revision, "commit_id ++ \" \" ++ root ++ \"\\n\"", ct)) switch
        {
            [] => null,
            [var only] => only.Split(' ') is [var id, "false"] ? id : null,
            _ => throw new VillageException(
                ErrorKind.NotReady, "the main workspace stands on a merge that is not committed yet", "jj commit, or name a bookmark with BASE_BRANCH"),
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> BranchTipsAsync(string root, string prefix, CancellationToken ct)
    {
        // git's first: a start that was cut short has made a branch that jj has not heard of.
        var tips = new Dictionary<string, string>(await git.BranchTipsAsync(store, prefix, ct), StringComparer.Ordinal);
        // "village/bd-a3f8 3f2a…\n"; one in conflict has no single target and is none.
        var output = (await RunAsync(
            root, ct, [.. OnlyLook, "bookmark", "list", "-T", "if(!remote && !conflict, name ++ \" \" ++ normal_target.commit_id() ++ \"\\n\")", $"glob:\"{prefix}*\""])).Require();
        foreach (var part in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')))
        {
            tips[part[0]] = part[1];
        }

        return tips;
    }

    /// <inheritdoc/>
    public async Task<string?> BranchTipAsync(string root, string branch, CancellationToken ct) =>
        (await LookAsync(root, Bookmark(branch), "commit_id ++ \"\\n\"", ct)) is [var tip] ? tip : await git.BranchTipAsync(store, branch, ct);

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> ContainedBranchesAsync(string root, string prefix, string commit, CancellationToken ct) =>
        git.ContainedBranchesAsync(store, prefix, commit, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Checkout>> ListCheckoutsAsync(string root, CancellationToken ct) =>
        ParseCheckouts((await RunAsync(
            root, ct, [.. OnlyLook, "workspace", "list", "-T", "\"[\" ++ json(name) ++ \",\" ++ json(target.commit_id()) ++ \",\" ++ json(root) ++ \"]\\n\""])).Require());

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> MissingCommitsAsync(string root, IEnumerable<string> commits, CancellationToken ct) =>
        git.MissingCommitsAsync(store, commits, ct);

    /// <inheritdoc/>
    public Task PinAsync(string root, string reference, string commit, CancellationToken ct) => git.PinAsync(store, reference, commit, ct);

    /// <inheritdoc/>
    public Task<string> TreeOfAsync(string directory, string commit, CancellationToken ct) => git.TreeOfAsync(store, commit, ct);

    /// <inheritdoc/>
    public Task<int> CountChangedAsync(string directory, string from, string to, CancellationToken ct) => git.CountChangedAsync(store, from, to, ct);

    /// <inheritdoc/>
    public Task<string?> ForkPointAsync(string directory, string one, string other, CancellationToken ct) => git.ForkPointAsync(store, one, other, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ChangedFilesAsync(string root, IEnumerable<(string From, string To)> pairs, CancellationToken ct) =>
        git.ChangedFilesAsync(store, pairs, ct);

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> ContainedAsync(string root, string head, IEnumerable<string> commits, CancellationToken ct) => git.ContainedAsync(store, head, commits, ct);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, WorkTree> WorkTreesOf(IReadOnlyList<Checkout> checkouts, string directory) => checkouts
        .Where(checkout => Path.GetDirectoryName(checkout.Path) == directory && Directory.Exists(checkout.Path))
        .ToDictionary(checkout => Path.GetFileName(checkout.Path), checkout => new WorkTree(checkout.Path, store, null, checkout.Head, []), StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<ConflictMatrix> PredictAsync(TrialGround ground, IReadOnlyList<TrialWork> works, IReadOnlySet<string> wanted, CancellationToken ct) =>
        git.PredictAsync(ground, works, wanted, (directory, place, arguments, stop) => runner.RunAsync(Command(directory, place, Plain, arguments), stop), ct);

    /// <inheritdoc/>
    public void Sync(string workspace)
    {
        if (durability is Durability.Full)
        {
            NativeFile.SyncFileSystem(store);
            NativeFile.SyncFileSystem(workspace);
        }
    }

    /// <remarks>
    /// One line a workspace: <c>["bd-a3f8","a5ac54…","/repo/.worktrees/bd-a3f8"]</c>; one whose directory jj never recorded
    /// has an error in words in place of the last.
    /// </remarks>
    internal IReadOnlyList<Checkout> ParseCheckouts(string output)
    {
        List<Checkout> checkouts = [];
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                var fields = document.RootElement;
                if (fields[2].GetString() is not { } path)
                {
                    continue;
                }

                checkouts.Add(new(path, fields[1].GetString(), path == repository.Root ? null : branchPrefix + fields[0].GetString()));
            }
            catch (JsonException)
            {
                // Without a directory it is no checkout to us.
            }
        }

        return checkouts;
    }

    // A revset of one bookmark, whatever its name.
    private static string Bookmark(string name) =>
        $"bookmarks(exact:\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\")";

    // The answers of a template for some revisions, by jj's last word and without a look at any file.
    private async Task<string[]> LookAsync(string directory, string revisions, string template, CancellationToken ct) =>
        (await RunAsync(directory, ct, [.. OnlyLook, "log", "--no-graph", "-r", revisions, "-T", template])).Require().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Task<ToolResult> RunAsync(string directory, CancellationToken ct, params IReadOnlyList<string> arguments) =>
        runner.RunAsync(Command(directory, Plain, arguments), ct);

    // -R: where there is no repository jj would otherwise look in the directories above, and find the person's own checkout.
    private static ToolCommand Command(string directory, IReadOnlyDictionary<string, string?> variables, params IReadOnlyList<string> arguments) =>
        Command(directory, directory, variables, arguments);

    private static ToolCommand Command(string directory, string? place, IReadOnlyDictionary<string, string?> variables, params IReadOnlyList<string> arguments) =>
        new("jj", directory, [.. arguments, .. place is null ? Array.Empty<string>() : ["-R", place], "--no-pager", "--color=never"])
        {
            Variables = variables,
            Deadline = TimeSpan.FromMinutes(10),
            Missing = "jj binary not found in PATH",
            InstallHint = Install,
        };
}
