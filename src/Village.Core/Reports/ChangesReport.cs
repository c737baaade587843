namespace Village.Reports;

/// <summary>A file that the work of a task changed.</summary>
/// <param name="Status">A: added, M: changed, D: deleted, T: of another kind.</param>
/// <param name="Path">The file, relative to the repository.</param>
public sealed record ChangedFile(string Status, string Path);

/// <summary>The answer of <c>changes</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="Files">What its workspace changed since it began, committed or not, in the order of the names.</param>
public sealed record ChangesReport(string Task, IReadOnlyList<ChangedFile> Files) : Report("changes");
