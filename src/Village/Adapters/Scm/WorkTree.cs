namespace Village.Adapters.Scm;

/// <summary>A directory of files and the git repository that its changes are told against.</summary>
/// <param name="Path">The directory.</param>
/// <param name="GitDirectory">The git directory: of a worktree its registration.</param>
/// <param name="Index">Its index, which is only copied; null when it has none, and then what was found last is the start.</param>
/// <param name="Head">The commit it stands on; null before the first.</param>
/// <param name="Merging">Further commits that an unfinished merge brings in.</param>
internal sealed record WorkTree(string Path, string GitDirectory, string? Index, string? Head, IReadOnlyList<string> Merging);

/// <summary>Work that is to be tried against other work.</summary>
/// <param name="Task">Its task.</param>
/// <param name="Tree">Its workspace; null when there is only a branch.</param>
/// <param name="Tip">The tip of its branch, where there is no workspace.</param>
/// <param name="Bases">Commits that it may have come from, besides the base branch.</param>
internal sealed record TrialWork(string Task, WorkTree? Tree, string? Tip, IReadOnlyList<string> Bases);

/// <summary>The repository in which work is tried.</summary>
/// <param name="Root">The main checkout.</param>
/// <param name="GitDirectory">Where refs and objects are.</param>
/// <param name="Base">The head of the base branch.</param>
/// <param name="Home">The person's home, or null.</param>
/// <param name="CacheHome">Where caches are, or null for none that lasts.</param>
/// <param name="ConfigHome">Where configurations are, or null.</param>
internal sealed record TrialGround(string Root, string GitDirectory, string Base, string? Home, string? CacheHome, string? ConfigHome);
