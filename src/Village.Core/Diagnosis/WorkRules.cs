using System.Globalization;

namespace Village.Diagnosis;

/// <summary>The rules about workspaces, branches, panes and processes.</summary>
public static class WorkRules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<DiagnosisRule> All { get; } =
        [WorkspacesAreOurs, WorkspacesHaveTasks, NothingVanished, OnTheirBranches, NoDeadLocks, BranchesAreAtHome, CommitsAreThere, PanesHaveClaims, ProcessesHaveClaims, SessionIsOurs];

    private static IEnumerable<Finding> WorkspacesAreOurs(Facts facts) =>
        from workspace in facts.Work.Workspaces ?? []
        where !workspace.IsWorktree
        select Finding.Warning(
            FindingKind.ForeignDirectory, workspace.Name,
            $"'{Place(facts, workspace.Name)}' is no worktree of this repository; a task of that name could not start");

    private static IEnumerable<Finding> WorkspacesHaveTasks(Facts facts)
    {
        var known = facts.State.Tasks.Select(task => task.Id.Value)
            .Concat(facts.State.Leases.Select(found => found.Name))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        // A task may stand in a line that cannot be read.
        var worktrees = facts.State.BadTaskLines is [] ? facts.Work.Workspaces ?? [] : [];
        return from workspace in worktrees
               where workspace.IsWorktree && !known.Contains(workspace.Name)
               select Finding.Warning(
                   FindingKind.OrphanWorkspace, workspace.Name,
                   $"the workspace '{Place(facts, workspace.Name)}' belongs to no task; look at it, then: git worktree remove '{Place(facts, workspace.Name)}'");
    }

    private static IEnumerable<Finding> NothingVanished(Facts facts) =>
        from name in facts.Work.Vanished
        select Finding.Warning(
            FindingKind.VanishedWorkspace, name, $"git knows the workspace '{Place(facts, name)}', and its directory is gone", "make git forget it; its branch stays");

    // A worker may stand where it likes for a while: a rebase detaches.
    private static IEnumerable<Finding> OnTheirBranches(Facts facts) =>
        from workspace in Idle(facts)
        let home = $"{facts.Work.BranchPrefix}{workspace.Name}"
        where workspace.Branch != home
        select Finding.Warning(
            FindingKind.WrongBranch, workspace.Name,
            $"the workspace '{Place(facts, workspace.Name)}' stands on {workspace.Branch ?? "no branch"} and not on {home}: git -C '{Place(facts, workspace.Name)}' switch {home}");

    private static IEnumerable<Finding> NoDeadLocks(Facts facts) =>
        from workspace in Idle(facts)
        where workspace.IndexLock
        select Finding.Error(
            FindingKind.StaleIndexLock, workspace.Name,
            $"a git that was killed has left its lock on the index of '{Place(facts, workspace.Name)}'", "remove the lock") with
        { IsFleeting = true };

    private static IEnumerable<Finding> BranchesAreAtHome(Facts facts) =>
        from branch in facts.Work.Elsewhere
        select Finding.Warning(
            FindingKind.BranchElsewhere, branch.Branch,
            $"branch {branch.Branch} is checked out in '{Printable.Line(branch.Path)}', so its task cannot have it in a workspace of its own");

    private static IEnumerable<Finding> CommitsAreThere(Facts facts) =>
        from lost in facts.Work.LostCommits
        select Finding.Warning(
            FindingKind.LostCommit, lost.Task, $"{lost.Task} was completed with commit {lost.Commit[..10]}, which is not in the repository any more");

    private static IEnumerable<Finding> PanesHaveClaims(Facts facts) =>
        from pane in facts.Work.Panes
        where !facts.State.Holds(pane.Nonce)
        select Finding.Error(
            FindingKind.StrayPane, pane.Id,
            string.Create(CultureInfo.InvariantCulture, $"pane {pane.Id} still runs a worker (process {pane.Process}) whose claim is over"),
            "end the worker and close the pane") with
        { IsFleeting = true };

    private static IEnumerable<Finding> ProcessesHaveClaims(Facts facts) =>
        from process in facts.Work.Processes
        where !facts.State.Holds(process.Nonce)
        group process by process.Nonce into left
        orderby left.First().Task
        let ids = string.Join(", ", left.Select(process => process.Id.ToString(CultureInfo.InvariantCulture)))
        select Finding.Error(
            FindingKind.LeftoverProcesses, left.Key,
            $"processes of an ended worker of {Printable.Line(left.First().Task)} still run: {ids}", "end them") with
        { IsFleeting = true };

    private static IEnumerable<Finding> SessionIsOurs(Facts facts) => facts.Work.SessionProblem is { } problem
        ? [Finding.Error(FindingKind.ForeignSession, null, problem)]
        : [];

    private static IEnumerable<WorkspaceFact> Idle(Facts facts)
    {
        var held = facts.State.Leases.Where(found => found.MayLive).Select(found => found.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return (facts.Work.Workspaces ?? []).Where(workspace => workspace.IsWorktree && !held.Contains(workspace.Name));
    }

    private static string Place(Facts facts, string name) => $"{facts.Work.Directory}/{Printable.Line(name)}";
}
