using Village.Beads;
using Village.Errors;
using Village.Tasks;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Beads;

/// <summary>A change of the store, in calls of bd.</summary>
public sealed class BeadsWritesTests
{
    [Fact]
    public void Nothing_changed_is_no_call()
    {
        var store = Store(Task("bd-1"), Task("bd-2"));

        Assert.Empty(Calls(store, store));
        Assert.Empty(Calls(store, store with { Tasks = [.. store.Tasks.Reverse()] }));
        Assert.Empty(Edit(Task("bd-1"), task => task with { UpdatedAt = "2027-01-01T00:00:00Z" }));
    }

    public static TheoryData<string> Fields => [.. Changes.Keys];

    private static readonly Dictionary<string, Func<TaskSpec, TaskSpec>> Changes = new()
    {
        ["--title=-rf"] = task => task with { Title = "-rf" },
        ["--description=two\nlines"] = task => task with { Description = "two\nlines" },
        ["--design=d"] = task => task with { Design = "d" },
        ["--acceptance=a"] = task => task with { Acceptance = "a" },
        ["--notes=--json"] = task => task with { Notes = "--json" },
        ["--assignee=ann"] = task => task with { Assignee = "ann" },
        ["--type=bug"] = task => task with { Type = "bug" },
        ["--due=2099-01-02T00:00:00Z"] = task => task with { DueAt = "2099-01-02T00:00:00Z" },
        ["--priority=0"] = task => task with { Priority = 0 },
        ["--status=blocked"] = task => task with { Status = "blocked" },
        ["--add-label=a b"] = task => task with { Labels = ["a b"] },
        ["--metadata={\"a\":1}"] = task => task.WithField("metadata", """{"a":1}"""),
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Each_field_is_a_flag_that_ends_at_its_equals_sign(string flag) =>
        Assert.Equal([$"update|{flag}|--|bd-1"], Edit(Task("bd-1"), Changes[flag]));

    [Fact]
    public void All_fields_are_one_call()
    {
        var calls = Edit(Task("bd-1"), task => Changes.Values.Aggregate(task, (now, change) => change(now)));

        Assert.Equal(Changes.Keys.Append("--").Append("bd-1").Prepend("update").Order(), Assert.Single(calls).Split('|').Order());
    }

    [Fact]
    public void What_is_taken_away_is_said_to_be_empty() => Assert.Equal(
        ["update|--description=|--assignee=|--due=|--remove-label=l|--|bd-1"],
        Edit(
            Task("bd-1") with { Description = "d", Assignee = "ann", DueAt = "2099-01-02T00:00:00Z", Labels = ["l"] },
            task => task with { Description = "", Assignee = "", DueAt = "", Labels = [] }));

    [Fact]
    public void What_is_put_off_stays_open() => Assert.Equal(
        ["update|--defer=2099-01-02T00:00:00Z|--status=open|--|bd-1"], Edit(Task("bd-1"), task => task with { DeferUntil = "2099-01-02T00:00:00Z" }));

    [Fact]
    public void Labels_that_bd_would_split_go_one_by_one() => Assert.Equal(
        ["update|--add-label=plain|--|bd-1", "label|add|--|bd-1|a,b", "label|add|--|bd-1|two\nlines", "label|remove|--|bd-1|say \"x\""],
        Edit(Task("bd-1") with { Labels = ["say \"x\""] }, task => task with { Labels = ["a,b", "plain", "two\nlines"] }));

    [Fact]
    public void Edges_are_removed_before_they_are_added() => Assert.Equal(
        ["dep|remove|--|bd-1|bd-2", "dep|add|--type=related|--|bd-1|bd-2", "dep|add|--type=blocks|--|bd-1|bd-3"],
        Edit(Task("bd-1", "blocks:bd-2"), task => task with { Dependencies = [new("bd-2", "related"), new("bd-3", "blocks")] }));

    [Fact]
    public void An_edge_beside_a_removed_one_is_put_back() => Assert.Equal(
        ["dep|remove|--|bd-1|bd-2", "dep|add|--type=related|--|bd-1|bd-2"],
        Edit(Task("bd-1", "blocks:bd-2", "related:bd-2"), task => task with { Dependencies = [new("bd-2", "related")] }));

    [Fact]
    public void Who_made_an_edge_and_how_its_target_is_spelled_is_no_change() => Assert.Empty(
        Edit(Task("bd-1", "blocks:bd-2"), task => task with { Dependencies = [new("BD-2", "blocks") { CreatedBy = "Ann", CreatedAt = "2026-01-01T00:00:00Z" }] }));

    [Fact]
    public void A_gate_for_any_of_the_children_is_refused_before_the_first_call()
    {
        var store = Store(Task("bd-1"));
        var gate = new TaskDependency("bd-e", DependencyType.WaitsFor) { Metadata = """{"gate":"any-children"}""" };
        var after = Store(store.Tasks[0] with { Dependencies = [gate] }, Task("bd-2"));
        using var calls = BeadsWrites.Of(store, after, false, true, id => id).GetEnumerator();

        var failure = Assert.Throws<VillageException>(() => calls.MoveNext());

        Assert.Equal(ErrorKind.UserInput, failure.Kind);
        Assert.Empty(Edit(Task("bd-1") with { Dependencies = [gate] }, task => task with { UpdatedAt = "" }));
    }

    [Fact]
    public void Metadata_keep_what_is_there_and_lose_only_keys_that_are_gone()
    {
        var task = Task("bd-1").WithField("metadata", """{"a":1,"b":{"c":2}}""");

        Assert.Equal(["update|--metadata={\"a\":1,\"b\":{\"c\":2},\"d\":\"x\"}|--|bd-1"], Edit(task, it => TaskMetadata.Set(it, "d", "x")));
        Assert.Equal(["update|--unset-metadata=a|--|bd-1"], Edit(task, it => TaskMetadata.Unset(it, "a")));
        Assert.Equal(["update|--unset-metadata=a|--unset-metadata=b|--|bd-1"], Edit(task, it => TaskMetadata.Unset(TaskMetadata.Unset(it, "a"), "b")));
        Assert.Equal(["update|--metadata={\"b\":{\"c\":2},\"d\":3}|--|bd-1", "update|--unset-metadata=a|--|bd-1"], Edit(task, it => TaskMetadata.Set(TaskMetadata.Unset(it, "a"), "d", "3")));
    }

    [Fact]
    public void An_old_bd_gets_all_metadata_anew()
    {
        var task = Task("bd-1").WithField("metadata", """{"a":1,"b":2}""");

        Assert.Equal(["update|--metadata={\"b\":2}|--|bd-1"], Edit(task, it => TaskMetadata.Unset(it, "a"), hasKeys: false));
        Assert.Equal(["update|--metadata={}|--|bd-1"], Edit(task, it => TaskMetadata.Unset(TaskMetadata.Unset(it, "a"), "b"), hasKeys: false));
    }

    [Fact]
    public void Only_new_comments_are_added() => Assert.Equal(
        ["comments|add|--|bd-1|--force"],
        Edit(TaskComments.Add(Task("bd-1"), new("1", "Ann", "old", "2026-01-01T00:00:00Z")), task => TaskComments.Add(task, new("2", "Ann", "--force", "2026-01-02T00:00:00Z"))));

    [Fact]
    public void A_task_is_closed_last_and_without_force() => Assert.Equal(
        ["update|--notes=n|--|bd-1", "close|--reason=-done|--|bd-1"], Edit(Task("bd-1"), task => task with { Notes = "n", Status = "closed", CloseReason = "-done" }));

    [Theory]
    [InlineData("open", "blocks", "task", true)]
    [InlineData("in_progress", "conditional-blocks", "task", true)]
    [InlineData("closed", "blocks", "task", false)]
    [InlineData("open", "related", "task", false)]
    [InlineData("open", "parent-child", "task", false)]
    public void It_is_forced_when_something_that_it_waits_for_is_open(string status, string type, string kind, bool isForced)
    {
        var store = Store(Task("bd-1", $"{type}:BD-2") with { Type = kind }, Task("bd-2") with { Status = status });

        Assert.Equal([$"close|--reason=x|{(isForced ? "--force|" : "")}--|bd-1"], Calls(store, Closed(store, "bd-1")));
    }

    [Theory]
    [InlineData("epic", "open", true)]
    [InlineData("epic", "closed", false)]
    [InlineData("task", "open", false)]
    public void An_epic_is_forced_when_a_child_is_open(string type, string status, bool isForced)
    {
        var store = Store(Task("bd-1") with { Type = type }, Task("bd-1.1", "parent-child:bd-1") with { Status = status });

        Assert.Equal([$"close|--reason=x|{(isForced ? "--force|" : "")}--|bd-1"], Calls(store, Closed(store, "bd-1")));
    }

    [Fact]
    public void What_is_pinned_is_closed_by_force() =>
        Assert.Equal(["close|--reason=x|--force|--|bd-1"], Edit(Task("bd-1").WithField("pinned", "true"), task => task with { Status = "closed", CloseReason = "x" }));

    [Fact]
    public void A_task_is_opened_again_before_its_fields_change()
    {
        var closed = Task("bd-1") with { Status = "closed", CloseReason = "x", DeferUntil = "2099-01-02T00:00:00Z" };

        Assert.Equal(["reopen|--|bd-1"], Edit(closed with { DeferUntil = "" }, task => task with { Status = "open", CloseReason = "" }));
        Assert.Equal(["reopen|--|bd-1", "update|--priority=1|--status=blocked|--|bd-1"], Edit(closed with { DeferUntil = "" }, task => task with { Status = "blocked", Priority = 1 }));

        // Newer ones forget the date when they open a task, older ones do not.
        Assert.Equal(["reopen|--|bd-1", "update|--defer=|--status=open|--|bd-1"], Edit(closed, task => task with { Status = "open", DeferUntil = "" }));
        Assert.Equal(["reopen|--|bd-1", "update|--defer=2099-01-02T00:00:00Z|--status=open|--|bd-1"], Edit(closed, task => task with { Status = "open" }));
    }

    [Fact]
    public void A_deleted_task_takes_its_edges_along()
    {
        var store = Store(Task("bd-1", "blocks:bd-2"), Task("bd-2"));

        Assert.Equal(["delete|--force|--|bd-2"], Calls(store, Store(store.Tasks[0] with { Dependencies = [] })));
    }

    [Fact]
    public void A_new_task_says_all_that_bd_takes_at_once()
    {
        var task = Task("bd-new", "blocks:bd-2") with
        {
            Title = "-T",
            Description = "d",
            Design = "s",
            Acceptance = "a",
            Notes = "n",
            Assignee = "ann",
            DueAt = "2099-01-02T00:00:00Z",
            Labels = ["l1", "l2", "a,b"],
            Type = "bug",
            Priority = 0,
        };

        Assert.Equal(
            [
                "create|--title=-T|--priority=0|--type=bug|--description=d|--design=s|--acceptance=a|--notes=n|--assignee=ann|--due=2099-01-02T00:00:00Z|--labels=l1,l2",
                "dep|add|--type=blocks|--|bd-x1|bd-2",
                "label|add|--|bd-x1|a,b",
            ],
            Calls(Store(Task("bd-2")), Store(Task("bd-2"), task)));
    }

    [Fact]
    public void What_bd_does_not_take_with_a_new_task_follows()
    {
        var task = TaskComments.Add(Task("bd-new") with { DeferUntil = "2099-01-02T00:00:00Z", Status = "closed", CloseReason = "x" }, new("1", "Ann", "c", "2026-01-01T00:00:00Z"))
            .WithField("metadata", """{"a":1}""");

        Assert.Equal(
            [
                "create|--title=bd-new|--priority=2|--type=task",
                "update|--defer=2099-01-02T00:00:00Z|--metadata={\"a\":1}|--|bd-x1",
                "comments|add|--|bd-x1|c",
                "close|--reason=x|--|bd-x1",
            ],
            Calls(Store(), Store(task)));
    }

    [Fact]
    public void A_batch_is_known_by_the_ids_that_bd_gave() => Assert.Equal(
        [
            "create|--title=bd-e|--priority=2|--type=epic",
            "create|--title=bd-e.1|--priority=2|--type=task|--parent=bd-x1",
            "create|--title=bd-f|--priority=2|--type=task",
            "dep|add|--type=blocks|--|bd-x2|bd-x3",
        ],
        Calls(Store(), Store(Task("bd-e") with { Type = "epic" }, Task("bd-e.1", "parent-child:bd-e", "blocks:bd-f"), Task("bd-f"))));

    [Fact]
    public void A_task_with_an_id_of_its_own_gets_its_parent_as_an_edge()
    {
        var store = Store(Task("bd-e"));

        Assert.Equal(
            ["create|--title=bd-e.7|--priority=2|--type=task|--id=bd-e.7|--force", "dep|add|--type=parent-child|--|bd-e.7|bd-e"],
            Calls(store, Store(store.Tasks[0], Task("bd-e.7", "parent-child:bd-e")), keepsIds: true));
    }

    public static TheoryData<string, string> Mismatches => new(
        from pair in new Dictionary<string, Func<TaskSpec, TaskSpec>>
        {
            ["has another title"] = task => task with { Title = "x" },
            ["has the status 'open' and not 'blocked'"] = task => task with { Status = "open" },
            ["has the priority 4 and not 1"] = task => task with { Priority = 4 },
            ["has the type 'task' and not 'bug'"] = task => task with { Type = "task" },
            ["has the assignee '' and not 'ann'"] = task => task with { Assignee = "" },
            ["lacks the label 'l'"] = task => task with { Labels = [] },
            ["does not depend on bd-x2"] = task => task with { Dependencies = [new("bd-x2", "related")] },
        }
        select (pair.Key, Format(pair.Value(Wanted with { Dependencies = [new("bd-x2", "blocks")] }))));

    private static TaskSpec Wanted => Task("bd-1", "blocks:bd-2") with { Status = "blocked", Priority = 1, Type = "bug", Assignee = "ann", Labels = ["l"] };

    [Theory]
    [MemberData(nameof(Mismatches))]
    public void What_bd_did_not_do_is_seen(string difference, string found) =>
        Assert.Equal(difference, BeadsWrites.Difference(Wanted, Parse(found), id => id is "bd-2" ? "bd-x2" : id));

    [Fact]
    public void What_bd_did_is_fine_and_more_than_that_too()
    {
        Assert.Null(BeadsWrites.Difference(Wanted, Wanted with { Labels = ["inherited", "l"], Dependencies = [new("BD-2", "blocks"), new("bd-9", "related")] }, id => id));
        Assert.Equal("is not there", BeadsWrites.Difference(Wanted, null, id => id));
    }

    private static TaskStore Store(params TaskSpec[] tasks) => TaskStore.Empty with { Tasks = tasks };

    private static TaskStore Closed(TaskStore store, string id) =>
        store with { Tasks = [.. store.Tasks.Select(task => task.Id == Id(id) ? task with { Status = "closed", CloseReason = "x" } : task)] };

    private static IReadOnlyList<string> Edit(TaskSpec task, Func<TaskSpec, TaskSpec> change, bool hasKeys = true) => Calls(Store(task), Store(change(task)), hasKeys: hasKeys);

    // Each call in one line; new tasks get bd-x1, bd-x2, … as they are made.
    private static IReadOnlyList<string> Calls(TaskStore before, TaskStore after, bool keepsIds = false, bool hasKeys = true)
    {
        Dictionary<string, string> given = [];
        List<string> calls = [];
        foreach (var call in BeadsWrites.Of(before, after, keepsIds, hasKeys, id => given.GetValueOrDefault(id, id)))
        {
            calls.Add(string.Join('|', call.Words));
            Assert.Equal(call.Words[0] is "create", call.Creates);
            if (call.Creates && !keepsIds)
            {
                given.Add(call.Task.Value, $"bd-x{given.Count + 1}");
            }
        }

        return calls;
    }
}
