using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>What <c>queue --drain</c> says when all of it is over.</summary>
public sealed class DrainTests
{
    private const string FailsIfAsked = "grep -q 'please fail' && exit 1; echo work > work.txt";

    [Theory]
    [InlineData(0, "please work", "please work")]
    [InlineData(1, "please fail", "please fail")]
    [InlineData(4, "please work", "please fail")]
    public async Task The_exit_code_tells_all_some_or_none(int code, string first, string second)
    {
        await using var village = await TestVillage.UpAsync(FailsIfAsked);
        await village.AddAsync(first);
        await village.AddAsync(second);

        (await village.RunAsync("queue", "--drain")).ExitsWith(code);
    }

    [Fact]
    public async Task Nothing_to_start_is_blocked_and_says_why()
    {
        await using var village = await TestVillage.UpAsync(FailsIfAsked);

        (await village.RunAsync("queue", "--drain")).Transcript.ShouldBe("""
            Nothing to start
            [exit 3]
            """);
    }

    [Fact]
    public async Task What_depends_on_a_failed_task_is_not_started()
    {
        await using var village = await TestVillage.UpAsync(FailsIfAsked);
        var first = await village.AddAsync("please fail");
        var second = await village.AddAsync("please work", "--depends-on", first);

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        Assert.Equal("dependencies", await village.SkipReasonAsync(second));
        Assert.Equal("failed", await village.SkipReasonAsync(first));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("RETRIES=1", true)]
    public async Task What_it_has_ended_itself_is_not_among_what_was_not_started_unless_it_is_tried_again(string settings, bool isTriedAgain)
    {
        await using var village = await TestVillage.UpAsync(FailsIfAsked, settings);
        var first = await village.AddAsync("please fail");
        var second = await village.AddAsync("please work", "--depends-on", first);

        var text = (await village.RunAsync("queue", "--drain")).ExitsWith(1).Out;

        var skipped = text[text.IndexOf("NOT STARTED", StringComparison.Ordinal)..].Split('\n');
        Assert.Contains(skipped, line => line.StartsWith($"{second} ", StringComparison.Ordinal) && line.Contains(" dependencies ", StringComparison.Ordinal));
        Assert.Equal(isTriedAgain, skipped.Any(line => line.StartsWith($"{first} ", StringComparison.Ordinal) && line.Contains(" failed_backoff ", StringComparison.Ordinal)));
        Assert.DoesNotContain(skipped, line => line.StartsWith($"{first} ", StringComparison.Ordinal) && line.Contains("village retry", StringComparison.Ordinal) && !line.Contains("village logs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_task_is_tried_again_only_as_often_as_RETRIES_says_and_not_at_once()
    {
        await using var village = await TestVillage.UpAsync(FailsIfAsked, "RETRIES=1");
        var task = await village.AddAsync("please fail");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        Assert.Equal("failed_backoff", await village.SkipReasonAsync(task));

        var later = await village.RunInProcessAsync(new Later(TimeSpan.FromSeconds(61)), "queue", "--plan", "--json");

        Assert.Equal(task, later.Succeed().Json().GetProperty("available_tasks")[0].GetProperty("task").GetString());
    }

    [Fact]
    public async Task A_paused_task_is_no_success()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/hanging\"; sleep 1000", "MAX_WORKERS=1");
        var task = await village.AddAsync("Try");
        using var drain = village.Start(village.Root, "queue", "--drain", "--json");
        await village.NoteAppearsAsync("hanging");

        village.Tool("tmux", "kill-pane", "-t", village.Lease(task)["pane"]);

        var report = System.Text.Json.JsonDocument.Parse(await drain.StandardOutput.ReadToEndAsync()).RootElement;
        await drain.WaitForExitAsync();
        Assert.Equal("paused", report.GetProperty("results")[0].GetProperty("state").GetString());
        Assert.Equal(1, drain.ExitCode);
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + by;
    }
}
