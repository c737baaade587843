using CsCheck;
using Village.Core.Tests.Observation;
using Village.Reports;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Tasks;

/// <summary>Tasks that are completed in the village and still open in the store.</summary>
public sealed class CompletedTasksTests
{
    private static readonly TaskSpec[] Two = [Task("bd-a"), Task("bd-b", "blocks:bd-a")];

    [Fact]
    public void A_completed_task_lets_others_start_and_it_is_known_that_they_rely_on_it()
    {
        var graph = Graph(Two, counts: true, "bd-a");

        Assert.Equal([Id("bd-b")], graph.Ready.Select(task => task.Id));
        Assert.Equal([Id("bd-a")], graph.ReliesOn(Id("bd-b")));
    }

    [Fact]
    public void Where_it_does_not_count_others_wait_and_are_told_why()
    {
        var graph = Graph(Two, counts: false, "bd-a");

        Assert.Empty(graph.Ready);
        Assert.Equal("is blocked by bd-a (completed here, but open in the task store)", graph.WhyNot(Id("bd-b"))?.Text);
        Assert.Equal([Id("bd-a")], graph.WhyNot(Id("bd-b"))!.Blockers);
        Assert.Equal("is done", graph.WhyNot(Id("bd-a"))?.Text);
        Assert.Empty(graph.ReliesOn(Id("bd-b")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_store_has_closed_counts_always_and_nobody_relies_on_the_village_for_it(bool counts)
    {
        var graph = Graph([Two[0] with { Status = "closed" }, Two[1]], counts, "bd-a");

        Assert.True(graph.IsReady(Id("bd-b")));
        Assert.Empty(graph.ReliesOn(Id("bd-b")));
    }

    // The two settings differ in just those tasks that rely on completed ones.
    [Fact]
    public void A_task_starts_by_the_stores_word_alone_if_it_relies_on_nothing_else() => TaskGraphTests.Graphs
        .Select(Gen.Bool.Array[8])
        .Sample((all, done) =>
        {
            var completed = all.Where((_, i) => done[i]).Select(task => task.Id.Value).ToArray();
            var (lax, strict) = (Graph(all, counts: true, completed), Graph(all, counts: false, completed));

            Assert.All(all, task => Assert.Equal(strict.IsReady(task.Id), lax.IsReady(task.Id) && lax.ReliesOn(task.Id) is []));
        });

    [Fact]
    public void Ready_says_which_starts_rest_on_it()
    {
        var report = ReadyReport.For(SnapshotSamples.With(
            [.. Two, Task("bd-c", "blocks:bd-a", "blocks:bd-d"), Task("bd-d")], [To("bd-a", TaskState.Completed), To("bd-d", TaskState.Completed)]));

        Assert.Equal(
            [
                "bd-b may start because bd-a is completed here, though it is open in the task store",
                "bd-c may start because bd-a, bd-d are completed here, though they are open in the task store",
            ],
            report.Reliances.Select(reliance => reliance.Sentence));
    }

    private static TaskGraph Graph(TaskSpec[] all, bool counts, params string[] done) => new(all, Now, done.Select(Id).ToHashSet(), counts);
}
