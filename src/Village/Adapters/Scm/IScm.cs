using Village.Adapters.Processes;
using Village.Conflicts;
using Village.Reports;

namespace Village.Adapters.Scm;

/// <summary>
/// Version control as Village needs it: one workspace and one branch a task. Two implementations, <see cref="Git"/> and
/// <see cref="Jujutsu"/>, which the same conformance tests are run against. Commits and trees are named by full ids.
/// </summary>
internal interface IScm
{
    /// <summary>Its name, as the setting SCM has it.</summary>
    string Name { get; }

    /// <summary>The commit that work starts from: a branch's head, or with null what the main checkout stands on. Null when there is none.</summary>
    Task<string?> BaseHeadAsync(string root, string? branch, CancellationToken ct);

    /// <summary>The tips of all branches below a prefix, by full name. One process.</summary>
    Task<IReadOnlyDictionary<string, string>> BranchTipsAsync(string root, string prefix, CancellationToken ct);

    /// <summary>The tip of a branch, or null.</summary>
    Task<string?> BranchTipAsync(string root, string branch, CancellationToken ct);

    /// <summary>Those of the branches below a prefix whose work a commit contains, by full name. One process.</summary>
    Task<IReadOnlySet<string>> ContainedBranchesAsync(string root, string prefix, string commit, CancellationToken ct);

    /// <summary>Removes a branch that stands at a commit, under the caller's repository guard. Returns the complaint, or null.</summary>
    Task<string?> DeleteBranchAsync(string root, string branch, string tip, CancellationToken ct);

    /// <summary>Every checkout, the main one too. One process.</summary>
    Task<IReadOnlyList<Checkout>> ListCheckoutsAsync(string root, CancellationToken ct);

    /// <summary>Those of some commits that the repository does not have. One process.</summary>
    Task<IReadOnlySet<string>> MissingCommitsAsync(string root, IEnumerable<string> commits, CancellationToken ct);

    /// <summary>
    /// The commit that contains <paramref name="head"/> and every tip: one of them when it already does, else a merge made
    /// without touching any checkout. Null with the files that conflict when they do not merge. With
    /// <paramref name="scratch"/>, objects go to that directory instead of the repository, so nothing is written there.
    /// </summary>
    Task<(string? Commit, IReadOnlyList<string> Conflicts)> MergeBaseAsync(
        string root, string head, IReadOnlyList<string> tips, string message, string? scratch, CancellationToken ct);

    /// <summary>Points a ref of Village's own at a commit, wherever it pointed before.</summary>
    Task PinAsync(string root, string reference, string commit, CancellationToken ct);

    /// <summary>Whether a workspace may be made in a place: there is no directory, or nothing in it but what making one that was cut short has left.</summary>
    bool IsVacant(string path);

    /// <summary>
    /// Makes a workspace without files on a branch, under the caller's repository guard. Creates the branch at
    /// <paramref name="commit"/> if it is not there; takes it away again when the workspace cannot be made. The files come
    /// with <see cref="FillAsync"/>, outside the guard.
    /// </summary>
    Task AddWorkspaceAsync(string root, string path, string branch, bool branchExists, string commit, CancellationToken ct);

    /// <summary>Whether a workspace was made but never filled.</summary>
    Task<bool> IsEmptyAsync(string workspace, CancellationToken ct);

    /// <summary>Checks the branch's files out into a workspace that has none yet. No hook runs.</summary>
    Task FillAsync(string workspace, string branch, CancellationToken ct);

    /// <summary>
    /// Removes a clean workspace and its registration, under the caller's repository guard; refuses when it holds uncommitted
    /// files. Returns the complaint, or null. The branch stays.
    /// </summary>
    Task<string?> RemoveWorkspaceAsync(string root, string path, CancellationToken ct);

    /// <summary>
    /// Makes a workspace usable again that was left in the middle of something. Only when no process of its worker is left. Returns
    /// the trash ref of edits that had to make room, or null.
    /// </summary>
    Task<string?> MendAsync(string workspace, string task, int attempt, CancellationToken ct);

    /// <summary>The commit that a workspace's work stands on, what is uncommitted aside; null before the first.</summary>
    Task<string?> HeadAsync(string workspace, CancellationToken ct);

    /// <summary>Why what is committed in a workspace is not its branch's work, in words that follow "the workspace"; null when it is.</summary>
    Task<string?> StraysAsync(string workspace, string branch, CancellationToken ct);

    /// <summary>Moves the branch to what is committed in its workspace, unless that strays from it. git has done that already.</summary>
    Task AdvanceAsync(string workspace, string branch, CancellationToken ct);

    /// <summary>The tree of a commit.</summary>
    Task<string> TreeOfAsync(string directory, string commit, CancellationToken ct);

    /// <summary>How many files a commit changed against another: as people count them.</summary>
    Task<int> CountChangedAsync(string directory, string from, string to, CancellationToken ct);

    /// <summary>The commit that two have in common, or null. One process.</summary>
    Task<string?> ForkPointAsync(string directory, string one, string other, CancellationToken ct);

    /// <summary>The files that differ between two commits, for each pair by its second one; what does not differ or is gone is left out. One process.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ChangedFilesAsync(string root, IEnumerable<(string From, string To)> pairs, CancellationToken ct);

    /// <summary>Those of some commits that another one contains; none when one of them is gone. One process.</summary>
    Task<IReadOnlySet<string>> ContainedAsync(string root, string head, IEnumerable<string> commits, CancellationToken ct);

    /// <summary>Paths with uncommitted work: changed, staged and untracked, never ignored ones. Empty means clean.</summary>
    Task<IReadOnlyList<string>> DirtyPathsAsync(string workspace, bool untracked, CancellationToken ct);

    /// <summary>
    /// What a workspace changed since the commit that it came from, committed or not; where that is not known, since it left
    /// the base branch. Two processes with git.
    /// </summary>
    Task<IReadOnlyList<ChangedFile>> ChangesAsync(string workspace, string? from, string? baseBranch, CancellationToken ct);

    /// <summary>Ignored files and directories of a workspace, a directory as one; they are in no commit and no trash.</summary>
    Task<IReadOnlyList<string>> IgnoredPathsAsync(string workspace, CancellationToken ct);

    /// <summary>A workspace's own directory that is no part of the work: what is kept there goes when the workspace is removed. No process.</summary>
    string PrivateDirectoryOf(string workspace);

    /// <summary>The files among some paths, or below them, that the branch of a workspace has.</summary>
    Task<IReadOnlySet<string>> TrackedAsync(string workspace, IReadOnlyList<string> paths, CancellationToken ct);

    /// <summary>Those of some paths that would be taken for work because nothing ignores them. They need not be there.</summary>
    Task<IReadOnlyList<string>> NotIgnoredAsync(string workspace, IReadOnlyList<string> paths, CancellationToken ct);

    /// <summary>
    /// Commits everything that is not ignored, as the user, or as Village when no identity is known. The result is the tool's own.
    /// </summary>
    Task<ToolResult> CommitAllAsync(string workspace, string message, CancellationToken ct);

    /// <summary>
    /// Saves all uncommitted work (ignored files stay where they are) as a commit under
    /// <c>refs/village/trash/TASK/ATTEMPT-N</c>, whose first parent is where the workspace stands. The workspace is not
    /// touched. Returns the ref; null when there was nothing to save and it is not to be done <paramref name="always"/>.
    /// </summary>
    Task<string?> SaveAsync(string workspace, string branch, string task, int attempt, bool always, CancellationToken ct);

    /// <summary>
    /// Returns a workspace to the head of its branch after <see cref="SaveAsync"/>: files that the saved commit holds are put
    /// back or removed, ignored files are not touched.
    /// </summary>
    Task ResetAsync(string workspace, string branch, string saved, CancellationToken ct);

    /// <summary>The workspaces directly below a directory, by name, of a list of checkouts. No process.</summary>
    IReadOnlyDictionary<string, WorkTree> WorkTreesOf(IReadOnlyList<Checkout> checkouts, string directory);

    /// <summary>How all pairs of some work would merge, touching none of it; with <paramref name="wanted"/> only pairs with those tasks.</summary>
    Task<ConflictMatrix> PredictAsync(TrialGround ground, IReadOnlyList<TrialWork> works, IReadOnlySet<string> wanted, CancellationToken ct);

    /// <summary>What a workspace's HEAD stands on: a branch, or <c>HEAD</c> for none. Null where there is no such thing.</summary>
    Task<string?> StandsOnAsync(string workspace, CancellationToken ct);

    /// <summary>Why saved work cannot be put back where it stood, or null.</summary>
    Task<string?> WhyNotRestoredAsync(string root, string saved, string? standing, CancellationToken ct);

    /// <summary>Puts saved work back into a clean workspace: HEAD, the stage, the files. Never writes over a file that is not known.</summary>
    Task RestoreAsync(string workspace, string saved, string? standing, CancellationToken ct);

    /// <summary>Whether two things in the trash hold the same files, the same stage, and stood on the same commit.</summary>
    Task<bool> IsSameWorkAsync(string root, string one, string other, CancellationToken ct);

    /// <summary>Every file of a commit.</summary>
    Task<IReadOnlyList<string>> FilesOfAsync(string root, string commit, CancellationToken ct);

    /// <summary>Makes a branch, which must not exist, under the caller's repository guard.</summary>
    Task CreateBranchAsync(string root, string branch, string commit, CancellationToken ct);

    /// <summary>All that is in the trash, oldest first. Three processes.</summary>
    Task<IReadOnlyList<TrashRef>> TrashAsync(string root, CancellationToken ct);

    /// <summary>What something in the trash changed: in numbers, or as a patch.</summary>
    Task<string> TrashTextAsync(string root, string commit, bool patch, CancellationToken ct);

    /// <summary>The files that something in the trash changed.</summary>
    Task<IReadOnlyList<string>> TrashPathsAsync(string root, string commit, CancellationToken ct);

    /// <summary>Takes a ref out of the trash, if it is still at that commit, which stays until it is collected.</summary>
    Task DropAsync(string root, string reference, string commit, CancellationToken ct);

    /// <summary>Makes what a workspace, its branch and its commits hold last, whatever program has written it.</summary>
    void Sync(string workspace);
}
