using Village.Hosting;
using Village.Platform;
using Village.Setup;

namespace Village.Operations;

/// <summary>A path of the main checkout that a set-up means.</summary>
/// <param name="Path">Relative to the checkout.</param>
/// <param name="Kind">What is there.</param>
/// <param name="Below">The path that the pattern named: itself, or a directory above it.</param>
internal sealed record SetUpFile(string Path, FileKind Kind, string Below);

/// <summary>Finds what the patterns of a set-up mean. Links are seen as links: nothing behind one is read.</summary>
internal sealed class SetUpFiles(VillageContext village)
{
    /// <summary>What a pattern names, sorted; null for a plain name that is not there, or stands behind a link.</summary>
    public IReadOnlyList<string>? Find(PathPattern pattern)
    {
        HashSet<string> found = [];
        Walk("", pattern.Segments, found);
        return found.Count is 0 && pattern.IsLiteral ? null : [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>A path itself, or all files and links below it when it is a directory; pipes, sockets and devices are left out.</summary>
    public IEnumerable<SetUpFile> Leaves(string path)
    {
        List<string> waiting = [path];
        while (waiting is [.., var next])
        {
            waiting.RemoveAt(waiting.Count - 1);
            var kind = KindOf(next);
            if (kind is FileKind.Directory)
            {
                waiting.AddRange(Names(next).Select(name => Path.Combine(next, name)).Where(child => !IsOurs(child)));
            }
            else if (kind is FileKind.Regular or FileKind.Link)
            {
                yield return new(next, kind, path);
            }
        }
    }

    private void Walk(string directory, IEnumerable<string> rest, HashSet<string> found)
    {
        if (rest.FirstOrDefault() is not { } segment)
        {
            found.Add(directory);
            return;
        }

        var (later, isLast) = (rest.Skip(1), !rest.Skip(1).Any());
        if (segment is PathPattern.AnyDepth)
        {
            Walk(directory, isLast ? ["*"] : later, found);
            foreach (var child in Names(directory).Where(name => PathPattern.Fits("*", name)).Select(name => Path.Combine(directory, name)))
            {
                if (KindOf(child) is FileKind.Directory && !IsOurs(child))
                {
                    Walk(child, rest, found);
                }
            }

            return;
        }

        var names = PathPattern.IsName(segment) ? [segment] : Names(directory).Where(name => PathPattern.Fits(segment, name));
        foreach (var child in names.Select(name => Path.Combine(directory, name)))
        {
            var kind = KindOf(child);
            if (!IsOurs(child) && (kind is FileKind.Directory || isLast && kind is not FileKind.Missing))
            {
                Walk(child, later, found);
            }
        }
    }

    private FileKind KindOf(string path) => NativeFile.KindOf(Path.Combine(village.Root, path));

    private IReadOnlyList<string> Names(string directory) =>
        [.. Directory.EnumerateFileSystemEntries(Path.Combine(village.Root, directory)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    // git's, Village's own, and the other workspaces, wherever they are.
    private bool IsOurs(string path) => path is ".git" or ".jj"
        || Path.Combine(village.Root, path) is var full && (full == village.StateDirectory || full == Path.GetFullPath(village.WorktreesDirectory));
}
