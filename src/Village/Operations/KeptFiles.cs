using System.Runtime.InteropServices;
using Village.Errors;
using Village.Hosting;
using Village.Platform;
using Village.Storage;

namespace Village.Operations;

/// <summary>
/// Ignored files of a workspace that is removed: no commit holds them, so they are moved to <c>.village/trash</c>, and back by
/// an undo. Renamed, never copied, and never over something else; a kill leaves each of them in one of the two places.
/// </summary>
internal static class KeptFiles
{
    /// <summary>Where all of them are.</summary>
    public static string Location(VillageContext village) => Path.Combine(village.StateDirectory, "trash");

    /// <summary>The directory that an event names.</summary>
    public static string PathOf(VillageContext village, string kept) => Path.Combine(village.StateDirectory, kept);

    /// <summary>The name that goes with a ref of the trash: <c>trash/bd-a3f8/1-1</c>.</summary>
    public static string NameOf(string reference) => reference["refs/village/".Length..];

    /// <summary>Makes the directory, or says why nothing can be moved there.</summary>
    public static string? Prepare(VillageContext village, string kept, string workspace)
    {
        var path = PathOf(village, kept);
        DurableFile.MakeDirectory(path, village.Config.Durability);

        // Tried before anything is touched: from another file system there is no renaming.
        var probe = Path.Combine(Path.GetDirectoryName(workspace)!, $".{Guid.NewGuid():N}");
        Directory.CreateDirectory(probe);
        if (Libc.Rename(probe, Path.Combine(path, ".probe")) is not 0)
        {
            var problem = Marshal.GetLastPInvokeErrorMessage();
            Directory.Delete(probe);
            return $"its ignored files cannot be moved to '{Printable.Line(path)}' ({problem}); move them away by hand, then try again";
        }

        Directory.Delete(Path.Combine(path, ".probe"));
        return null;
    }

    /// <summary>Moves some files and directories of a workspace there; what is gone already was moved before.</summary>
    public static void Take(VillageContext village, string kept, string workspace, IReadOnlyList<string> paths)
    {
        foreach (var path in paths.Select(path => path.TrimEnd('/')))
        {
            var to = Path.Combine(PathOf(village, kept), path);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (NativeFile.KindOf(Path.Combine(workspace, path)) is not FileKind.Missing)
            {
                Move(Path.Combine(workspace, path), to);
            }
        }
    }

    /// <summary>Those of the kept files whose place in a workspace is taken.</summary>
    public static IReadOnlyList<string> InTheWay(VillageContext village, string kept, string workspace) => InTheWay(PathOf(village, kept), workspace, "");

    /// <summary>Moves them back, and removes what is empty then.</summary>
    public static void GiveBack(VillageContext village, string kept, string workspace)
    {
        if (Directory.Exists(PathOf(village, kept)))
        {
            MoveInto(PathOf(village, kept), workspace);
        }
    }

    /// <summary>Deletes them for good, because a person said so.</summary>
    public static void Drop(VillageContext village, string kept) => Directory.Delete(PathOf(village, kept), recursive: true);

    private static IReadOnlyList<string> InTheWay(string from, string to, string below)
    {
        List<string> found = [];
        foreach (var entry in Directory.Exists(from) ? Directory.EnumerateFileSystemEntries(from) : [])
        {
            var name = Path.GetFileName(entry);
            switch (NativeFile.KindOf(entry), NativeFile.KindOf(Path.Combine(to, name)))
            {
                case (_, FileKind.Missing):
                    break;
                case (FileKind.Directory, FileKind.Directory):
                    found.AddRange(InTheWay(entry, Path.Combine(to, name), Path.Combine(below, name)));
                    break;
                default:
                    found.Add(Path.Combine(below, name));
                    break;
            }
        }

        return found;
    }

    private static void MoveInto(string from, string to)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(from).ToList())
        {
            var target = Path.Combine(to, Path.GetFileName(entry));
            switch (NativeFile.KindOf(entry), NativeFile.KindOf(target))
            {
                case (_, FileKind.Missing):
                    Move(entry, target);
                    break;
                case (FileKind.Directory, FileKind.Directory):
                    MoveInto(entry, target);
                    break;
                default:
                    throw new VillageException(ErrorKind.Blocked, $"'{Printable.Line(target)}' is in the way", "move it away, then try again");
            }
        }

        Directory.Delete(from);
    }

    private static void Move(string from, string to)
    {
        if (Libc.Rename(from, to) is not 0)
        {
            throw Libc.Failure("move to the trash", from);
        }
    }
}
