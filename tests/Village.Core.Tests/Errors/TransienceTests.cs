using Village.Errors;

namespace Village.Core.Tests.Errors;

public sealed class TransienceTests
{
    // What git 2.39 and 2.5x print, with LC_ALL=C.
    [Theory]
    [InlineData("fatal: Unable to create '/r/.git/index.lock': File exists.\n\nAnother git process seems to be running in this repository, e.g.\n", "/r/.git/index.lock")]
    [InlineData("fatal: update_ref failed for ref 'refs/heads/a': cannot lock ref 'refs/heads/a': Unable to create '/r/.git/refs/heads/a.lock': File exists.\n", "/r/.git/refs/heads/a.lock")]
    [InlineData("fatal: cannot lock ref 'HEAD': Unable to create '/r/it's here/.git/HEAD.lock': File exists.", "/r/it's here/.git/HEAD.lock")]
    [InlineData("error: Unable to create '/r/.git/packed-refs.lock': File exists.", "/r/.git/packed-refs.lock")]
    [InlineData("error: could not lock config file .git/config: File exists", ".git/config.lock")]
    [InlineData("warning: one\nfatal: failed to read .git/worktrees/bd-1/commondir: Success", null)]
    [InlineData("fatal: could not open '.git/worktrees/bd-1/locked' for writing: No such file or directory", null)]
    public void A_lock_of_somebody_elses_git_passes(string words, string? file)
    {
        var trouble = Transience.OfGit(words);

        Assert.NotNull(trouble);
        Assert.Equal(file, trouble.LockFile);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fatal: Unable to create '/r/.git/index.lock': Permission denied")]
    [InlineData("fatal: Unable to create '/r/.git/index.lock': No space left on device")]
    [InlineData("fatal: Unable to create '/r/.git/index.lock': Read-only file system")]
    [InlineData("error: could not lock config file /root/.gitconfig: Permission denied")]
    [InlineData("fatal: update_ref failed for ref 'refs/heads/a': cannot lock ref 'refs/heads/a': reference already exists")]
    [InlineData("fatal: cannot lock ref 'refs/heads/a': is at 1286d71d481f but expected 111111111111")]
    [InlineData("fatal: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create 'refs/heads/a/b'")]
    [InlineData("fatal: 'village/bd-1' is already checked out at '/r/.worktrees/bd-1'")]
    [InlineData("fatal: not a git repository (or any of the parent directories): .git")]
    public void What_waiting_does_not_mend_is_no_trouble(string words) => Assert.Null(Transience.OfGit(words));

    [Theory]
    [InlineData("server exited unexpectedly\n", true)]
    [InlineData("lost server", true)]
    [InlineData("no server running on /tmp/tmux-0/default", false)]
    [InlineData("error connecting to /tmp/tmux-0/default (No such file or directory)", false)]
    [InlineData("can't find session: village", false)]
    [InlineData("can't find window: lost server", false)]
    public void A_tmux_server_that_ended_meanwhile_is_asked_again_and_none_is_an_answer(string words, bool passes) =>
        Assert.Equal(passes, Transience.OfTmux(words) is not null);

    [Theory]
    [InlineData("fatal: unable to access 'https://example.com/x.git/': Could not resolve host: example.com", true)]
    [InlineData("ssh: connect to host example.com port 22: Connection timed out", true)]
    [InlineData("error connecting: dial tcp 192.0.2.1:443: i/o timeout", true)]
    [InlineData("fatal: the remote end hung up unexpectedly", true)]
    [InlineData("HTTP 502: 502 Bad Gateway (https://api.example.com/)", true)]
    [InlineData("Error: database is locked (5) (SQLITE_BUSY)", true)]
    [InlineData("HTTP 404: Not Found", false)]
    [InlineData("fatal: Authentication failed for 'https://example.com/x.git/'", false)]
    public void The_network_and_a_busy_database_pass_and_refusals_stay(string words, bool passes) =>
        Assert.Equal(passes, Transience.OfNetwork(words) is not null);

    [Fact]
    public void The_pause_doubles_to_half_a_second_and_is_never_the_same_for_two()
    {
        Assert.Equal([10, 20, 40, 80, 160, 320, 500, 500], Enumerable.Range(1, 8).Select(n => Transience.Pause(n, 0).TotalMilliseconds));
        Assert.Equal([5, 250], new[] { 1, 1_000_000 }.Select(n => Transience.Pause(n, 1).TotalMilliseconds));
    }

    [Fact]
    public void The_hint_for_a_lock_can_be_pasted_into_a_shell() => Assert.Equal(
        @"if no git runs any more, a dead one left it: rm '/it'\''s/index.lock'",
        Transience.Hint("/it's/index.lock"));
}
