using System.Text.Json;
using CsCheck;
using Village.Beads;
using Village.Events;
using Village.Tasks;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Beads;

/// <summary>What Beads is told of Village's tasks.</summary>
public sealed class BeadsMirrorTests
{
    private const int Retries = 2;
    private static readonly BeadsActors Actors = BeadsActors.For("host", "village", "/repo/.village");
    private static readonly string Us = Actors.Of(Id("bd-1"));

    [Theory]
    [InlineData(TaskState.Queued, 0, "open", "")]
    [InlineData(TaskState.Claimed, 0, "in_progress", "CLAIMED")]
    [InlineData(TaskState.InProgress, 0, "in_progress", "IN_PROGRESS")]
    [InlineData(TaskState.Paused, 0, "in_progress", "PAUSED")]
    [InlineData(TaskState.Completed, 0, "closed", "COMPLETED")]
    [InlineData(TaskState.Failed, Retries, "open", "")]
    [InlineData(TaskState.Failed, Retries + 1, "blocked", "FAILED")]
    public void Each_state_has_its_status(TaskState state, int failures, string status, string told)
    {
        var entry = Entry(state, failures);
        var issue = Told(entry, Issue("in_progress", Us));

        Assert.Equal(status, issue.Status);
        Assert.Equal(told, TaskMetadata.Value(issue, "village_state") ?? "");
        Assert.Equal(status is "in_progress" or "closed" ? Us : "", issue.Assignee);
        Assert.Equal(Us, TaskMetadata.Value(issue, "village_run"));
        Assert.Equal("1", TaskMetadata.Value(issue, "village_attempts"));
        Assert.Equal(
            state is TaskState.Paused ? ["village:paused"] : status is "blocked" ? ["village:failed"] : Array.Empty<string>(), issue.Labels);
        Assert.Equal(state is TaskState.Failed ? 1 : 0, TaskComments.Of(issue).Count);
        Assert.Equal(status, Mirror().For(entry, Id("bd-1"), Issue("in_progress", Us))!.After);
    }

    [Fact]
    public void Labels_of_an_earlier_state_go()
    {
        var failed = Told(Entry(TaskState.Failed, Retries + 1), Issue("in_progress", Us));
        var paused = Told(Entry(TaskState.Paused), Issue("in_progress", Us));

        Assert.Equal(("open", ""), (Told(Entry(TaskState.Queued), failed).Status, string.Join(',', Told(Entry(TaskState.Queued), failed).Labels)));
        Assert.Null(TaskMetadata.Value(Told(Entry(TaskState.Queued), failed), "village_error"));
        Assert.Empty(Told(Entry(TaskState.InProgress), paused).Labels);
    }

    [Theory]
    [InlineData(TaskState.Queued, MirrorAction.None)]
    [InlineData(TaskState.Claimed, MirrorAction.Foreign)]
    [InlineData(TaskState.InProgress, MirrorAction.Foreign)]
    [InlineData(TaskState.Paused, MirrorAction.Foreign)]
    [InlineData(TaskState.Completed, MirrorAction.Foreign)]
    [InlineData(TaskState.Failed, MirrorAction.Foreign)]
    public void A_strangers_task_is_not_touched_nor_one_that_nobody_has(TaskState state, MirrorAction action)
    {
        foreach (var assignee in new[] { "ann", "", BeadsActors.For("other", "village", "/repo/.village").Of(Id("bd-1")) })
        {
            var step = Step(Entry(state), Issue("in_progress", assignee));

            Assert.Equal(action, step.Action);
            Assert.Empty(step.Calls);
            Assert.Equal(("in_progress", "in_progress"), (step.Before, step.After));
            Assert.Equal(action is MirrorAction.None ? "" : assignee is "" ? "nobody has it in Beads" : $"'{assignee}' has it in Beads", step.Message);
        }
    }

    [Fact]
    public void A_stranger_who_took_it_over_keeps_it() =>
        Assert.Equal(MirrorAction.Foreign, Step(Entry(TaskState.InProgress), TaskMetadata.Set(Issue("in_progress", "ann"), "village_run", Us)).Action);

    [Fact]
    public void One_that_nobody_has_and_we_had_is_ours() =>
        Assert.Equal(MirrorAction.Update, Step(Entry(TaskState.InProgress), TaskMetadata.Set(Issue("open", ""), "village_run", Us)).Action);

    [Theory]
    [InlineData(TaskState.Queued, MirrorAction.None)]
    [InlineData(TaskState.Claimed, MirrorAction.Refused)]
    [InlineData(TaskState.InProgress, MirrorAction.Refused)]
    [InlineData(TaskState.Paused, MirrorAction.Refused)]
    [InlineData(TaskState.Completed, MirrorAction.None)]
    [InlineData(TaskState.Failed, MirrorAction.Refused)]
    public void What_is_closed_stays_closed(TaskState state, MirrorAction action)
    {
        foreach (var assignee in new[] { Us, "ann", "" })
        {
            var step = Step(Entry(state), Issue("closed", assignee));

            Assert.Equal(action, step.Action);
            Assert.Empty(step.Calls);
        }
    }

    [Theory]
    [InlineData(TaskState.Queued, MirrorAction.None)]
    [InlineData(TaskState.Claimed, MirrorAction.Refused)]
    [InlineData(TaskState.Completed, MirrorAction.Refused)]
    [InlineData(TaskState.Failed, MirrorAction.Refused)]
    public void What_is_gone_is_reported(TaskState state, MirrorAction action) => Assert.Equal(
        (action, "it is not in Beads any more", "", 0),
        (Step(Entry(state), null).Action, Step(Entry(state), null).Message, Step(Entry(state), null).Before, Step(Entry(state), null).Calls.Count));

    [Fact]
    public void What_Village_never_had_is_none_of_its_business() =>
        Assert.Null(Mirror().For(Entry(TaskState.Queued) with { Generation = 0 }, Id("bd-1"), Issue("open", "")));

    [Theory]
    [InlineData("deferred")]
    [InlineData("blocked")]
    [InlineData("pinned")]
    [InlineData("review")]
    public void Whoever_put_a_free_task_off_did_so_on_purpose(string status)
    {
        var issue = TaskMetadata.Set(Issue(status, ""), "village_run", Us);

        Assert.Equal(status, Told(Entry(TaskState.Queued), issue).Status);
        Assert.Equal(status, Told(Entry(TaskState.Failed, failures: 1), issue).Status);
    }

    [Fact]
    public void A_completed_task_is_closed_last_with_its_commit_and_without_force()
    {
        var step = Step(Entry(TaskState.Completed), Issue("in_progress", Us));

        Assert.Equal(MirrorAction.Close, step.Action);
        Assert.Equal(["close", "--reason=Village: completed (commit 0123456789ab)", "--", "bd-1"], step.Calls[^1]);
        Assert.Equal("0123456789abcdef0123456789abcdef01234567", TaskMetadata.Value(Told(Entry(TaskState.Completed), Issue("in_progress", Us)), "village_commit"));
        Assert.Equal(
            "--reason=Village: completed", Step(Entry(TaskState.Completed) with { LastChange = null }, Issue("in_progress", Us)).Calls[^1][1]);
    }

    [Fact]
    public void A_refused_close_is_tried_again_without_writing_the_rest_again()
    {
        var entry = Entry(TaskState.Completed);
        var half = Told(entry, Issue("in_progress", Us)) with { Status = "in_progress", CloseReason = "" };

        Assert.Equal(["close"], Step(entry, half).Calls.Select(call => call[0]));
    }

    [Fact]
    public void Each_failed_attempt_is_told_once()
    {
        var issue = Told(Entry(TaskState.Failed, failures: 1), Issue("in_progress", Us));
        var comment = Assert.Single(TaskComments.Of(issue)).Text;

        Assert.Equal("Village: attempt 1 failed (agent_failed): it broke\n\nvillage-run: bd-1/7/1", comment);
        Assert.Equal(2, TaskComments.Of(Told(Entry(TaskState.Failed, failures: 2) with { Attempt = 2 }, issue)).Count);

        // Somebody has taken its metadata away, as an import does: the comment is there still.
        Assert.Single(TaskComments.Of(Told(Entry(TaskState.Failed, failures: 1), issue.WithField("metadata", null) with { Assignee = Us })));
    }

    [Fact]
    public void Only_the_comment_is_missing()
    {
        var entry = Entry(TaskState.Failed, failures: 1);

        Assert.Equal(MirrorAction.Comment, Step(entry, Told(entry, Issue("in_progress", Us)).WithField("comments", null)).Action);
    }

    [Fact]
    public void A_bd_without_keys_gets_all_metadata_with_what_others_put_there()
    {
        var issue = Issue("in_progress", Us).WithField("metadata", """{"ticket":4711,"village_state":"PAUSED"}""");
        var call = Assert.Single(Mirror(hasKeys: false).For(Entry(TaskState.Queued), Id("bd-1"), issue)!.Calls);

        Assert.Equal($$"""--metadata={"ticket":4711,"village_run":"{{Us}}","village_attempts":1}""", call[^3]);
        Assert.DoesNotContain(call, word => word.StartsWith("--set-metadata", StringComparison.Ordinal) || word.StartsWith("--unset-metadata", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(199)]
    [InlineData(198)]
    public void A_long_error_is_cut_between_characters(int length)
    {
        var entry = Entry(TaskState.Failed, Retries + 1);
        entry = entry with { LastChange = entry.LastChange! with { Message = new string('x', length) + "😀 and more" } };
        var error = TaskMetadata.Value(Told(entry, Issue("in_progress", Us)), "village_error")!;

        Assert.Equal(length is 198 ? 200 : 199, error.Length);
        Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(error)));
    }

    [Fact]
    public void After_a_step_nothing_is_left_to_do_and_a_step_never_forces_opens_or_deletes()
    {
        var issues =
            from status in Gen.OneOf("open", "in_progress", "blocked", "deferred", "closed", "pinned", "hooked")
            from assignee in Gen.OneOf("", "ann", Us)
            from run in Gen.OneOf("", Us, "somebody")
            from state in Gen.OneOf("", "FAILED", "CLAIMED", "COMPLETED")
            from labels in Gen.OneOf("village:failed", "village:paused", "other", "").Array[0, 3]
            select new[] { ("village_run", run), ("village_state", state) }.Where(pair => pair.Item2 is not "").Aggregate(
                Issue(status, assignee) with { Labels = labels }, (task, pair) => TaskMetadata.Set(task, pair.Item1, pair.Item2));
        var entries =
            from state in Gen.OneOf(Enum.GetValues<TaskState>())
            from failures in Gen.Int[0, 4]
            from attempt in Gen.Int[0, 12]
            from message in Gen.OneOf("it broke", "", "a=b\nc", "42", new string('é', 300))
            let entry = Entry(state, failures)
            select entry with { Attempt = attempt, LastChange = entry.LastChange! with { Message = message } };

        Gen.Select(entries, issues, Gen.Bool).Sample((entry, issue, hasKeys) =>
        {
            var mirror = Mirror(hasKeys);
            var step = mirror.For(entry, Id("bd-1"), issue)!;
            var after = Apply(issue, step);

            Assert.Equal(step.After, after.Status);
            Assert.Equal(step.Calls is [], step.Action is MirrorAction.None or MirrorAction.Foreign or MirrorAction.Refused);
            Assert.DoesNotContain(step.Calls, call => call[0] is "delete" or "reopen" || call.Contains("--force"));
            Assert.All(step.Calls, call => Assert.Equal("bd-1", call[call.TakeWhile(word => word is not "--").Count() + 1]));
            Assert.Equal((issue.Title, issue.Priority, issue.Dependencies.Count), (after.Title, after.Priority, after.Dependencies.Count));
            Assert.True(!issue.IsClosed || step.Calls is []);
            Assert.Empty(mirror.For(entry, Id("bd-1"), after)!.Calls);
        });
    }

    private static BeadsMirror Mirror(bool hasKeys = true) => new(Actors, Retries, hasKeys);

    private static MirrorStep Step(TaskEntry entry, TaskSpec? issue) => Mirror().For(entry, Id("bd-1"), issue)!;

    private static TaskSpec Told(TaskEntry entry, TaskSpec issue) => Apply(issue, Step(entry, issue));

    private static TaskSpec Issue(string status, string assignee) => Task("bd-1") with { Status = status, Assignee = assignee };

    private static TaskEntry Entry(TaskState state, int failures = 0) => new("bd-1", state, Generation: 7, Attempt: 1, LastStart: null, new()
    {
        Ts = Now,
        Cmd = "worker",
        Task = "bd-1",
        Reason = state is TaskState.Failed ? "agent_failed" : null,
        Message = state is TaskState.Failed ? "it broke" : null,
        Commit = state is TaskState.Completed ? "0123456789abcdef0123456789abcdef01234567" : null,
    })
    {
        FailuresInARow = failures,
    };

    // What bd makes of the calls.
    private static TaskSpec Apply(TaskSpec issue, MirrorStep step) => step.Calls.Aggregate(issue, (task, call) => call[0] switch
    {
        "close" => task with { Status = "closed", CloseReason = call[1]["--reason=".Length..] },
        "comments" => TaskComments.Add(task, new($"{TaskComments.Of(task).Count}", "us", call[^1], "2026-11-22T12:00:00Z")),
        "update" => call.Skip(1).TakeWhile(word => word is not "--").Aggregate(task, Flag),
        _ => throw new InvalidOperationException(call[0]),
    });

    private static TaskSpec Flag(TaskSpec task, string word)
    {
        var (name, value) = (word.Split('=')[0], word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        return name switch
        {
            "--status" => task with { Status = value },
            "--assignee" => task with { Assignee = value },
            "--add-label" => task with { Labels = [.. task.Labels, value] },
            "--remove-label" => task with { Labels = [.. task.Labels.Where(label => label != value)] },
            "--set-metadata" => TaskMetadata.Set(task, value.Split('=')[0], value[(value.IndexOf('=', StringComparison.Ordinal) + 1)..]),
            "--unset-metadata" => TaskMetadata.Unset(task, value),
            "--metadata" => task.WithField("metadata", JsonDocument.Parse(value).RootElement.GetRawText()),
            _ => throw new InvalidOperationException(word),
        };
    }
}
