using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>What agents say of themselves.</summary>
public sealed class SignalTests
{
    [Fact]
    public async Task What_an_agent_says_of_itself_shows_in_status()
    {
        await using var village = await TestVillage.UpAsync(
            """
            for s in working waiting blocked; do
              village signal $s -m "now $s" && touch "$HOME/said-$s"
              while [ ! -e "$HOME/go-$s" ]; do sleep 0.02; done
            done
            exit 1
            """, "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        foreach (var signal in new[] { "working", "waiting", "blocked" })
        {
            await village.NoteAppearsAsync($"said-{signal}");

            var row = (await village.RunAsync("status", "--json")).Succeed().Json().GetProperty("workers")[0];

            Assert.Equal((task, signal, $"now {signal}"), (Asking.Text(row, "task"), Asking.Text(row, "signal"), Asking.Text(row, "signal_message")));
            Assert.Contains($"{signal}: now {signal}", (await village.RunAsync("status")).Succeed().Out, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(village.Home, $"go-{signal}"), "");
        }

        await village.StateBecomesAsync(task, "failed");
    }

    [Fact]
    public async Task A_word_of_an_earlier_attempt_is_forgotten_when_the_next_begins()
    {
        await using var village = await TestVillage.UpAsync(
            """[ $VILLAGE_ATTEMPT = 1 ] && { village signal blocked -m no; exit 1; }; touch "$HOME/second"; sleep 1000""", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        (await village.RunAsync("retry", task)).Succeed();
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("second");

        var row = (await village.RunAsync("status", "--json")).Succeed().Json().GetProperty("workers")[0];

        Assert.Null(Asking.Text(row, "signal"));
    }

    [Fact]
    public async Task Done_wins_over_the_exit_code_that_follows_it()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt; village signal done; exit 9", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");

        (await village.RunAsync("queue", "--drain")).Succeed();

        await village.ShouldHaveCompletedAsync(task);
    }

    [Fact]
    public async Task A_worker_whose_lease_was_taken_may_say_nothing_and_changes_nothing()
    {
        await using var village = await TestVillage.UpAsync(
            """
            trap '' TERM HUP INT
            env | grep ^VILLAGE > "$HOME/environment"; echo half > half.txt; touch "$HOME/hanging"; sleep 1000; exit 0
            """, "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        (await village.RunAsync("unlock", task, "--force")).Succeed();

        await village.NothingIsLeftRunningAsync();
        Assert.Equal("queued", (await village.StateAsync(task)).State);
        Assert.Equal("half\n", File.ReadAllText(Path.Combine(village.Workspace(task), "half.txt")));
        Assert.Equal("", village.Git("for-each-ref", "refs/village/trash"));
        foreach (var line in village.Note("environment")!.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            village.Environment[line.Split('=', 2)[0]] = line.Split('=', 2)[1];
        }

        var before = village.Fingerprint();
        var refused = (await village.RunAsync("signal", "done")).ExitsWith(3);
        Assert.Equal($"error: the lease of '{task}' is no longer this worker's\n", refused.Error);
        Assert.Equal(before, village.Fingerprint());
    }

    [Fact]
    public async Task A_message_is_shown_and_never_obeyed()
    {
        await using var village = await TestVillage.UpAsync(
            """village signal waiting -m "$(printf 'a\033[31mb\nc')" && touch "$HOME/said"; sleep 1000""", "MAX_WORKERS=1");
        await village.AddAsync("Try");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("said");

        var shown = (await village.RunAsync("status")).Succeed().Out;

        Assert.Contains(@"waiting: a\x1b[31mb\nc", shown, StringComparison.Ordinal);
    }
}
