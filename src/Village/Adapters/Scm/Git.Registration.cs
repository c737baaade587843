using Village.Configuration;
using Village.Errors;
using Village.Platform;

namespace Village.Adapters.Scm;

/// <summary>How a workspace hangs on its repository. An agent may cut it: git would then look further up, and find the user's checkout.</summary>
internal sealed partial class Git
{
    /// <summary>The lock on a workspace's index; null when the directory is no worktree. No process.</summary>
    public static string? IndexLockOf(string workspace) =>
        RegistrationOf(workspace) is { } registration ? Path.Combine(registration, "index.lock") : null;

    /// <summary>
    /// Where the repository keeps what it knows of a worktree, which names that worktree in turn; null when the directory is no
    /// worktree, or one whose <c>.git</c> is gone, broken, or leads elsewhere. No process.
    /// </summary>
    private static string? RegistrationOf(string workspace)
    {
        try
        {
            // "gitdir: /repo/.git/worktrees/bd-a3f8\n", or relative to the workspace.
            var pointer = ReadLine(Path.Combine(workspace, ".git"));
            if (pointer is null || !pointer.StartsWith("gitdir: ", StringComparison.Ordinal))
            {
                return null;
            }

            // The way back: "/repo/.worktrees/bd-a3f8/.git\n", or relative to the registration. The main checkout has none. Only
            // the last name is compared: the way there may go through a symbolic link.
            var registration = Path.GetFullPath(pointer["gitdir: ".Length..], workspace);
            return ReadLine(Path.Combine(registration, "gitdir")) is { } back
                && Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(back, registration))) == Path.GetFileName(workspace) ? registration : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string? ReadLine(string path) =>
        NativeFile.TryReadAll(path) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes).TrimEnd('\n') : null;

    // Before anything in it is saved or taken back: whatever else stands there now, it is not what was given to the task.
    private static void RequireWorktree(string workspace)
    {
        if (RegistrationOf(workspace) is null)
        {
            throw new VillageException(
                ErrorKind.Permanent, $"'{Printable.Line(Path.Combine(workspace, ".git"))}' does not lead to the repository any more", "git worktree repair");
        }
    }

    // Its files, then the directories that name them.
    private void SyncRegistration(string workspace)
    {
        if (durability is Durability.Relaxed || RegistrationOf(workspace) is not { } registration)
        {
            return;
        }

        var pointer = Path.Combine(workspace, ".git");
        string[] written = [pointer, Path.Combine(registration, "commondir"), Path.Combine(registration, "gitdir"), Path.Combine(registration, "HEAD")];
        string[] directories = [registration, Path.GetDirectoryName(registration)!, workspace, Path.GetDirectoryName(workspace)!];
        foreach (var path in written.Concat(directories))
        {
            using var file = NativeFile.Open(path, Libc.ReadOnly);
            file.Sync();
        }
    }
}
