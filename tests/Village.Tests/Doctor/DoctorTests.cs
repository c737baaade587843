using Village.Tests.Testing;

namespace Village.Tests.Doctor;

/// <summary><c>village doctor</c> as a whole: silent when all is well, also beside work.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task It_is_silent_when_all_is_well_whatever_state_the_tasks_are_in()
    {
        await using var village = await TestVillage.UpAsync(
            "case $(cat) in *'please fail'*) echo half > half.txt; exit 3;; *'please stay'*) touch \"$HOME/working\"; exec sleep 1000;; esac; echo $VILLAGE_TASK > work.txt", "MAX_WORKERS=8");
        var parked = await village.AddAsync("please stay");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("working");
        (await village.RunAsync("down", "--force")).Succeed();
        await village.IsWellAsync(); // Also without a session.
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        var done = await village.AddAsync("please work");
        await village.AddAsync("please fail");
        await village.AddAsync("and after that", "--depends-on", done);
        (await village.RunAsync("queue", "--drain")).ExitsWith(4);
        (await village.RunAsync("cleanup", "--apply")).Succeed();
        (await village.RunAsync("resume", parked)).Succeed();
        await village.AddAsync("waits");
        await TestVillage.EventuallyAsync(() => File.ReadAllText(Path.Combine(village.State, "logs", parked, "2.log")).Contains(" starts in ", StringComparison.Ordinal), "the agent is told what to do");
        var before = village.Fingerprint();

        await village.IsWellAsync();
        (await village.RunAsync("doctor", "--json")).Succeed().Transcript.ShouldBe("""
            {
              "command": "doctor",
              "version": 1,
              "findings": []
            }
            """);
        await village.IsWellAsync();

        Assert.Equal(before, village.Fingerprint());
        Assert.Equal(new CliResult(0, "", ""), await village.RunAsync("doctor", "--fix"));
        Assert.Equal(before, village.Fingerprint());
    }

    [Fact]
    public async Task Beside_a_working_queue_it_never_finds_anything()
    {
        await using var village = await TestVillage.UpAsync("echo $VILLAGE_TASK > work.txt", "MAX_WORKERS=3");
        foreach (var n in Enumerable.Range(1, 9))
        {
            await village.AddAsync($"Task {n}");
        }

        var drain = village.RunAsync("queue", "--drain");
        List<CliResult> found = [];
        while (!drain.IsCompleted)
        {
            found.Add(await village.RunAsync("doctor"));
        }

        (await drain).Succeed();
        Assert.NotEmpty(found);
        Assert.All(found, result => Assert.Equal(new CliResult(0, "", ""), result));
        await village.IsWellAsync();
    }

    [Fact]
    public async Task Beside_an_unlock_that_ends_a_worker_it_never_finds_anything_for_good()
    {
        await using var village = await TestVillage.UpAsync("trap '' TERM; touch \"$HOME/working\"; while :; do sleep 0.1; done");
        var task = await village.WorkingAsync();
        var unlock = village.RunAsync("unlock", task, "--force");
        while (!unlock.IsCompleted)
        {
            await village.IsWellAsync();
        }

        (await unlock).Succeed();
        await village.IsWellAsync();
    }

    [Fact]
    public async Task What_mending_brings_to_light_is_mended_too()
    {
        await using var village = await TestVillage.UpAsync("echo $$ > \"$HOME/working\"; exec sleep 1000");
        var task = await village.WorkingAsync();
        await Asking.KillHardAsync(village.ProcessOf(task));
        await village.AgentIsGoneAsync();
        File.WriteAllText(village.LockPath(task), File.ReadAllText(village.LockPath(task)).Replace("state=in_progress", "state=claimed", StringComparison.Ordinal));

        Assert.Equal(["lease_behind_log"], await village.KindsAsync());
        Assert.Equal(["lease_behind_log", "stale_lease"], await village.KindsAsync("--fix"));

        await village.IsWellAsync();
        Assert.Equal("queued", (await village.StateAsync(task)).State);
    }
}
