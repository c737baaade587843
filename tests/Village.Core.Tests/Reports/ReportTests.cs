using System.Text.Json;
using Village.Cleanup;
using Village.Core.Tests.Tasks;
using Village.Reports;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Core.Tests.Reports;

public sealed class ReportTests
{
    private static readonly TaskRow Row = new()
    {
        Id = "bd-1",
        Title = "T",
        Status = "open",
        State = "queued",
        Ready = true,
        Priority = 2,
        Type = "task",
        Labels = [],
        BlockedBy = [],
    };

    private static readonly TaskGraph Graph = new([TaskSamples.Task("bd-1"), TaskSamples.Task("bd-z", "blocks:BD-1")], TaskSamples.Now, new HashSet<TaskId>());

    private static readonly Report[] All =
    [
        new UpReport([], "village", "tmux attach"), new DownReport("village", Stopped: true, []), new UnlockReport("bd-1", "STALE", []),
        new RetryReport("bd-1", "queued", "village queue"), new ResumeReport { Task = "bd-1", Agent = "a", Started = true },
        new NextStepReport("up", "why", "village up"), new SignalReport("bd-1", "done"), new AttachReport(null, null, null, "tmux attach"),
        new LogReport("bd-1", 1, "path", "text"), new ConfigReport([new("MAX_WORKERS", "2", "default")]), new StateReport("bd-1", "queued", Live: false, null, []),
        StatesReport.Of(new(), null), new ErrorReport("queue", new("blocked", "It is", null)), new LocksReport([]), TaskListReport.For("task list", []), new CleanupPlan([], []), new CleanupReport([], [], []),
        new QueuePlanReport { AvailableTasks = [], BlockedTasks = [], Conflicts = [], SlotsAvailable = 1, WorkersCount = 1, ConcurrencyLimit = 2 },
        new QueueReport { TasksStarted = 0, TasksFailed = 0, Results = [], BlockedTasks = [], Conflicts = [] },
        TaskReport.For("task show", TaskSamples.Task("bd-1"), Row, Graph),
    ];

    [Fact]
    public void Every_answer_begins_with_its_command_and_the_version_of_its_shape() => Assert.All(All, report =>
    {
        var json = JsonSerializer.SerializeToElement(report, report.GetType());

        Assert.Equal(["Command", "Version"], json.EnumerateObject().Take(2).Select(property => property.Name));
        Assert.Equal((report.Command, 1), (json.GetProperty("Command").GetString(), json.GetProperty("Version").GetInt32()));
    });

    [Fact]
    public void An_answer_names_the_command_that_gave_it() => Assert.Equal(
        "up down unlock retry resume resume signal attach logs config list state state queue locks task list cleanup cleanup queue queue task show",
        string.Join(' ', All.Select(report => report.Command)));

    [Fact]
    public void A_skipped_task_has_a_typed_reason_the_words_for_it_and_what_it_waits_for()
    {
        var row = QueueReport.Row(new("bd-1", SkipReason.Dependencies, "later") { BlockedBy = [TaskSamples.Id("bd-2"), TaskSamples.Id("bd-3")] });

        Assert.Equal(("bd-1", "dependencies", "later"), (row.Task, row.SkipReason, row.Message));
        Assert.Equal(["bd-2", "bd-3"], row.BlockedBy);
    }

    [Fact]
    public void A_task_is_shown_with_all_that_a_person_wrote_of_it()
    {
        var task = TaskSamples.Task("bd-1", "related:bd-r", "blocks:bd-b") with
        {
            Description = "D",
            Acceptance = "A",
            Status = "closed",
            ClosedAt = "2026-01-03T00:00:00Z",
            CloseReason = "R",
            UpdatedAt = "2026-01-02T00:00:00Z",
        };

        var report = TaskReport.For("task close", task, Row, Graph);
        var open = TaskReport.For("task reopen", task with { Status = "open" }, Row, Graph);

        Assert.Equal(("task close", Row, "D", "A", "R"), (report.Command, report.Task, report.Description, report.Acceptance, report.CloseReason));
        Assert.Equal((task.CreatedAt, task.UpdatedAt, task.ClosedAt), (report.CreatedAt, report.UpdatedAt, report.ClosedAt));
        Assert.Equal((null, null), (open.ClosedAt, open.CloseReason));
        Assert.Equal([new("bd-b", "blocks"), new("bd-r", "related")], report.Dependencies);
        Assert.Equal([new("bd-z", "blocks")], report.Dependents);
    }
}
