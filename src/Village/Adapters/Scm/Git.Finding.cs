using Village.Errors;

namespace Village.Adapters.Scm;

/// <summary>Where a repository is: with a main checkout, bare, or as a submodule of another.</summary>
internal sealed partial class Git
{
    /// <summary>The repository whose root is asked about in place of the repository as a whole; null while none is known.</summary>
    public Repository? Repository { get; init; }

    /// <summary>The repository around a directory, or null when there is none. One process where the main checkout has its own <c>.git</c>.</summary>
    public async Task<Repository?> FindAsync(string directory, CancellationToken ct)
    {
        // "/repo/.git\n/repo/.git\nfalse\n/repo\n": its own and the common directory, whether it is bare, and the checkout, without
        // which git complains after it has said the rest.
        var result = await FromAnywhereAsync(
            directory, ct, "rev-parse", "--path-format=absolute", "--git-dir", "--git-common-dir", "--is-bare-repository", "--show-toplevel");
        if (!result.Succeeded && result.Stderr.Contains("dubious ownership", StringComparison.Ordinal))
        {
            throw new VillageException(
                ErrorKind.NotReady,
                $"git does not trust the repository at '{Printable.Line(directory)}': another user owns it",
                $"git config --global --add safe.directory '{Printable.Line(directory)}'");
        }

        var lines = result.Stdout.TrimEnd('\n').Split('\n');
        if (!result.Succeeded)
        {
            return !IsWithoutCheckout(result.Stderr) ? null
                : lines is [_, var bare, "true"] ? new(HomeOfBare(bare), bare)
                : throw new VillageException(ErrorKind.NotReady, "this is the inside of .git", "run village in a checkout of it");
        }

        return lines is [var own, var common, _, var top]
            ? own == common && Path.GetFileName(common) is ".git" ? new(top, common) : new(await RootOfAsync(common, own == common ? top : null, ct), common)
            : throw new VillageException(ErrorKind.Permanent, "the repository's path holds a line break, which git cannot report");
    }

    /// <summary>
    /// What a bare repository's village is kept in: a hidden one is the inside of the directory that it lies in, as
    /// <c>proj/.bare</c> is; any other is that directory itself.
    /// </summary>
    internal static string HomeOfBare(string repository) =>
        Path.GetFileName(repository).StartsWith('.') ? Path.GetDirectoryName(repository)! : repository;

    private static bool IsWithoutCheckout(string stderr) => stderr.Contains("must be run in a work tree", StringComparison.Ordinal);

    // A worktree knows only the common directory; that of a submodule says itself where its checkout is.
    private async Task<string> RootOfAsync(string common, string? asked, CancellationToken ct)
    {
        if (Path.GetFileName(common) is ".git")
        {
            return Path.GetDirectoryName(common)!;
        }

        var result = await FromAnywhereAsync(common, ct, "rev-parse", "--path-format=absolute", "--is-bare-repository", "--show-toplevel");
        return result.Stdout.TrimEnd('\n').Split('\n') switch
        {
            ["true"] when IsWithoutCheckout(result.Stderr) => HomeOfBare(common),
            ["false", var top] when result.Succeeded && (asked is null || asked == top) => top,
            _ => throw new VillageException(
                ErrorKind.NotReady,
                $"the repository in '{Printable.Line(common)}' does not say where its main checkout is",
                asked is null ? "in the main checkout: git config core.worktree \"$PWD\"" : $"git config core.worktree '{Printable.Line(asked)}'"),
        };
    }

    // A repository without a main checkout answers for itself in its own directory.
    private string PlaceOf(string directory) =>
        directory == Repository?.Root && !Path.Exists(Path.Combine(directory, ".git")) ? Repository.CommonDirectory : directory;
}
