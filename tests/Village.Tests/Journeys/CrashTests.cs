using Village.Tests.Testing;

namespace Village.Tests.Journeys;

/// <summary>Killed at any moment, the next command completes everything exactly as it should (invariant I8).</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task After_kills_of_queue_at_random_moments_the_next_drain_completes_everything()
    {
        // The seed is in the failure's message: the moments can be had again, as far as the machine allows.
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var village = await TestVillage.UpAsync("echo \"$VILLAGE_TASK $VILLAGE_ATTEMPT\" >> \"$HOME/starts\"; cat > \"$VILLAGE_TASK.txt\"", "MAX_WORKERS=2\nCHECK=test -d .");
        List<string> tasks = [];
        for (var round = 1; round <= 12; round++)
        {
            var first = await village.AddAsync($"Round {round}, first");
            var second = await village.AddAsync($"Round {round}, second", "--depends-on", first);
            tasks.AddRange(first, second);
            using (var queue = village.Start(village.Root, "queue", "--drain"))
            {
                // Its starting takes some 100 ms here: a random moment of it, not a synchronisation.
                await Task.Delay(random.Next(0, 250));
                queue.Kill();
                await queue.WaitForExitAsync();
            }

            var drained = await village.RunAsync("queue", "--drain");

            Assert.True(drained.Exit is 0 or 3, $"seed {seed}, round {round}\n{drained.Transcript}");
            foreach (var task in new[] { first, second })
            {
                var story = await village.StateAsync(task);
                Assert.True(story.State is "completed", $"seed {seed}, round {round}: {task}: {story.Path}\n{drained.Transcript}\n{File.ReadAllText(Path.Combine(village.State, "events.log"))}");
                Assert.Equal(1, story.Path.Split(' ').Count(state => state is "completed"));
            }

            Assert.Equal($"{second}: Round {round}, second\n{first}: Round {round}, first\ninitial", village.Git("log", "--format=%s", $"village/{second}"));
        }

        await village.NothingIsLeftRunningAsync();
        Assert.Equal(tasks.Order(StringComparer.Ordinal), village.Note("starts")!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(village.State, "locks"), "*.lock"));
        Assert.Empty(village.LiveFiles());
        Assert.Equal("", village.Git("for-each-ref", "refs/village/trash"));
        Assert.All((await village.RunAsync("task", "list", "--all", "--json")).Json().GetProperty("tasks").EnumerateArray(), row => Assert.Equal("closed", Asking.Text(row, "status")));
        Assert.Single(village.Tool("tmux", "list-panes", "-s", "-t", "=village:").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public static TheoryData<string, string> StepsOfAStart => new()
    {
        { "the liveness file", "claimed in_progress completed" },
        { "the event", "claimed queued claimed in_progress completed" },
        { "the lease", "claimed queued claimed in_progress completed" },
        { "the branch", "claimed queued claimed in_progress completed" },
        { "the empty workspace", "claimed queued claimed in_progress completed" },
        { "the filled workspace", "claimed queued claimed in_progress completed" },
    };

    [Theory]
    [MemberData(nameof(StepsOfAStart))]
    public async Task A_start_that_was_killed_after_any_of_its_steps_is_made_again(string last, string path)
    {
        await using var village = await TestVillage.UpAsync("ls > \"$HOME/seen\"; echo work > work.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        const string Claimed = "2026-01-22T10:41:12.000Z";
        (string, Action)[] steps =
        [
            ("the liveness file", () => File.WriteAllText(Path.Combine(village.State, "locks", $"{task}.1.live"), "")),
            ("the event", () => File.AppendAllText(
                Path.Combine(village.State, "events.log"),
                $$"""{"ts":"{{Claimed}}","cmd":"queue","task":"{{task}}","from":"queued","to":"claimed","generation":1,"attempt":1}""" + "\n")),
            ("the lease", () =>
            {
                var text = $"id={task}\npane=-\nwindow=build-1-{task}\nagent=build\nclaimed_at={Claimed}\nstate=claimed\nattempt=1\ngeneration=1\nnonce=abc\n"
                    + $"workspace={village.Workspace(task)}\nbranch=village/{task}\nhost={File.ReadAllText("/proc/sys/kernel/hostname").Trim()}\n";
                File.WriteAllText(village.LockPath(task), text);
                File.WriteAllText(Path.Combine(village.State, "locks", $".{task}.lock.0123"), text[..20]);
            }),
            ("the branch", () => village.Git("branch", $"village/{task}")),
            ("the empty workspace", () => village.MakeEmptyWorkspace(task)),
            ("the filled workspace", () => village.FillWorkspace(task)),
        ];
        foreach (var (_, step) in steps.TakeWhile(step => step.Item1 != last).Append(steps.Single(step => step.Item1 == last)))
        {
            step();
        }

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal(path, (await village.ShouldHaveCompletedAsync(task)).Path);
        Assert.Equal("README\n", village.Note("seen"));
        Assert.Equal($"{task}: One\ninitial", village.Git("log", "--format=%s", $"village/{task}"));
    }

    [Fact]
    public async Task Ctrl_C_in_a_drain_leaves_the_workers_running()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/hanging\"; while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done; echo work > work.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        using var drain = village.Start(village.Root, "queue", "--drain");
        await village.NoteAppearsAsync("hanging");
        // Its first words are said after the start; only then it waits for the end.
        Assert.Contains("started, attempt 1", await drain.StandardError.ReadLineAsync(), StringComparison.Ordinal);

        village.Tool("kill", "-INT", drain.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal("interrupted; workers that were started go on\n", await drain.StandardError.ReadToEndAsync());
        await drain.WaitForExitAsync();
        Assert.Equal(130, drain.ExitCode);
        Assert.Equal("ACTIVE", Asking.Text(await village.LockAsync(task), "status"));
        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        await village.StateBecomesAsync(task, "completed");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_interrupted_start_is_either_given_up_or_goes_on(string signal)
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One");
        using (var queue = village.Start(village.Root, "queue", "1"))
        {
            await TestVillage.EventuallyAsync(() => village.LoggedState(task) is not null, "it is claimed");
            village.TryTool("kill", $"-{signal}", queue.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await queue.WaitForExitAsync();
            Assert.True(queue.ExitCode is 0 or 130, $"exit {queue.ExitCode}");
        }

        var drained = await village.RunAsync("queue", "--drain");

        Assert.True(drained.Exit is 0 or 3, drained.Transcript);
        Assert.Equal("completed", (await village.StateAsync(task)).State);
    }
}
