using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>Between the decision to start a task and its agent, people and other programs change it.</summary>
public sealed class ReconsideredTests
{
    private const string Blocked = "sed -i '/Meanwhile/s/\"status\":\"open\"/\"status\":\"blocked\"/' \"$VILLAGE_DIR/tasks.jsonl\"";
    private const string Agent = "cat > \"$HOME/contract\"; echo work > work.txt";

    // The set-up runs after the claim and before the agent: what it does to the task is what somebody else did meanwhile.
    [Theory]
    [InlineData("sed -i '/Meanwhile/s/\"status\":\"open\"/\"status\":\"closed\"/' \"$VILLAGE_DIR/tasks.jsonl\"", "task_closed", "it was closed before its agent started")]
    [InlineData("sed -i /Meanwhile/d \"$VILLAGE_DIR/tasks.jsonl\"", "task_gone", "it is not in the task store any more")]
    [InlineData(Blocked, "task_status", "now it has the status 'blocked'")]
    [InlineData("village task edit \"$VILLAGE_TASK\" --defer 9999-01-01", "deferred", "now it is deferred until 9999-01-01T00:00:00Z")]
    [InlineData("village task dep add \"$VILLAGE_TASK\" bd-other", "dependencies", "now it is blocked by bd-other")]
    public async Task A_task_that_is_not_to_be_started_any_more_goes_back_into_the_queue(string meanwhile, string reason, string message)
    {
        await using var village = await UpAsync(meanwhile);
        await village.AddAsync("Other", "--id", "bd-other", "--defer", "9999-01-01");
        var task = await village.AddAsync("Meanwhile");

        var drain = await village.RunAsync("queue", "--drain", "--json");

        var row = drain.ExitsWith(3).Json().GetProperty("results")[0];
        Assert.Equal(("queued", reason, message), (Text(row, "state"), Text(row, "reason"), Text(row, "error")));
        Assert.Equal(0, drain.Json().GetProperty("tasks_failed").GetInt32());
        Assert.Contains($"{task}: given back ({reason}): {message}", drain.Error, StringComparison.Ordinal);
        Assert.Null(village.Note("contract"));
        var story = await village.StateAsync(task);
        Assert.Equal(("claimed in_progress claimed queued", reason, message), (story.Path, story.Reason, story.Message));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(village.State, "locks"), $"{task}.*"));
        Assert.Equal(0, village.Events().Count(e => e.TryGetProperty("to", out var to) && to.GetString() is "failed"));
        (await village.RunAsync("doctor")).Succeed();
    }

    [Fact]
    public async Task It_starts_again_when_nothing_is_against_it_any_more()
    {
        await using var village = await UpAsync($"[ -e \"$HOME/edited\" ] || {Blocked}; touch \"$HOME/edited\"");
        var task = await village.AddAsync("Meanwhile");
        (await village.RunAsync("queue", "--drain")).ExitsWith(3).Out.ShouldBe($"""
            TASK    STATE   COMMIT  CHECK        TIME  TITLE
            {task}  queued  -       task_status  -     Meanwhile

            NOT STARTED  REASON       WHY
            {task}       task_status  it has the status 'blocked'
            {task} was given back before its agent started: now it has the status 'blocked'

            """);

        (await village.RunAsync("task", "edit", task, "--status", "open")).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("claimed in_progress claimed queued claimed in_progress completed", (await village.StateAsync(task)).Path);
    }

    [Fact]
    public async Task A_task_that_was_given_to_another_agent_goes_to_that_one()
    {
        await using var village = await UpAsync("village task label add \"$VILLAGE_TASK\" agent:other");
        village.AddAgent("other", "echo other > other.txt");
        var task = await village.AddAsync("Meanwhile");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("claimed in_progress claimed queued claimed in_progress completed", (await village.StateAsync(task)).Path);
        Assert.Null(village.Note("contract"));
        Assert.Equal("other", village.Git("show", $"village/{task}:other.txt"));
    }

    [Fact]
    public async Task The_agent_is_told_the_task_as_it_is_now_and_the_log_says_that_it_changed()
    {
        await using var village = await UpAsync("village task edit \"$VILLAGE_TASK\" --title 'Say goodbye' --description 'In French'");
        var task = await village.AddAsync("Say hello");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Contains($"# Task {task}: Say goodbye\n", village.Note("contract"), StringComparison.Ordinal);
        Assert.Contains("In French", village.Note("contract"), StringComparison.Ordinal);
        var told = Assert.Single(village.Events(), e => e.TryGetProperty("reason", out var reason) && reason.GetString() is "task_changed");
        Assert.Equal((task, "changed since its start was decided: title, description"), (Text(told, "task"), Text(told, "message")));
    }

    [Fact]
    public async Task What_a_person_starts_although_it_waits_is_started()
    {
        await using var village = await UpAsync("true");
        var first = await village.AddAsync("First");
        var second = await village.AddAsync("Second", "--depends-on", first);

        (await village.RunAsync("resume", second, "--detached")).Succeed();

        await village.StateBecomesAsync(second, "completed");
    }

    private static async Task<TestVillage> UpAsync(string meanwhile)
    {
        var village = await TestVillage.UpAsync(Agent);
        village.Agent("meanwhile", meanwhile);
        File.CreateSymbolicLink(Path.Combine(village.Sandbox, "bin", "village"), TestVillage.Binary);
        File.AppendAllText(Path.Combine(village.State, "config"), "[workspace]\nrun=meanwhile\n");
        return village;
    }

    private static string? Text(System.Text.Json.JsonElement e, string name) => e.GetProperty(name).GetString();
}
