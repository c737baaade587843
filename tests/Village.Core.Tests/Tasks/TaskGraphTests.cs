using CsCheck;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

public sealed class TaskGraphTests
{
    private static readonly TaskSpec Closed = TaskSamples.Task("bd-x") with { Status = "closed" };

    [Fact]
    public void A_task_waits_until_its_blocker_is_closed()
    {
        var (a, b) = (TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b"));

        Assert.Equal("bd-b", Ready(a, b));
        Assert.Equal("bd-b", Blockers("bd-a", a, b));
        Assert.Equal("bd-a", Ready(a, b with { Status = "closed" }));
    }

    [Fact]
    public void A_diamond_opens_layer_by_layer()
    {
        TaskSpec[] all =
        [
            TaskSamples.Task("bd-a", "blocks:bd-b", "blocks:bd-c"), TaskSamples.Task("bd-b", "blocks:bd-d"),
            TaskSamples.Task("bd-c", "blocks:bd-d"), TaskSamples.Task("bd-d"),
        ];

        Assert.Equal("bd-d", Ready(all));
        Assert.Equal("bd-b bd-c", ReadyWithout("bd-d", all));
        Assert.Equal("bd-c", ReadyWithout("bd-b bd-d", all));
        Assert.Equal("bd-c", Blockers("bd-a", [.. Close("bd-b bd-d", all)]));
        Assert.Equal("bd-a", ReadyWithout("bd-b bd-c bd-d", all));
    }

    [Theory]
    [InlineData("open", false)]
    [InlineData("in_progress", false)]
    [InlineData("deferred", false)]
    [InlineData("hooked", false)]
    [InlineData("blocked", false)]
    [InlineData("review", false)]
    [InlineData("closed", true)]
    [InlineData("pinned", true)]
    [InlineData("tombstone", true)]
    public void The_status_of_a_blocker_decides(string status, bool ready) => Assert.Equal(
        ready,
        Ready(TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b") with { Status = status }).Contains("bd-a", StringComparison.Ordinal));

    [Theory]
    [InlineData("blocks:bd-b", false)]
    [InlineData("blocks:BD-B", false)]
    [InlineData("conditional-blocks:bd-b", false)]
    [InlineData("related:bd-b", true)]
    [InlineData("discovered-from:bd-b", true)]
    [InlineData("until:bd-b", true)]
    [InlineData("parent-child:bd-b", true)]
    [InlineData("waits-for:bd-b", true)]
    [InlineData("blocks:bd-missing", true)]
    [InlineData("blocks:external:proj:cap", true)]
    public void The_type_and_the_target_of_an_edge_decide(string edge, bool ready) =>
        Assert.Equal(ready, Graph(TaskSamples.Task("bd-a", edge), TaskSamples.Task("bd-b")).WhyNot(TaskSamples.Id("bd-a")) is null);

    [Theory]
    [InlineData("done")]
    [InlineData("failed: x")]
    public void A_conditional_blocker_may_be_closed_for_any_reason(string reason) => Assert.Equal(
        "bd-a", Ready(TaskSamples.Task("bd-a", "conditional-blocks:bd-x"), Closed with { CloseReason = reason }));

    [Fact]
    public void What_Village_has_completed_counts_as_closed()
    {
        var graph = Graph("bd-b", TaskSamples.Task("bd-a", "blocks:bd-b"), TaskSamples.Task("bd-b"));

        Assert.Equal("bd-a", Names(graph.Ready));
        Assert.Equal(NotReadyKind.Done, graph.WhyNot(TaskSamples.Id("BD-B"))?.Kind);
    }

    [Fact]
    public void A_parent_holds_back_all_below_it()
    {
        TaskSpec[] all =
        [
            TaskSamples.Task("bd-p", "blocks:bd-b"), TaskSamples.Task("bd-p.1", "parent-child:bd-p"),
            TaskSamples.Task("bd-p.1.1", "parent-child:bd-p.1", "blocks:bd-c"), TaskSamples.Task("bd-b"), TaskSamples.Task("bd-c"),
        ];

        Assert.Equal("bd-b bd-c", Ready(all));
        Assert.Equal("bd-b", Blockers("bd-p.1", all));
        Assert.Equal("bd-b bd-c", Blockers("bd-p.1.1", all));
        Assert.Equal("bd-c bd-p bd-p.1", ReadyWithout("bd-b", all));
    }

    [Fact]
    public void A_closed_parent_waits_for_nothing_but_passes_on_what_is_above_it()
    {
        TaskSpec[] all =
        [
            TaskSamples.Task("bd-g", "blocks:bd-b"), TaskSamples.Task("bd-p", "parent-child:bd-g", "blocks:bd-c"),
            TaskSamples.Task("bd-k", "parent-child:bd-p"), TaskSamples.Task("bd-b"), TaskSamples.Task("bd-c"),
        ];

        Assert.Equal("bd-b", Blockers("bd-k", [.. Close("bd-p", all)]));
        Assert.Equal("", Blockers("bd-k", [.. Close("bd-p bd-g", all)]));
        Assert.Equal("", Blockers("bd-p", [.. Close("bd-p", all)]));
    }

    [Theory]
    [InlineData("", "open open", "bd-s.1 bd-s.2")]
    [InlineData("", "closed in_progress", "bd-s.2")]
    [InlineData("", "closed pinned", "")]
    [InlineData("", "closed closed", "")]
    [InlineData("nonsense", "open closed", "bd-s.1")]
    [InlineData("any-children", "open open", "bd-s.1 bd-s.2")]
    [InlineData("any-children", "open pinned", "bd-s.1")]
    [InlineData("any-children", "open closed", "")]
    [InlineData("any-children", "pinned pinned", "")]
    public void A_waiter_waits_for_the_children_of_its_target(string gate, string statuses, string blockers)
    {
        var waiter = TaskSamples.Task("bd-a") with
        {
            Dependencies = [new("bd-s", "waits-for") { Metadata = gate is "" ? "" : $$"""{"gate":"{{gate}}"}""" }],
        };
        var children = statuses.Split(' ').Select(
            (status, i) => TaskSamples.Task($"bd-s.{i + 1}", "parent-child:bd-s") with { Status = status });

        TaskSpec[] all = [waiter, TaskSamples.Task("bd-s") with { Status = "closed" }, .. children];

        Assert.Equal(blockers, Blockers("bd-a", all));
        Assert.Equal(blockers is "", Graph(all).WhyNot(TaskSamples.Id("bd-a")) is null);
    }

    [Fact]
    public void Ready_is_sorted_by_priority_then_age_then_id()
    {
        var early = TaskSamples.Task("bd-z") with { CreatedAt = "2026-10-31T23:00:00.5-02:00" };
        TaskSpec[] all =
        [
            TaskSamples.Task("bd-c"), TaskSamples.Task("bd-b"), TaskSamples.Task("bd-a") with { Priority = 3 }, early with { CreatedAt = "2026-10-31T23:00:00+00:00" },
            TaskSamples.Task("bd-0") with { Priority = 0 }, early with { Id = TaskSamples.Id("bd-late") },
        ];

        Assert.Equal("bd-0 bd-z bd-b bd-c bd-late bd-a", Ready(all));
        Assert.Equal("bd-0 bd-z bd-b bd-c bd-late bd-a", Ready([.. all.Reverse()]));
    }

    [Theory]
    [InlineData("""{"id":"bd-a","title":"T","status":"closed"}""", NotReadyKind.Done, "is closed")]
    [InlineData("""{"id":"bd-a","title":"T","status":"pinned"}""", NotReadyKind.Pinned, "is pinned")]
    [InlineData("""{"id":"bd-a","title":"T","pinned":true}""", NotReadyKind.Pinned, "is pinned")]
    [InlineData("""{"id":"bd-a","title":"T","status":"in_progress"}""", NotReadyKind.Status, "has the status 'in_progress'")]
    [InlineData("""{"id":"bd-a","title":"T","status":"deferred"}""", NotReadyKind.Status, "has the status 'deferred'")]
    [InlineData("""{"id":"bd-a","title":"T","status":"\u001b[2J"}""", NotReadyKind.Status, "has the status '\\x1b[2J'")]
    [InlineData("""{"id":"bd-a","title":"T","ephemeral":true}""", NotReadyKind.Ephemeral, "is ephemeral")]
    [InlineData("""{"id":"bd-a","title":"T","issue_type":"epic"}""", NotReadyKind.Type, "is of the type 'epic'")]
    [InlineData("""{"id":"bd-a","title":"T","issue_type":"gate"}""", NotReadyKind.Type, "is of the type 'gate'")]
    [InlineData("""{"id":"bd-a","title":"T","issue_type":"chore"}""", null, null)]
    [InlineData("""{"id":"bd-a","title":"T","defer_until":"2026-11-22T12:00:01Z"}""", NotReadyKind.Deferred, "is deferred until 2026-11-22T12:00:01Z")]
    [InlineData("""{"id":"bd-a","title":"T","defer_until":"2026-11-22T13:00:00+01:00"}""", null, null)]
    [InlineData("""{"id":"bd-a","title":"T","due_at":"2020-01-01T00:00:00Z"}""", null, null)]
    [InlineData("""{"id":"bd-a","title":"T","assignee":"ann"}""", null, null)]
    [InlineData("""{"id":"bd-a","title":"T","dependencies":[{"depends_on_id":"bd-p","type":"parent-child"}]}""", NotReadyKind.ParentDeferred, "has the deferred parent bd-p")]
    [InlineData("""{"id":"bd-a","title":"T","dependencies":[{"depends_on_id":"bd-k","type":"parent-child"}]}""", null, null)]
    [InlineData("""{"id":"bd-a","title":"T","dependencies":[{"depends_on_id":"bd-k","type":"blocks"}]}""", NotReadyKind.Blocked, "is blocked by bd-k")]
    public void A_task_that_is_not_ready_says_why(string line, NotReadyKind? kind, string? text)
    {
        var parent = TaskSamples.Task("bd-p") with { DeferUntil = "2099-01-01T00:00:00Z" };
        var graph = Graph(TaskSamples.Parse(line), parent, TaskSamples.Task("bd-k", "parent-child:bd-p"));

        var reason = graph.WhyNot(TaskSamples.Id("bd-a"));

        Assert.Equal((kind, text), (reason?.Kind, reason?.Text));
        Assert.Equal(kind is null, graph.Ready.Any(task => task.Id == TaskSamples.Id("bd-a")));
    }

    [Fact]
    public void An_unknown_task_has_answers_too()
    {
        var graph = Graph(TaskSamples.Task("bd-a"));
        var unknown = TaskSamples.Id("bd-zz");

        Assert.Equal(NotReadyKind.Unknown, graph.WhyNot(unknown)?.Kind);
        Assert.Null(graph.Find(unknown));
        Assert.Empty(graph.Blockers(unknown));
        Assert.Empty(graph.DependsOn(unknown));
        Assert.Empty(graph.Closure(unknown));
        Assert.Null(graph.CycleThrough(unknown, TaskSamples.Id("bd-a"), "blocks"));
    }

    [Fact]
    public void Of_two_tasks_with_one_id_the_later_counts()
    {
        var graph = Graph(TaskSamples.Task("bd-a"), TaskSamples.Task("bd-b"), TaskSamples.Task("BD-A") with { Status = "closed" });

        Assert.Equal("bd-b", Names(graph.Ready));
        Assert.True(graph.Find(TaskSamples.Id("bd-a"))?.IsClosed);
        Assert.Equal("BD-A bd-b", Names(graph.All));
    }

    [Fact]
    public void The_closure_is_all_that_must_come_first()
    {
        var graph = Graph(
            TaskSamples.Task("bd-a", "blocks:bd-c", "blocks:bd-b", "related:bd-r", "parent-child:bd-p"),
            TaskSamples.Task("bd-b", "blocks:bd-d"),
            TaskSamples.Task("bd-c", "blocks:bd-d") with { Status = "closed" },
            TaskSamples.Task("bd-d", "blocks:bd-a"),
            TaskSamples.Task("bd-p", "blocks:bd-r"),
            TaskSamples.Task("bd-r"));

        Assert.Equal("bd-b bd-c", string.Join(' ', graph.DependsOn(TaskSamples.Id("bd-a"))));
        Assert.Equal("bd-b bd-c bd-d", string.Join(' ', graph.Closure(TaskSamples.Id("bd-a"))));
    }

    [Fact]
    public void Ten_thousand_tasks_in_one_chain_are_no_danger()
    {
        TaskSpec[] all =
        [
            .. from i in Enumerable.Range(0, 10_000)
               let next = i < 9_999 ? i + 1 : 0
               select TaskSamples.Task($"bd-{i}", $"parent-child:bd-{next}", $"blocks:bd-{next}"),
        ];

        var graph = Graph(all);

        Assert.Empty(graph.Ready);
        Assert.Equal(10_000, Assert.Single(graph.Cycles).Count);
        Assert.Equal(9_999, graph.Closure(TaskSamples.Id("bd-5")).Count);
        Assert.Equal(10_000, graph.Blockers(TaskSamples.Id("bd-5")).Count);
    }

    // The rule of the reference again, as slowly and plainly as it can be said.
    [Fact]
    public void The_graph_agrees_with_the_rule_said_plainly() => Graphs.Sample(all =>
    {
        var graph = Graph(all);
        var byId = all.ToDictionary(task => task.Id.Value);
        bool Active(string id) => byId.TryGetValue(id, out var task) && task.Status is not ("closed" or "pinned");
        string[] Children(string id) => [.. from task in all where Parents(task).Contains(id) select task.Id.Value];
        string[] Parents(TaskSpec task) => [.. task.Dependencies.Where(edge => edge.Type is "parent-child").Select(edge => edge.DependsOn)];
        bool Direct(TaskSpec task) => Active(task.Id.Value) && task.Dependencies.Any(edge => byId.ContainsKey(edge.DependsOn) && edge.Type switch
        {
            "blocks" => Active(edge.DependsOn),
            "waits-for" when edge.WaitsForAny =>
                Children(edge.DependsOn) is var c && c.Any(Active) && !c.Any(child => byId[child].Status is "closed"),
            "waits-for" => Children(edge.DependsOn).Any(Active),
            _ => false,
        });
        bool Held(TaskSpec task, HashSet<string> below) => Direct(task)
            || Parents(task).Where(byId.ContainsKey).Any(parent => below.Contains(parent) || Held(byId[parent], [.. below, parent]));

        foreach (var task in all)
        {
            var held = Active(task.Id.Value) && Held(task, [task.Id.Value]);

            Assert.Equal(held, graph.Blockers(task.Id).Count > 0);
            Assert.Equal(!held && task.Status is "open", graph.WhyNot(task.Id) is null);
        }
    }, print: all => string.Concat(all.Select(TaskSamples.Format)));

    /// <summary>Up to eight tasks with any edges between them.</summary>
    internal static Gen<TaskSpec[]> Graphs { get; } = Gen.Select(
        Gen.OneOf("open", "open", "open", "in_progress", "closed", "pinned"),
        Gen.OneOf("blocks", "parent-child", "parent-child", "waits-for", "any", "related").Array[0, 3],
        Gen.Int[0, 8].Array[3],
        (status, types, targets) => (status, edges: types.Zip(targets)))
        .Array[1, 8]
        .Select(shapes => shapes.Select((shape, i) => TaskSamples.Task($"bd-{i}") with
        {
            Status = shape.status,
            Dependencies =
            [
                .. from edge in shape.edges
                   select edge.First is "any"
                       ? new TaskDependency($"bd-{edge.Second}", "waits-for") { Metadata = """{"gate":"any-children"}""" }
                       : new TaskDependency($"bd-{edge.Second}", edge.First),
            ],
        }).ToArray());

    private static TaskGraph Graph(params TaskSpec[] all) => Graph("", all);

    private static TaskGraph Graph(string done, params TaskSpec[] all) => new(
        all, TaskSamples.Now, done.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(TaskSamples.Id).ToHashSet());

    private static string Ready(params TaskSpec[] all) => Names(Graph(all).Ready);

    private static string ReadyWithout(string closed, TaskSpec[] all) => Ready([.. Close(closed, all)]);

    private static IEnumerable<TaskSpec> Close(string ids, TaskSpec[] all) =>
        all.Select(task => ids.Split(' ').Contains(task.Id.Value) ? task with { Status = "closed" } : task);

    private static string Blockers(string id, params TaskSpec[] all) => string.Join(' ', Graph(all).Blockers(TaskSamples.Id(id)));

    private static string Names(IEnumerable<TaskSpec> tasks) => string.Join(' ', tasks.Select(task => task.Id));
}
