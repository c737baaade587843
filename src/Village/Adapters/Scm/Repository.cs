using Village.Platform;

namespace Village.Adapters.Scm;

/// <summary>A repository as Village sees it.</summary>
/// <param name="Root">The main checkout, also when asked from inside a workspace.</param>
/// <param name="CommonDirectory">Where refs, objects and worktree registrations are; for jj its git store.</param>
internal sealed record Repository(string Root, string CommonDirectory)
{
    /// <summary>Whether the main checkout is git's, perhaps jj's too.</summary>
    public bool HasGitCheckout { get; init; } = true;

    /// <summary>Whether the main checkout is jj's, perhaps git's too.</summary>
    public bool HasJujutsu => Directory.Exists(Path.Combine(Root, ".jj", "repo"));

    /// <summary>
    /// The repository of jj's around a directory: null when there is none, or when one of git's alone is nearer. No process.
    /// </summary>
    public static Repository? OfJujutsu(string directory)
    {
        for (var path = directory; path is not null; path = Path.GetDirectoryName(path))
        {
            var repo = Path.Combine(path, ".jj", "repo");
            if (Path.Exists(repo))
            {
                return OfStore(repo);
            }

            if (Path.Exists(Path.Combine(path, ".git")))
            {
                return null;
            }
        }

        return null;
    }

    // .jj/repo is a directory in the main workspace; in another it is a file that names the main one's: "../../../.jj/repo". In it
    // store/git_target names the git directory: "../../../.git", or "git" when jj keeps one of its own.
    private static Repository? OfStore(string repo)
    {
        var main = Directory.Exists(repo) ? repo
            : NativeFile.TryReadAll(repo) is { } pointer ? Path.GetFullPath(Text(pointer), Path.GetDirectoryName(repo)!)
            : null;
        if (main is null || NativeFile.TryReadAll(Path.Combine(main, "store", "git_target")) is not { } target)
        {
            return null;
        }

        var root = Path.GetDirectoryName(Path.GetDirectoryName(main))!;
        var store = Path.GetFullPath(Text(target), Path.Combine(main, "store"));
        return new(root, store) { HasGitCheckout = Path.Exists(Path.Combine(root, ".git")) };
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes).TrimEnd('\n');
}

/// <summary>A checkout that the repository knows.</summary>
/// <param name="Path">Its directory.</param>
/// <param name="Head">The commit it stands on, or null before the first commit.</param>
/// <param name="Branch">The branch without <c>refs/heads/</c>, or null when detached; with jj the branch of the task it is named after.</param>
internal sealed record Checkout(string Path, string? Head, string? Branch);

/// <summary>Something in the trash.</summary>
/// <param name="Name">The ref.</param>
/// <param name="Commit">The commit.</param>
/// <param name="At">When it was saved.</param>
/// <param name="Files">How many files differ from where the workspace stood.</param>
/// <param name="Bytes">What these hold.</param>
internal sealed record TrashRef(string Name, string Commit, DateTimeOffset At, int Files, long Bytes);
