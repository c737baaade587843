using System.Diagnostics;
using System.Globalization;

namespace Village.Tests.Testing;

/// <summary>
/// A directory of a village on a small file system of its own, to be filled, emptied of inodes or made read-only. It is mounted in
/// a namespace that only the village's program and its tmux server see, so it vanishes with them, however the test ends.
/// </summary>
internal sealed class BadDisk : IDisposable
{
    // Moves what is there onto the disk; then lives as long as its stdin, that is: as the test.
    private const string Holder = """
        set -e
        copy=$(mktemp -d "$3/copy.XXXXXX")
        cp -a "$1/." "$copy"
        mount -t tmpfs -o "mode=0700,$2" disk "$1"
        cp -a "$copy/." "$1"
        rm -r "$copy"
        echo mounted
        exec cat
        """;

    private static readonly string[] Unshare =
        Environment.IsPrivilegedProcess ? ["unshare", "--mount"] : ["unshare", "--mount", "--map-root-user"];

    private readonly TestVillage village;
    private readonly string path;
    private readonly Process holder;

    private BadDisk(TestVillage village, string path, Process holder) => (this.village, this.path, this.holder) = (village, path, holder);

    private string Filler => Path.Combine(village.View + path, "filler");

    private string View => string.Create(CultureInfo.InvariantCulture, $"/proc/{holder.Id}/root");

    /// <summary>Puts a directory of a village, which is not up yet, on a disk of its own.</summary>
    public static BadDisk Mount(TestVillage village, string path, string options = "size=1m")
    {
        var start = new ProcessStartInfo(Unshare[0], [.. Unshare[1..], "sh", "-c", Holder, "sh", path, options, village.Sandbox])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var disk = new BadDisk(village, path, Process.Start(start)!);
        if (disk.holder.StandardOutput.ReadLine() is not "mounted")
        {
            throw new InvalidOperationException($"this proof mounts a file system, as root or where `unshare --map-root-user` may: {disk.holder.StandardError.ReadToEnd()}");
        }

        village.View = disk.View;
        village.Through = directory => [.. disk.Enter, "sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", directory];
        return disk;
    }

    /// <summary>Uses up every byte, but for so many that are free in the last page of a file.</summary>
    public void Fill()
    {
        var zeros = new byte[4096];
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                filler.Write(zeros);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Uses up every inode: not one file more.</summary>
    public void UseUpInodes()
    {
        Directory.CreateDirectory(Filler);
        try
        {
            for (var n = 0; ; n++)
            {
                File.Create(Path.Combine(Filler, n.ToString(CultureInfo.InvariantCulture))).Dispose();
            }
        }
        catch (IOException)
        {
            // Not one more.
        }
    }

    /// <summary>Nothing on it may be written.</summary>
    public void MakeReadOnly() => Remount("ro");

    /// <summary>As good as new.</summary>
    public void Mend()
    {
        Remount("rw");
        if (Directory.Exists(Filler))
        {
            Directory.Delete(Filler, recursive: true);
        }
        else
        {
            File.Delete(Filler);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (village.View, village.Through) = ("", _ => []);
        holder.StandardInput.Close();
        holder.WaitForExit();
        holder.Dispose();
    }

    private IReadOnlyList<string> Enter =>
    [
        "nsenter", "--mount", "--target", holder.Id.ToString(CultureInfo.InvariantCulture),
        .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["--user", "--preserve-credentials"],
        "--",
    ];

    private void Remount(string how) => village.Tool(Enter[0], [.. Enter.Skip(1), "mount", "-o", $"remount,{how}", path]);
}
