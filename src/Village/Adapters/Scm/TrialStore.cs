using System.Security.Cryptography;
using System.Text;
using Village.Conflicts;
using Village.Platform;

namespace Village.Adapters.Scm;

/// <summary>
/// Where trial commits and what was learned from them are kept: in the user's cache, never in the repository. It may be deleted
/// at any time. While another process has it, or where it cannot be written, there is a private one for this call.
/// </summary>
internal sealed class TrialStore : IDisposable
{
    private const long MostBytes = 200_000_000;
    private const int MostObjects = 20_000;
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly NativeFile? owned;
    private string kept = "";

    private TrialStore(string location, NativeFile? owned) => (Location, this.owned) = (location, owned);

    /// <summary>The directory.</summary>
    public string Location { get; }

    /// <summary>Where git puts new objects.</summary>
    public string Objects => Path.Combine(Location, "objects");

    /// <summary>What is known of commits.</summary>
    public TrialMemory Memory { get; private set; } = new();

    /// <summary>Whether it is there for the next call too.</summary>
    public bool Lasts => owned is not null;

    /// <summary>The store of a repository, which finds all objects that the repository has.</summary>
    public static TrialStore Open(TrialGround ground)
    {
        var store = ground.CacheHome is { } home ? TryOwn(Path.Combine(home, "village", NameOf(ground.Root))) : null;
        store ??= new(Directory.CreateTempSubdirectory("village-").FullName, null);
        try
        {
            var alternates = Path.Combine(store.Objects, "info", "alternates");
            Directory.CreateDirectory(Path.GetDirectoryName(alternates)!, Mine);
            File.WriteAllText(alternates, Path.Combine(ground.GitDirectory, "objects") + "\n");
            store.kept = File.Exists(store.MemoryPath) ? File.ReadAllText(store.MemoryPath) : "";
            store.Memory = TrialMemory.Parse(store.kept);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The directory for one task's index and seal.</summary>
    public string PlaceOf(string task) => Directory.CreateDirectory(Path.Combine(Location, "work", task), Mine).FullName;

    /// <summary>
    /// A second that every later change comes after: the time of the file system, which a clock that was set differently does
    /// not move.
    /// </summary>
    /// <param name="task">The task that asks; each has a file of its own.</param>
    public uint Second(string task)
    {
        var path = Path.Combine(PlaceOf(task), "second");
        File.WriteAllText(path, task);
        return FileTree.StampOf(path).ChangedAt;
    }

    /// <summary>Keeps what was learned only as long as this text, which tells all that the answers depend on, stays the same.</summary>
    public void StandOn(string ground)
    {
        var path = Path.Combine(Location, "ground");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ground)));
        if (!File.Exists(path) || File.ReadAllText(path) != hash)
        {
            Forget();
            File.WriteAllText(path, hash);
        }
    }

    /// <summary>The seal of a task's workspace, or null.</summary>
    public WorkspaceSeal? SealOf(string task) =>
        Path.Combine(PlaceOf(task), "seal") is var path && File.Exists(path) ? WorkspaceSeal.TryParse(File.ReadAllText(path, Encoding.Latin1)) : null;

    /// <summary>Keeps the seal of a task's workspace; null takes it away.</summary>
    public void Seal(string task, WorkspaceSeal? seal)
    {
        var path = Path.Combine(PlaceOf(task), "seal");
        if (seal is null)
        {
            File.Delete(path);
        }
        else
        {
            Replace(path, seal.Format(), Encoding.Latin1);
        }
    }

    /// <summary>Keeps what is known of these commits; starts anew when too much has gathered.</summary>
    /// <param name="commits">The commits.</param>
    /// <param name="hasGrown">Whether there may be more objects than before.</param>
    public void Keep(IReadOnlySet<string> commits, bool hasGrown)
    {
        var text = Memory.About(commits).Format();
        if (text != kept)
        {
            Replace(MemoryPath, text, Utf8);
        }

        if (!hasGrown)
        {
            return;
        }

        long bytes = 0;
        var count = 0;
        foreach (var file in new DirectoryInfo(Objects).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            bytes += file.Length;
            count++;
        }

        if (bytes > MostBytes || count > MostObjects)
        {
            Clear();
        }
    }

    /// <summary>Deletes everything: first what relies on the objects, then the objects.</summary>
    public void Clear()
    {
        Forget();
        if (Directory.Exists(Objects))
        {
            Directory.Delete(Objects, recursive: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Lasts && Directory.Exists(Location))
        {
            Directory.Delete(Location, recursive: true);
        }

        owned?.Dispose();
    }

    private string MemoryPath => Path.Combine(Location, "answers");

    private static TrialStore? TryOwn(string location)
    {
        NativeFile? file = null;
        try
        {
            Directory.CreateDirectory(location, Mine);
            file = NativeFile.Open(Path.Combine(location, "lock"), Libc.ReadWrite | Libc.Create);
            if (file.TryOwn())
            {
                return new(location, file);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be had costs time, never an answer.
        }

        file?.Dispose();
        return null;
    }

    private void Forget()
    {
        (Memory, kept) = (new(), "");
        File.Delete(MemoryPath);
        if (Path.Combine(Location, "work") is var work && Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void Replace(string path, string text, Encoding encoding)
    {
        File.WriteAllText(path + ".new", text, encoding);
        File.Move(path + ".new", path, overwrite: true);
    }

    private static string NameOf(string root) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..16];
}
