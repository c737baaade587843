using System.Buffers;
using System.Text;
using CsCheck;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

/// <summary>Files that Beads itself wrote, of each of its formats, through import and export.</summary>
public sealed class BeadsFilesTests
{
    private static readonly HashSet<TaskId> Nobody = [];

    public static TheoryData<string> Names =>
        [.. typeof(BeadsFilesTests).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".jsonl", StringComparison.Ordinal))];

    [Fact]
    public void There_are_files_of_each_format() => Assert.Equal(7, Names.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_line_is_understood_and_comes_in(string name)
    {
        var theirs = Read(name);

        var import = new TaskImport(TaskStore.Empty, theirs, Nobody, "bd");

        Assert.Empty(theirs.BadLines);
        Assert.Equal(Lines(name).Count, import.Created.Count + import.Store.Deleted.Count);
        Assert.False(new TaskImport(import.Store, theirs, Nobody, "bd").IsChange);
    }

    [Theory]
    [InlineData("head-export.jsonl")]
    [InlineData("head-export-after-init-from-jsonl.jsonl")]
    public void A_new_Beads_gets_back_byte_for_byte_what_it_wrote(string name) =>
        Assert.Equal(Lines(name).Order(), Export(Imported(name), TaskDialect.Modern).Order());

    [Theory]
    [InlineData("embedded-classic-input.jsonl")]
    [InlineData("v0.49.6-export.jsonl")]
    [InlineData("v0.49.6-export-after-autoimport.jsonl")]
    [InlineData("v0.49.6-export-with-tombstone-waits-for-offset-time.jsonl")]
    public void An_old_Beads_gets_back_byte_for_byte_what_it_wrote(string name) =>
        Assert.Equal(Canonical(Lines(name)), Export(Imported(name), TaskDialect.Classic));

    [Theory]
    [MemberData(nameof(Names))]
    public void Through_either_dialect_a_store_comes_back_the_same(string name)
    {
        var store = Imported(name);

        var modern = new TaskImport(TaskStore.Empty, Read(Export(store, TaskDialect.Modern)), Nobody, "bd").Store;
        var classic = new TaskImport(TaskStore.Empty, Read(Export(store, TaskDialect.Classic)), Nobody, "bd").Store;

        Assert.Equal(store.Tasks.OrderBy(task => task.Id), modern.Tasks.OrderBy(task => task.Id));
        Assert.Equal(store.Deleted, classic.Deleted);
        Assert.Equal(Export(store, TaskDialect.Classic), Export(classic, TaskDialect.Classic));
        Assert.False(new TaskImport(store, classic, Nobody, "bd").IsChange);
    }

    [Fact]
    public void Whatever_tasks_hold_comes_back_from_either_dialect() => TaskLineRoundTripTests.Task.Array[0, 5].Sample(tasks =>
    {
        var store = new TaskStore([.. tasks.Select((task, i) => task with { Id = TaskSamples.Id($"bd-{i}") })], [], []);

        var modern = Read(Export(store, TaskDialect.Modern));
        var classic = Read(Export(store, TaskDialect.Classic));

        Assert.Equal(store.Tasks, modern.Tasks);
        Assert.Equal(store.Tasks.Select(task => TaskComments.Numbered(task, _ => 1)), classic.Tasks.Select(task => TaskComments.Numbered(task, _ => 1)));
        Assert.Equal(Export(store, TaskDialect.Modern), Export(modern, TaskDialect.Modern));
        Assert.Equal(Export(store, TaskDialect.Classic), Export(classic, TaskDialect.Classic));
    });

    [Fact]
    public void An_export_for_an_old_Beads_has_numbers_for_comments_that_stay_the_same()
    {
        var first = Export(Imported("head-export.jsonl"), TaskDialect.Classic);

        var again = Export(Imported("head-export.jsonl"), TaskDialect.Classic);

        Assert.Equal(first, again);
        Assert.Contains(first, line => line.Contains("\"comments\":[{\"id\":", StringComparison.Ordinal));
        Assert.DoesNotContain(first, line => line.Contains("\"comments\":[{\"id\":\"", StringComparison.Ordinal));
        Assert.DoesNotContain(first, line => line.Contains("\"_type\"", StringComparison.Ordinal));
    }

    [Fact]
    public void An_export_leaves_out_what_lives_only_inside_a_molecule_and_says_no_schema()
    {
        var store = Read("""
            {"_schema":"beads-jsonl/1"}
            {"id":"bd-1","title":"T"}
            {"id":"bd-2","title":"T","ephemeral":true}
            {"_type":"memory","key":"k","value":"v"}
            """.Split('\n'));

        Assert.Equal(
            [
                """{"_type":"issue","id":"bd-1","title":"T","status":"open","priority":0,"issue_type":"task","dependency_count":0,"dependent_count":0,"comment_count":0}""",
                """{"_type":"memory","key":"k","value":"v"}""",
            ],
            Export(store, TaskDialect.Modern));
        Assert.Single(Export(store, TaskDialect.Classic));
    }

    private static IEnumerable<string> Canonical(IEnumerable<string> lines) => lines.Select(line => TaskSamples.Format(TaskLine.Parse(Encoding.UTF8.GetBytes(line)).Task!).TrimEnd('\n'));

    private static TaskStore Imported(string name) => new TaskImport(TaskStore.Empty, Read(name), Nobody, "bd").Store;

    private static TaskStore Read(string name) => Read(Lines(name));

    private static TaskStore Read(IEnumerable<string> lines) => TaskStore.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    private static List<string> Export(TaskStore store, TaskDialect dialect)
    {
        var buffer = new ArrayBufferWriter<byte>();
        TaskExport.Write(buffer, store, dialect);
        return [.. Encoding.UTF8.GetString(buffer.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static List<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(BeadsFilesTests).Assembly.GetManifestResourceStream(name)!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
