using System.Globalization;
using Village.Adapters.Scm;
using Village.Errors;
using Village.Hosting;
using Village.Reports;
using Village.Tasks;

namespace Village.Operations;

/// <summary>What is kept of workspaces: commits in the trash, and ignored files beside them. Goes only when a person says so.</summary>
internal static class TrashCan
{
    private const string Prefix = "refs/village/trash/";

    /// <summary>All of it, or that of one task; oldest first.</summary>
    public static async Task<IReadOnlyList<TrashRow>> ListAsync(VillageContext village, TaskId? task, CancellationToken ct) =>
    [
        .. from item in await village.Scm.TrashAsync(village.Root, ct)
           let row = Row(village, item)
           where task is null || row.Task.Equals(task.Value.Value, StringComparison.OrdinalIgnoreCase)
           select row,
    ];

    /// <summary>The one of a name, as the list or an event has it.</summary>
    public static async Task<TrashRow> FindAsync(VillageContext village, string name, CancellationToken ct)
    {
        var plain = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        return (await ListAsync(village, null, ct)).FirstOrDefault(row => row.Name == plain)
            ?? throw new VillageException(ErrorKind.NotFound, $"there is no '{Printable.Line(plain)}' in the trash", "village trash list");
    }

    /// <summary>What it holds: the files, and the difference as a text.</summary>
    public static async Task<TrashShowReport> ShowAsync(VillageContext village, TrashRow row, bool patch, CancellationToken ct)
    {
        var kept = row.Kept is null ? [] : Files(KeptFiles.PathOf(village, row.Kept)).Select(file => Path.GetRelativePath(KeptFiles.PathOf(village, row.Kept), file.FullName));
        return new(
            row,
            [.. (await village.Scm.TrashPathsAsync(village.Root, row.Commit, ct)).Concat(kept).Order(StringComparer.Ordinal)],
            await village.Scm.TrashTextAsync(village.Root, row.Commit, patch, ct));
    }

    /// <summary>Takes things out of the trash. Commits stay in git until it collects them, ignored files are gone.</summary>
    public static async Task<TrashDropReport> DropAsync(VillageContext village, IReadOnlyList<TrashRow> rows, CancellationToken ct)
    {
        List<DroppedRow> dropped = [];
        foreach (var row in rows)
        {
            village.Events.Append(new()
            {
                Ts = default,
                Cmd = "trash drop",
                Task = row.Task,
                Result = "ok",
                Reason = "dropped",
                Commit = row.Commit,
                Trash = Prefix + row.Name,
                Kept = row.Kept,
            });
            await village.Scm.DropAsync(village.Root, Prefix + row.Name, row.Commit, ct);
            if (row.Kept is not null)
            {
                KeptFiles.Drop(village, row.Kept);
            }

            dropped.Add(new(row.Name, row.Commit, $"git update-ref {Prefix}{row.Name} {row.Commit}"));
        }

        return new(dropped);
    }

    private static TrashRow Row(VillageContext village, TrashRef item)
    {
        var (name, kept) = (item.Name[Prefix.Length..], KeptFiles.NameOf(item.Name));
        var files = Directory.Exists(KeptFiles.PathOf(village, kept)) ? Files(KeptFiles.PathOf(village, kept)).ToList() : null;
        return new()
        {
            Task = name[..name.LastIndexOf('/')],
            Name = name,
            Attempt = int.TryParse(name.Split('/')[^1].Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) ? attempt : 0,
            At = item.At,
            Files = item.Files + (files?.Count ?? 0),
            Bytes = item.Bytes + (files?.Sum(file => file.LinkTarget is null ? file.Length : 0) ?? 0),
            Commit = item.Commit,
            Kept = files is null ? null : kept,
        };
    }

    // Links are counted as links, and nothing behind one is.
    private static IEnumerable<FileInfo> Files(string directory) => new DirectoryInfo(directory).EnumerateFiles(
        "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true });
}
