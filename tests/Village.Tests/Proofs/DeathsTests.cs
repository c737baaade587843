using System.Diagnostics;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>
/// Death at every step (invariant I8): <c>village</c> is killed just before each call that changes a file, forces it to the disk, locks
/// it or starts a program. Whatever is left then parses, nothing is lost, and the next commands repair it and finish the work.
/// </summary>
public sealed class DeathsTests
{
    // The first attempt leaves a commit and dirt, and stays until it is told to go; later ones work at once.
    private const string StaysOnce = Losses.Marks + """
        if [ $VILLAGE_ATTEMPT = 1 ]; then
          git add --all; git commit -qm kept
          mark="dirt-$mark"; echo "$mark" > "$mark.txt"; echo "$VILLAGE_TASK $mark" >> "$HOME/written"
          echo staged > staged.txt; git add staged.txt; echo changed >> staged.txt
          touch "$HOME/staying"; while [ ! -e "$HOME/go" ]; do sleep 0.02; done
        fi
        """;

    // Each needs its village to be ready for it, and the command, or the worker, that dies.
    private static readonly Dictionary<string, Scene> Scenes = new()
    {
        ["queue starts a task"] = new("queue", Losses.Marks, ReadyAsync, tasks => ["queue", "1"]),
        ["queue takes a dead worker's task over"] = new("queue", StaysOnce, DeadAsync, tasks => ["queue", "1"]),
        ["resume goes on with a dead worker's task"] = new("resume", StaysOnce, DeadAsync, tasks => ["resume", tasks[0], "--detached"]),
        ["unlock takes a living worker's lease"] = new("unlock", StaysOnce, LivingAsync, tasks => ["unlock", tasks[0], "--force"]),
        ["unlock takes a dead worker's lease"] = new("unlock", StaysOnce, DeadAsync, tasks => ["unlock", tasks[0]]),
        ["cleanup removes a lock and a dirty workspace"] = new("cleanup", StaysOnce, WornAsync, tasks => ["cleanup", "--apply", "--force"]),
        ["a worker completes its task"] = new("worker", Losses.Marks, ReadyAsync, tasks => ["queue", "1"]),
        ["a worker fails and rolls back"] = new("worker", Losses.Marks + "echo more >> README; [ -e \"$HOME/well\" ]", ReadyAsync, tasks => ["queue", "1"]),
        ["a worker is told that the agent is done"] = new("worker", Losses.Marks + "village signal done", ReadyAsync, tasks => ["queue", "1"]),
        ["a retry"] = new("retry", Losses.Marks + "[ -e \"$HOME/well\" ]", FailedAsync, tasks => ["retry", tasks[0]]),
        ["the session goes down with a living worker"] = new("down", StaysOnce, LivingAsync, tasks => ["down", "--force"]),
    };

    public static TheoryData<string> Names => [.. Scenes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Killed_before_any_step_it_leaves_what_the_next_command_repairs(string name)
    {
        var scene = Scenes[name];
        var steps = (await DieAsync(scene, 0)).Steps;
        Assert.True(steps.Count > 3, $"{name} has too few steps to be watched: {string.Join(", ", steps)}");
        await Soak.WithSeedsAsync(1, async random =>
        {
            // In the suite a few of them, others each time; in the long form all.
            var every = Soak.IsOn ? 1 : Math.Max(1, steps.Count / 2);
            List<Exception> wrong = [];
            for (var step = 1 + random.Next(every); step <= steps.Count; step += every)
            {
                await Soak.NamedAsync($"killed before step {steps[step - 1]}, of {steps.Count}", () => DieAsync(scene, step), wrong);
            }

            Soak.Say($"{name}: {(steps.Count + every - 1) / every} of {steps.Count} steps");
            Assert.True(wrong is [], string.Join("\n\n", wrong));
        });
    }

    // They take their time, some fail, some commit, all leave a process behind.
    private const string Busy = Losses.Marks + """
        setsid sleep 1000 &
        case $(($$ % 4)) in
          0) sleep 0.4;;
          1) sleep 0.1; [ -e "$HOME/well" ] || exit 1;;
          2) git add --all; git commit -qm half; sleep 0.2;;
        esac
        mark="late-$mark"; echo "$mark" > "$mark.txt"; echo "$VILLAGE_TASK $mark" >> "$HOME/written"
        """;

    [Fact]
    public Task Whoever_is_killed_at_whatever_moment_all_work_is_done_in_the_end() => Soak.WithSeedsAsync(Soak.Times(6, 200), async random =>
    {
        await using var village = await TestVillage.UpAsync(Busy, "MAX_WORKERS=3\nQUEUE_TTL_MINUTES=0\nCHECK=test -d .");
        var first = await village.AddAsync("First");
        List<string> tasks = [first, await village.AddAsync("After it", "--depends-on", first)];
        for (var n = 0; n < 3; n++)
        {
            tasks.Add(await village.AddAsync($"Task {n}"));
        }

        using Process one = village.Start(village.Root, "queue", "--drain"), other = village.Start(village.Root, "queue", "--drain");
        // A random moment, not a synchronisation; mostly one with agents at work.
        var started = random.Next(5);
        await TestVillage.EventuallyAsync(() => village.NoteLines("starts").Count >= started, $"{started} agents were started");
        await Task.Delay(random.Next(300));
        var (who, victims) = Victims(village, random, [one.Id, other.Id]);
        foreach (var id in victims)
        {
            village.TryTool("kill", "-KILL", $"{id}");
        }

        Soak.Say($"killed: {who} ({victims.Count})");
        foreach (var queue in new[] { one, other })
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await queue.WaitForExitAsync(deadline.Token);
            Assert.True(queue.ExitCode is >= 0 and <= 4 or 137, $"{who}: exit {queue.ExitCode}: {await queue.StandardError.ReadToEndAsync()}");
        }

        await Soak.NamedAsync(who, async () =>
        {
            await village.NothingIsLostAsync(tasks);
            await RecoversAsync(village, tasks);
        });
    });

    private static (string Who, IReadOnlyList<int> Ids) Victims(TestVillage village, Random random, IReadOnlyList<int> queues)
    {
        int[] Server() => int.TryParse(village.TryTool("tmux", "display-message", "-p", "#{pid}").Out, out var id) ? [id] : [];
        int[] Running(string text) => [.. village.Processes().Where(id => Asking.CommandOf(id).Contains(text, StringComparison.Ordinal))];
        return random.Next(6) switch
        {
            0 => ("a supervisor", [.. Running("\0worker\0").OrderBy(_ => random.Next()).Take(1)]),
            1 => ("every supervisor", Running("\0worker\0")),
            2 => ("the tmux server", Server()),
            3 => ("the queues", queues),
            4 => ("the agents", Running("/bin/build")),
            _ => ("everything", [.. Server(), .. queues, .. village.Processes()]),
        };
    }

    private static async Task<(IReadOnlyList<string> Steps, bool Killed)> DieAsync(Scene scene, int step)
    {
        await using var village = TestVillage.Create();
        village.Configure("MAX_WORKERS=2\nQUEUE_TTL_MINUTES=0\nCHECK=test -d .\nRETRIES=0", scene.Agent);
        village.Environment["PATH"] += $":{Path.GetDirectoryName(TestVillage.Binary)}";
        var ofWorker = scene.Victim is "worker";
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        if (ofWorker)
        {
            // The workers are children of the tmux server, so that one is started under the tracer.
            village.Tool("tmux", "kill-server");
        }

        using var up = ofWorker ? village.StartDying(step, "worker", "up", "--no-dashboard") : null;
        if (up is not null)
        {
            await TestVillage.EventuallyAsync(() => village.TryTool("tmux", "has-session", "-t", "=village").Exit is 0, "the session is there");
        }

        var tasks = await scene.Before(village);
        var killed = false;
        if (up is null)
        {
            using var dying = village.StartDying(step, scene.Victim, scene.Command(tasks));
            killed = await dying.WasKilledAsync();
        }
        else
        {
            await village.RunAsync(scene.Command(tasks));
            killed = await up.WasKilledAsync();
        }

        var steps = village.Steps();
        Assert.Equal(step > 0 && step <= steps.Count, killed);
        await village.NothingIsLostAsync(tasks);
        await RecoversAsync(village, tasks);
        return (steps, killed);
    }

    /// <summary>A person looks, repairs, and goes on; after that everything is done, once, and nothing is left.</summary>
    private static async Task RecoversAsync(TestVillage village, IReadOnlyList<string> tasks)
    {
        (await village.RunAsync("status", "--json")).Succeed();
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        File.WriteAllText(Path.Combine(village.Home, "well"), "");
        await village.RepairAsync();
        await village.NothingIsLeftRunningAsync();
        await village.NothingIsLostAsync(tasks);
        var before = tasks.ToDictionary(task => task, task => Runs(village, task));
        foreach (var task in tasks)
        {
            var state = (await village.StateAsync(task)).State;
            if (state is "failed")
            {
                (await village.RunAsync("retry", task)).Succeed();
            }
            else if (state is "paused")
            {
                // The limit may be reached for a moment.
                await TestVillage.EventuallyAsync(async () => (await village.RunAsync("resume", task, "--detached")).Exit is 0, $"{task} is resumed");
            }
        }

        var drained = await village.RunAsync("queue", "--drain");
        Assert.True(drained.Exit is 0 or 3, drained.Transcript);
        await village.NothingIsLeftRunningAsync();
        foreach (var task in tasks)
        {
            var story = await village.StateAsync(task);
            Assert.True(story.State is "completed", $"{task}: {story.Path} ({story.Message})\n{drained.Transcript}");
            Assert.Equal(1, story.Path.Split(' ').Count(state => state is "completed"));
            Assert.InRange(Runs(village, task) - before[task], 0, 1);
            Assert.InRange(village.Starts(task), 1, Runs(village, task));
        }

        Assert.Equal(village.NoteLines("starts").Distinct(), village.NoteLines("starts"));
        await village.NothingIsLostAsync(tasks);
        await village.NothingIsLeftOverAsync();
    }

    // How many attempts came up, by the log.
    private static int Runs(TestVillage village, string task) =>
        village.Events().Count(e => Asking.Text(e, "task") == task && Asking.Text(e, "to") is "in_progress");

    private static async Task<IReadOnlyList<string>> ReadyAsync(TestVillage village) => [await village.AddAsync("One")];

    private static async Task<IReadOnlyList<string>> LivingAsync(TestVillage village)
    {
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("staying");
        return [task];
    }

    private static async Task<IReadOnlyList<string>> DeadAsync(TestVillage village)
    {
        var tasks = await LivingAsync(village);
        await Asking.KillHardAsync(village.ProcessOf(tasks[0]));
        return tasks;
    }

    private static async Task<IReadOnlyList<string>> FailedAsync(TestVillage village)
    {
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.StateBecomesAsync(task, "failed");
        return [task];
    }

    // Somebody wrote into a completed task's workspace afterwards, and another task's worker is dead.
    private static async Task<IReadOnlyList<string>> WornAsync(TestVillage village)
    {
        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        var done = await village.AddAsync("Done");
        (await village.RunAsync("queue", "--drain")).Succeed();
        File.Delete(Path.Combine(village.Home, "go"));
        File.Delete(Path.Combine(village.Home, "staying"));
        File.WriteAllText(Path.Combine(village.Workspace(done), "later.txt"), "later\n");
        File.AppendAllText(Path.Combine(village.Home, "written"), $"{done} later\n");
        return [done, .. await DeadAsync(village)];
    }

    /// <summary>One of the things that can be cut short.</summary>
    /// <param name="Victim">Which <c>village</c> dies, by its first argument.</param>
    /// <param name="Agent">The agent's script.</param>
    /// <param name="Before">Makes the village ready; returns its tasks.</param>
    /// <param name="Command">What is run then.</param>
    private sealed record Scene(
        string Victim, string Agent, Func<TestVillage, Task<IReadOnlyList<string>>> Before, Func<IReadOnlyList<string>, string[]> Command);
}
