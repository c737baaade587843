using System.Globalization;
using System.Text;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

/// <summary>A task file as a whole: what is read, and that what did not change is written again byte for byte.</summary>
public sealed class TaskStoreFileTests
{
    [Fact]
    public void What_did_not_change_keeps_its_line_however_it_was_written()
    {
        const string odd = """{ "title":"One", "id":"bd-1" , "x":[1, 2]}""";
        const string last = """{"id":"bd-3","title":"Three","created_by":"\u0041da"}""";
        var store = Read($$"""
            {{odd}}
            {"id":"bd-2","title":"Two","status":"open","priority":2,"issue_type":"task"}
            {{last}}

            """);

        var after = store with { Tasks = [.. store.Tasks.Select(task => task.Title is "Two" ? task with { Title = "Other" } : task)] };

        Assert.Equal($$"""
            {{odd}}
            {"id":"bd-2","title":"Other","status":"open","priority":2,"issue_type":"task"}
            {{last}}

            """, Text(after));
        Assert.Equal(3, after.ToFile().Count);
    }

    [Fact]
    public void What_is_added_and_taken_away_stands_where_its_id_belongs()
    {
        var store = Read(Lines("bd-1", "bd-3", "bd-5"));
        var after = store with { Tasks = [.. store.Tasks.Where(task => task.Title is not "bd-3"), TaskSamples.Task("bd-6"), TaskSamples.Task("bd-0"), TaskSamples.Task("bd-2")] };

        Assert.Equal(["bd-0", "bd-1", "bd-2", "bd-5", "bd-6"], Read(Text(after)).Tasks.Select(task => task.Id.Value));
        Assert.Equal(["bd-0", "bd-1", "bd-2", "bd-5", "bd-6"], after.Sorted().Tasks.Select(task => task.Id.Value));
    }

    [Theory]
    [InlineData("""{"_type":"issue","id":"bd-1","title":"One","dependency_count":7}""")] // Would be wrong after the next change.
    [InlineData("\uFEFF{\"id\":\"bd-1\",\"title\":\"One\"}")]
    [InlineData(" {\"id\":\"bd-1\",\"title\":\"One\"} ")]
    [InlineData("{\"id\":\"bd-1\",\"title\":\"One\"}\r")]
    public void What_is_read_over_is_not_written_again(string line)
    {
        var store = Read(line + "\n");
        Assert.Equal(TaskSamples.Format(store.Tasks[0]), Text(store));
    }

    [Theory]
    [InlineData("bd-2 bd-1")]
    [InlineData("bd-1 bd-1")]
    [InlineData("bd-a bd-A bd-b")]
    public void A_file_that_is_not_in_order_is_put_in_order(string ids)
    {
        var store = Read(Lines(ids.Split(' ')));
        Assert.Equal(string.Concat(store.Tasks.OrderBy(task => task.Id).Select(TaskSamples.Format)), Text(store));
    }

    [Fact]
    public void A_last_line_without_an_end_gets_one() =>
        Assert.Equal(Lines("bd-1", "bd-2"), Text(Read(Lines("bd-1", "bd-2").TrimEnd('\n'))));

    [Fact]
    public void Deleted_tasks_stand_among_the_others_and_foreign_lines_at_the_end()
    {
        const string text = """
            {"id":"bd-1","title":"One","status":"tombstone","priority":2,"issue_type":"task"}
            {"id":"bd-2","title":"Two","status":"open","priority":2,"issue_type":"task"}
            {"_type":"memory","key":"k","value":"v"}

            """;
        var store = Read(text);
        Assert.Equal(("bd-2", "bd-1"), (store.Tasks.Single().Id.Value, store.Deleted.Single().Id.Value));
        Assert.Equal(text, Text(store));
    }

    [Fact]
    public void A_large_file_is_read_in_pieces_as_if_it_were_one()
    {
        var lines = Enumerable.Range(0, 20_000).Select(i => i switch
        {
            12_345 => "{not JSON",
            19_999 => """{"id":"bd-00001","title":"Again"}""",
            _ => TaskSamples.Format(TaskSamples.Task(Id(i), $"blocks:{Id(i / 2)}") with { Labels = [$"l{i % 700}", "é"] }).TrimEnd('\n'),
        }).ToList();
        var store = Read(string.Join('\n', lines));

        Assert.Equal([12_346], store.BadLines.Select(line => line.Number));
        Assert.Equal(["bd-00001"], store.Repeated.Select(id => id.Value));
        Assert.Equal(19_998, store.Tasks.Count);
        Assert.Equal("Again", store.Tasks.Single(task => task.Id.Value is "bd-00001").Title);
        Assert.All(store.Tasks.Where(task => task.Title is not "Again"), task => Assert.Equal(lines[int.Parse(task.Id.Value[3..], CultureInfo.InvariantCulture)] + "\n", TaskSamples.Format(task)));

        static string Id(int i) => $"bd-{i:00000}";
    }

    [Fact]
    public void After_random_changes_the_file_holds_what_the_store_does()
    {
        var random = new Random(4711);
        for (var round = 0; round < 200; round++)
        {
            var store = Read(Lines([.. Enumerable.Range(0, random.Next(12)).Select(i => $"bd-{i}{(random.Next(5) is 0 ? "x" : "")}").Order(StringComparer.Ordinal)]));
            List<TaskSpec> tasks = [.. store.Tasks.Where(_ => random.Next(4) > 0).Select(task => random.Next(3) is 0 ? task with { Notes = "n" } : task)];
            for (var i = random.Next(4); i > 0; i--)
            {
                tasks.Insert(random.Next(tasks.Count + 1), TaskSamples.Task($"bd-{i}new"));
            }

            var after = store with { Tasks = tasks };
            Assert.Equal(string.Concat(tasks.OrderBy(task => task.Id).Select(TaskSamples.Format)), Text(after));
        }
    }

    private static string Lines(params string[] ids) => string.Concat(ids.Select(id => TaskSamples.Format(TaskSamples.Task(id))));

    private static TaskStore Read(string text) => TaskStore.Read(Encoding.UTF8.GetBytes(text));

    private static string Text(TaskStore store) => string.Concat(store.ToFile().Select(piece => Encoding.UTF8.GetString(piece.Span)));
}
