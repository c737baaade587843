using System.Text.RegularExpressions;

namespace Village.Errors;

/// <summary>A failure of a tool that passes by itself, in words.</summary>
/// <param name="Sentence">What stands in the way; goes on after "the tool failed: ".</param>
/// <param name="LockFile">The lock that somebody else holds, as the tool named it, or null.</param>
public sealed record Trouble(string Sentence, string? LockFile = null);

/// <summary>
/// Tells the failures of tools that pass by themselves from those that stay, by the tools' own words. Only words that mean that
/// nothing was done: what a lock already refused may simply be tried again.
/// </summary>
public static partial class Transience
{
    /// <summary>git: somebody else's git holds a lock, or is just making a worktree.</summary>
    /// <remarks>
    /// <code>
    /// fatal: Unable to create '/repo/.git/index.lock': File exists.
    /// fatal: cannot lock ref 'HEAD': Unable to create '/repo/.git/HEAD.lock': File exists.
    /// error: could not lock config file .git/config: File exists
    /// fatal: failed to read .git/worktrees/bd-a3f/commondir: Success
    /// </code>
    /// These stay, and are none of ours:
    /// <code>
    /// fatal: Unable to create '/repo/.git/index.lock': Permission denied
    /// fatal: cannot lock ref 'refs/heads/x': reference already exists
    /// fatal: cannot lock ref 'refs/heads/x': is at 1286d71 but expected 1111111
    /// fatal: cannot lock ref 'refs/heads/x/y': 'refs/heads/x' exists; cannot create 'refs/heads/x/y'
    /// </code>
    /// </remarks>
    public static Trouble? OfGit(string stderr)
    {
        if (GitLock().Match(stderr) is { Success: true } held)
        {
            return Held(held.Groups["file"].Value);
        }

        return GitConfigLock().Match(stderr) is { Success: true } config ? Held(config.Groups["file"].Value + ".lock")
            : HalfMadeWorktree().IsMatch(stderr) ? new("another git is making or removing a worktree")
            : null;
    }

    /// <summary>tmux: the server ended while it was asked. That no server runs is an answer, and no trouble.</summary>
    /// <remarks><code>
    /// server exited unexpectedly
    /// lost server
    /// </code></remarks>
    public static Trouble? OfTmux(string stderr) =>
        LostServer().IsMatch(stderr) ? new("the tmux server ended while it was asked") : null;

    /// <summary>Tools that talk to a server, and keep a database that others use.</summary>
    /// <remarks><code>
    /// fatal: unable to access 'https://example.com/x.git/': Could not resolve host: example.com
    /// dial tcp 192.0.2.1:443: connect: connection timed out
    /// fatal: the remote end hung up unexpectedly
    /// Error: database is locked (5) (SQLITE_BUSY)
    /// </code></remarks>
    public static Trouble? OfNetwork(string stderr) =>
        Network().Match(stderr) is { Success: true } words ? new($"the other side cannot be reached ({words.Value.ToLowerInvariant()})")
        : BusyDatabase().IsMatch(stderr) ? new("another process is writing to its database")
        : null;

    /// <summary>What to type when it does not pass; <paramref name="lockFile"/> is the full path of the lock, or null.</summary>
    public static string Hint(string? lockFile) => lockFile is null
        ? "try again in a moment"
        : $"if no git runs any more, a dead one left it: rm '{lockFile.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>How long to wait before the next try: from 10 ms doubled up to 500 ms, less a random part so that two do not keep meeting.</summary>
    /// <param name="failures">How often it has failed, from 1.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan Pause(int failures, double random) =>
        TimeSpan.FromMilliseconds(Math.Min(500, 10 << Math.Min(failures - 1, 10)) * (1 - (random / 2)));

    private static Trouble Held(string file) => new($"somebody else holds '{Printable.Line(file)}'", file);

    [GeneratedRegex(@"Unable to create '(?<file>[^\n]+\.lock)': File exists", RegexOptions.CultureInvariant)]
    private static partial Regex GitLock();

    [GeneratedRegex(@"could not lock config file (?<file>[^\n]+): File exists", RegexOptions.CultureInvariant)]
    private static partial Regex GitConfigLock();

    [GeneratedRegex(@"failed to read [^\n]*/worktrees/[^\n]+/commondir: Success|could not open '[^\n]*/worktrees/[^\n]+/locked' for writing", RegexOptions.CultureInvariant)]
    private static partial Regex HalfMadeWorktree();

    [GeneratedRegex("^(server exited unexpectedly|lost server)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex LostServer();

    [GeneratedRegex(
        "could not resolve host|temporary failure in name resolution|no such host|connection (timed out|refused|reset)|i/o timeout|tls handshake timeout|remote end hung up|early eof|50[234] (bad gateway|service unavailable|gateway timeout)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Network();

    [GeneratedRegex("database is locked|SQLITE_BUSY", RegexOptions.CultureInvariant)]
    private static partial Regex BusyDatabase();
}
