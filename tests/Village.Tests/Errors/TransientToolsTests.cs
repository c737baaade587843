using System.Diagnostics;
using Village.Tests.Testing;

namespace Village.Tests.Errors;

/// <summary>Somebody else's git, or an installer, is at it at this moment: Village waits for that, and names it when it does not end.</summary>
public sealed class TransientToolsTests
{
    private static readonly TimeSpan AMoment = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_ref_that_another_git_locks_for_a_moment_does_not_stop_a_start()
    {
        await using var village = await TestVillage.UpAsync("echo x > x.txt");
        var task = await village.AddAsync("One");
        var held = Lock(village, $".git/refs/heads/village/{task}.lock");

        using var start = village.Start(village.Root, "queue", "1", "-v");
        var refusals = 0;
        while (refusals < 2 && await start.StandardError.ReadLineAsync() is { } line)
        {
            refusals += line.Contains("git update-ref", StringComparison.Ordinal) && line.EndsWith("exit 128)", StringComparison.Ordinal) ? 1 : 0;
        }

        File.Delete(held);
        await start.StandardError.ReadToEndAsync();
        await start.WaitForExitAsync();

        Assert.Equal((2, 0), (refusals, start.ExitCode));
        Assert.Equal("claimed in_progress completed", (await village.StateBecomesAsync(task, "completed")).Path);
    }

    [Fact]
    public async Task A_lock_that_stays_is_named_with_what_to_type_and_nothing_is_lost()
    {
        await using var village = await TestVillage.UpAsync("echo x > x.txt");
        var task = await village.AddAsync("One");
        var held = Lock(village, $".git/refs/heads/village/{task}.lock");

        var (resume, queue) = (village.RunAsync("resume", task, "--json"), village.RunAsync("queue", "1", "--json"));
        var (resumed, queued) = ((await resume).Json(), (await queue).Json());

        // Of the two, one had the claim and met the lock; the other was told so at once.
        var said = resumed.TryGetProperty("error", out var error) && Asking.Text(error, "kind") is "transient"
            ? $"{Asking.Text(error, "message")}; {Asking.Text(error, "hint")}"
            : Asking.Text(queued.GetProperty("results").EnumerateArray().Single(), "error");
        Assert.Equal(
            $"`git update-ref refs/heads/village/{task} {village.Git("rev-parse", "HEAD")}` could not go on for 10 s: somebody else holds " +
            $"'$SANDBOX/repo/.git/refs/heads/village/{task}.lock'; if no git runs any more, a dead one left it: rm '$SANDBOX/repo/.git/refs/heads/village/{task}.lock'",
            said);
        Assert.Equal("claimed queued", (await village.StateAsync(task)).Path);
        Assert.False(Directory.Exists(village.Workspace(task)));
        File.Delete(held);
        (await village.RunAsync("queue", "--drain")).Succeed();
    }

    [Fact]
    public async Task A_commit_waits_for_the_git_of_a_person_who_looks_into_the_workspace()
    {
        await using var village = await TestVillage.UpAsync("""echo x > x.txt; echo > "$HOME/ready"; while [ ! -e "$HOME/go" ]; do sleep 0.05; done""");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("ready");
        var held = IndexLock(village, task);
        using var person = In(village, task, "while [ -e \"$1\" ]; do sleep 0.05; done", held);

        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        await Task.Delay(AMoment);
        Assert.Equal("in_progress", village.LoggedState(task));
        File.Delete(held);

        Assert.NotNull((await village.StateBecomesAsync(task, "completed")).Commit);
        Assert.Equal("x", village.Git("show", $"village/{task}:x.txt"));
    }

    [Fact]
    public async Task A_lock_that_a_killed_git_of_the_agent_left_does_not_stop_its_commit()
    {
        await using var village = await TestVillage.UpAsync("""echo x > x.txt; touch "$(git rev-parse --git-path index.lock)" """);
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("x", village.Git("show", $"village/{task}:x.txt"));
        Assert.False(File.Exists(IndexLockPath(village, task)));
    }

    [Fact]
    public async Task A_lock_that_a_living_program_in_the_workspace_keeps_fails_the_attempt_and_keeps_its_work()
    {
        await using var village = await TestVillage.UpAsync(
            """echo x > x.txt; echo > "$HOME/ready"; while [ ! -e "$HOME/go" ]; do sleep 0.05; done""", "ROLLBACK_ON_FAILURE=false");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("ready");
        var held = IndexLock(village, task);
        using var person = In(village, task, "exec sleep 600", held);
        File.WriteAllText(Path.Combine(village.Home, "go"), "");

        var story = await village.StateBecomesAsync(task, "failed");

        Assert.Equal("commit_failed", story.Reason);
        var named = held.Replace(village.Sandbox, "$SANDBOX", StringComparison.Ordinal);
        Assert.EndsWith($"somebody else holds '{named}'; if no git runs any more, a dead one left it: rm '{named}'", story.Message, StringComparison.Ordinal);
        Assert.Equal("x\n", File.ReadAllText(Path.Combine(village.Workspace(task), "x.txt")));
        Assert.True(File.Exists(held));
        person.Kill();
    }

    [Fact]
    public async Task Programs_that_are_being_installed_at_this_moment_are_started_when_they_are_there()
    {
        await using var village = await TestVillage.UpAsync("echo x > x.txt");
        var task = await village.AddAsync("One");
        village.Agent("git", "exec /usr/bin/git \"$@\"");
        Task<CliResult> queue;
        using (Writing(village, "git"))
        {
            queue = village.RunAsync("queue", "1");
            await Task.Delay(AMoment);
            Assert.False(queue.IsCompleted);
        }

        using (Writing(village, "build"))
        {
            (await queue).Succeed();
            await TestVillage.EventuallyAsync(() => village.LoggedState(task) is "in_progress", "the worker is up");
            await Task.Delay(AMoment);
            Assert.Equal("in_progress", village.LoggedState(task));
        }

        Assert.Equal("claimed in_progress completed", (await village.StateBecomesAsync(task, "completed")).Path);
    }

    [Fact]
    public async Task A_tmux_server_that_ends_while_it_is_asked_is_asked_again()
    {
        await using var village = await TestVillage.UpAsync();
        village.Agent("tmux", $"""
            if [ -e "$HOME/ended" ]; then exec /usr/bin/tmux "$@"; fi
            touch "$HOME/ended"
            echo 'server exited unexpectedly' >&2
            exit 1
            """);

        Assert.Contains("\"tmux_running\": true", (await village.RunAsync("status", "--json")).Succeed().Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(village.Home, "ended")));
    }

    private static string Lock(TestVillage village, string path)
    {
        var full = Path.Combine(village.Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, "");
        return full;
    }

    private static string IndexLockPath(TestVillage village, string task) => Path.Combine(village.Root, ".git", "worktrees", task, "index.lock");

    private static string IndexLock(TestVillage village, string task)
    {
        var path = IndexLockPath(village, task);
        File.WriteAllText(path, "");
        return path;
    }

    // A program that is none of the worker's and stands in the workspace, as a person's git does.
    private static Process In(TestVillage village, string task, string script, string argument)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "sh", argument]) { WorkingDirectory = village.Workspace(task) };
        start.Environment["HOME"] = village.Home;
        return Process.Start(start)!;
    }

    // A file that is open for writing cannot be started (ETXTBSY).
    private static FileStream Writing(TestVillage village, string program) =>
        new(Path.Combine(village.Sandbox, "bin", program), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
}
