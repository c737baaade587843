using System.Text;
using Village.Conflicts;
using Village.Platform;

namespace Village.Adapters.Scm;

/// <summary>Makes seals, and tells from one whether a workspace has changed since: a call of the kernel a file, and no process.</summary>
internal static class Sealing
{
    // A tree that is wider than this is looked at by git each time.
    private const int Most = 50_000;

    private static ReadOnlySpan<byte> IgnoreFile => ".gitignore"u8;

    /// <summary>Whether nothing has changed in a workspace since its seal was made. The index is that of the trial commit.</summary>
    public static bool Holds(WorkspaceSeal seal, WorkTree tree, string index)
    {
        using var files = FileTree.TryOpen(tree.Path);
        if (files is null || seal.Parents != Parents(tree) || seal.Index != IndexOf(tree) || seal.Settings != SettingsOf(tree))
        {
            return false;
        }

        foreach (var (path, stamp) in seal.Watched)
        {
            if (files.StampOf(Bytes(path)) != stamp)
            {
                return false;
            }
        }

        var bytes = NativeFile.TryReadAll(index);
        var entries = new IndexReader(bytes, IdLength(tree));
        while (entries.Next())
        {
            if (files.StampOf(entries.Path) != (entries.IsLeftOut ? default : entries.Stamp))
            {
                return false;
            }
        }

        return entries.HasReadAll();
    }

    /// <summary>
    /// The seal of a workspace whose trial commit was made after that second; null when a later change could go unnoticed.
    /// </summary>
    /// <param name="tree">The workspace.</param>
    /// <param name="index">The index of the trial commit.</param>
    /// <param name="commit">The trial commit.</param>
    /// <param name="second">When its making began.</param>
    /// <param name="ignored">Tells which of some directories git passes over whatever is in them.</param>
    public static async Task<WorkspaceSeal?> MakeAsync(
        WorkTree tree, string index, string commit, uint second, Func<IReadOnlyList<string>, Task<IReadOnlySet<string>>> ignored)
    {
        var (own, settings) = (IndexOf(tree), SettingsOf(tree));
        using var files = FileTree.TryOpen(tree.Path);
        if (files is null || !own.IsSettledAt(second) || !settings.IsSettledAt(second)
            || NativeFile.TryReadAll(index) is not { } bytes || DirectoriesOf(bytes, IdLength(tree), second) is not { } directories)
        {
            return null;
        }

        var watch = new Watch(files, second);
        List<string> strange = [];
        foreach (var directory in directories)
        {
            if (watch.Add(directory) is not { } inside)
            {
                return null;
            }

            strange.AddRange(inside.Where(path => !directories.Contains(path) && path is not (".git" or ".jj")));
        }

        // Empty ones, and those that hold only ignored files: a file may appear in them unless they are ignored as a whole.
        var passed = strange is [] ? new HashSet<string>() : await ignored(strange);
        var open = new Stack<string>(strange.Where(path => !passed.Contains(path)));
        while (open.TryPop(out var directory))
        {
            if (watch.Add(directory) is not { } inside)
            {
                return null;
            }

            inside.ForEach(open.Push);
        }

        return new(commit, Parents(tree), own, settings, watch.Found);
    }

    /// <summary>The commits a trial commit of a workspace comes from.</summary>
    public static string Parents(WorkTree tree) => string.Join(' ', tree.Head is null ? [] : tree.Merging.Prepend(tree.Head));

    private static FileStamp IndexOf(WorkTree tree) => tree.Index is null ? default : FileTree.StampOf(tree.Index);

    private static FileStamp SettingsOf(WorkTree tree) => FileTree.StampOf(Path.Combine(tree.GitDirectory, "config.worktree"));

    private static int IdLength(WorkTree tree) => (tree.Head?.Length ?? 40) / 2;

    // All directories with a file in them, the top too; null when the index cannot tell a later change of a file.
    private static HashSet<string>? DirectoriesOf(ReadOnlySpan<byte> bytes, int idLength, uint second)
    {
        HashSet<string> found = [""];
        ReadOnlySpan<byte> last = default;
        var entries = new IndexReader(bytes, idLength);
        while (entries.Next())
        {
            if (entries.IsLeftOut)
            {
                continue;
            }

            if (!entries.IsFile || !entries.Stamp.IsSettledAt(second))
            {
                return null;
            }

            var directory = entries.Path[..int.Max(0, entries.Path.LastIndexOf((byte)'/'))];
            if (!directory.SequenceEqual(last))
            {
                last = directory;
                for (var path = Encoding.Latin1.GetString(directory); path.Length > 0 && found.Add(path); path = path[..int.Max(0, path.LastIndexOf('/'))])
                {
                }
            }
        }

        return entries.HasReadAll() ? found : null;
    }

    private static byte[] Bytes(string path) => Encoding.Latin1.GetBytes((path.Length is 0 ? "." : path) + '\0');

    private sealed class Watch(FileTree files, uint second)
    {
        public List<Watched> Found { get; } = [];

        // Watches a directory and its ignore file; the directories in it, or null when a later change could go unnoticed.
        public List<string>? Add(string directory)
        {
            var below = directory.Length is 0 ? "" : directory + "/";
            return Found.Count < Most && TryWatch(directory) && files.List(directory, IgnoreFile) is var (inside, hasIgnoreFile)
                && (!hasIgnoreFile || TryWatch(below + Encoding.Latin1.GetString(IgnoreFile)))
                ? [.. inside.Select(name => below + name)]
                : null;
        }

        private bool TryWatch(string path)
        {
            var stamp = files.StampOf(Bytes(path));
            Found.Add(new(path, stamp));
            return stamp != default && stamp.IsSettledAt(second);
        }
    }
}
