using Village.Configuration;
using Village.Platform;

namespace Village.Adapters.Scm;

/// <summary>
/// What git leaves to luck when the power is cut. It syncs neither loose objects nor refs unless it is told to, and never the
/// registration of a worktree; files made in the last half minute then come back empty, or full of zeros.
/// </summary>
internal sealed partial class Git
{
    /// <summary>
    /// What git is told, and an agent's git too. The index as well: it would vouch for files that are empty. Unknown, and
    /// without effect, before git 2.36.
    /// </summary>
    public static readonly IReadOnlyList<(string Key, string Value)> Durable = [("core.fsync", "added,reference"), ("core.fsyncMethod", "batch")];

    private static readonly string[] DurableOptions = [.. Durable.SelectMany(setting => (string[])["-c", $"{setting.Key}={setting.Value}"])];

    /// <summary>
    /// Writes anew what a power cut has emptied in the registrations of workspaces, under the guard of refs and worktrees. One
    /// empty <c>commondir</c> is enough to make <c>git branch</c>, <c>git fsck</c> and <c>git worktree</c> fail in every checkout.
    /// </summary>
    public static void MendTorn(Repository repository, string worktrees, string branchPrefix)
    {
        var registrations = Path.Combine(repository.CommonDirectory, "worktrees");
        if (!Directory.Exists(registrations))
        {
            return;
        }

        foreach (var registration in Directory.EnumerateDirectories(registrations))
        {
            var name = Path.GetFileName(registration);
            var workspace = Path.Combine(worktrees, name);
            var torn = Mend(Path.Combine(registration, "commondir"), "../..");
            if (Directory.Exists(workspace))
            {
                torn |= Mend(Path.Combine(registration, "gitdir"), Path.Combine(workspace, ".git"));
                torn |= Mend(Path.Combine(registration, "HEAD"), $"ref: refs/heads/{branchPrefix}{name}");
                torn |= Mend(Path.Combine(workspace, ".git"), $"gitdir: {registration}");
                var index = Path.Combine(registration, "index");
                if (torn && IsTorn(index))
                {
                    // Without an index a workspace counts as never filled.
                    File.Delete(index);
                }

                if (torn)
                {
                    // git's own mark of a worktree that it is about to make.
                    File.Delete(Path.Combine(registration, "locked"));
                }
            }
        }
    }

    /// <summary>Makes what a workspace, its branch and its commits hold last, whatever program has written it.</summary>
    public void Sync(string workspace)
    {
        if (durability is Durability.Full)
        {
            if (RegistrationOf(workspace) is { } registration)
            {
                NativeFile.SyncFileSystem(registration);
            }

            NativeFile.SyncFileSystem(workspace);
        }
    }

    private static bool Mend(string path, string text)
    {
        if (!IsTorn(path))
        {
            return false;
        }

        File.WriteAllText(path, text + "\n");
        using var file = NativeFile.Open(path, Libc.ReadOnly);
        file.Sync();
        return true;
    }

    // Absent, empty, or nothing but zeros where bytes had been promised. A directory or a pipe is the work of somebody.
    private static bool IsTorn(string path)
    {
        try
        {
            using var file = NativeFile.TryOpenRegular(path, Libc.ReadOnly);
            Span<byte> start = stackalloc byte[64];
            return file is null || !start[..file.ReadAt(start, 0)].ContainsAnyExcept((byte)0);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
