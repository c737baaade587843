using Village.Adapters.Machine;
using Village.Adapters.Scm;
using Village.Adapters.Tmux;
using Village.Diagnosis;
using Village.Errors;
using Village.Hosting;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Looks at workspaces, branches, panes and processes, with a number of calls that does not grow with them. Writes nothing.</summary>
internal sealed class ExamineWork(BrokenVillage found, bool hasTmux)
{
    private readonly VillageContext village = found.Village;

    /// <summary>Panes and processes of workers, and the session.</summary>
    public async Task<(WorkFacts Facts, Session? Session)> LookAtProcessesAsync(WorkFacts known, CancellationToken ct)
    {
        var session = hasTmux ? await village.Tmux.FindAsync(ct) : null;
        var panes = hasTmux ? await village.Tmux.ProcessesAsync(village.Root, ct) : [];
        return (known with
        {
            Panes = [.. panes.Select(pane => Worker(pane.Pane, pane.Process)).OfType<WorkerPane>()],
            Processes = [.. ProcessTable.Marked(village.StateDirectory, village.Host.ProcessId).Select(process => new MarkedProcess(process.Id, process.Nonce, process.Task))],
            SessionProblem = session is null ? null : BringUp.ForeignSession(village, session),
        }, session);
    }

    /// <summary>Workspaces and branches; with <paramref name="underGuard"/> while nobody makes or removes one.</summary>
    public async Task<WorkFacts> LookAtWorkspacesAsync(WorkFacts known, bool underGuard, CancellationToken ct)
    {
        if (!found.GitWorks)
        {
            return known with { Directory = village.Config.WorktreesDir, Workspaces = null };
        }

        try
        {
            using var guard = underGuard ? Guard.TakeExisting(Git.GuardPath(village.Repository), VillageContext.GuardDeadline) : null;
            return Workspaces(known, await village.Scm.ListCheckoutsAsync(village.Root, ct));
        }
        catch (VillageException) when (!underGuard)
        {
            // A look beside `git worktree add` may fail (tried); the next one is under the guard.
            return known with { Directory = village.Config.WorktreesDir, Workspaces = null };
        }
    }

    /// <summary>Completed tasks whose commit is gone. One process.</summary>
    public async Task<WorkFacts> LookAtCommitsAsync(WorkFacts known, StateFacts state, CancellationToken ct)
    {
        var completed = state.Log.Ledger.Tasks.Values
            .Where(entry => entry is { State: TaskState.Completed, LastChange.Commit: not null })
            .Select(entry => (entry.Task, Commit: entry.LastChange!.Commit!))
            .OrderBy(pair => pair.Task, StringComparer.Ordinal)
            .ToList();
        var missing = found.GitWorks ? await village.Scm.MissingCommitsAsync(village.Root, completed.Select(pair => pair.Commit), ct) : new HashSet<string>();
        return known with { LostCommits = [.. completed.Where(pair => missing.Contains(pair.Commit))] };
    }

    private WorkFacts Workspaces(WorkFacts known, IReadOnlyList<Checkout> checkouts)
    {
        var (below, prefix) = (village.WorktreesDirectory + "/", village.Config.BranchPrefix);
        var inside = checkouts.Where(checkout => checkout.Path.StartsWith(below, StringComparison.Ordinal)).ToDictionary(checkout => checkout.Path[below.Length..], StringComparer.Ordinal);
        var directories = Directory.Exists(village.WorktreesDirectory)
            ? Directory.EnumerateDirectories(village.WorktreesDirectory).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal).ToList()
            : [];
        return known with
        {
            Directory = village.Config.WorktreesDir,
            BranchPrefix = prefix,
            Workspaces = [.. directories.Where(name => inside.ContainsKey(name) || !IsEmpty(name)).Select(name => Workspace(name, inside.GetValueOrDefault(name)))],
            Vanished = [.. inside.Keys.Where(name => !directories.Contains(name, StringComparer.Ordinal) && !Path.Exists(below + name)).Order(StringComparer.Ordinal)],
            Elsewhere =
            [
                .. from checkout in checkouts
                   where checkout.Branch is { } branch && branch.StartsWith(prefix, StringComparison.Ordinal)
                       && checkout.Path != below + branch[prefix.Length..] && Directory.Exists(checkout.Path)
                   orderby checkout.Branch
                   select new BranchFact(checkout.Branch!, checkout.Path),
            ],
        };
    }

    // git makes a worktree in an empty directory as well as in none.
    private bool IsEmpty(string name) => !Directory.EnumerateFileSystemEntries(Path.Combine(village.WorktreesDirectory, name)).Any();

    private WorkspaceFact Workspace(string name, Checkout? checkout)
    {
        var path = Path.Combine(village.WorktreesDirectory, name);
        var isLocked = checkout is not null && Git.IndexLockOf(path) is { } file && File.Exists(file);
        return new(name, checkout is not null, checkout?.Branch, isLocked && ProcessTable.Inside(path, village.Host.ProcessId) is []);
    }

    private static WorkerPane? Worker(string pane, int process) =>
        ProcessTable.NonceOfWorker(process) is { } nonce ? new(pane, process, nonce) : null;
}
