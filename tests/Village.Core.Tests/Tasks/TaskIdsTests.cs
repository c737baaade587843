using System.Text.Json;
using Village.Errors;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

public sealed class TaskIdsTests
{
    // Made with Beads' own generator.
    private const string Vectors = """
        [
          {"prefix":"bd","title":"Fix login","description":"Details","creator":"jira-import","unix_nano":1704164645006000000,"nonce":0,"by_length":{"3":"bd-vju","4":"bd-8d8e","5":"bd-bi3tk","6":"bd-8bi3tk","7":"bd-r5sr6bm","8":"bd-8r5sr6bm"}},
          {"prefix":"bd","title":"Fix login","description":"Details","creator":"jira-import","unix_nano":1704164645006000000,"nonce":1,"by_length":{"3":"bd-i8b","4":"bd-ln8f","5":"bd-lx7zm","6":"bd-plx7zm","7":"bd-23w8t95","8":"bd-523w8t95"}},
          {"prefix":"proj","title":"Ünïcode | title","description":"","creator":"ann","unix_nano":1704164645006000000,"nonce":0,"by_length":{"3":"proj-4qb","4":"proj-1n2v","5":"proj-7o4fp","6":"proj-l7o4fp","7":"proj-aujjjn5","8":"proj-baujjjn5"}},
          {"prefix":"proj","title":"Ünïcode | title","description":"","creator":"ann","unix_nano":1704164645006000000,"nonce":1,"by_length":{"3":"proj-jhi","4":"proj-ukkq","5":"proj-debfl","6":"proj-rdebfl","7":"proj-en9taxp","8":"proj-5en9taxp"}}
        ]
        """;

    private static readonly DateTimeOffset Created = new(2024, 1, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private static readonly TaskId[] Ids =
        [.. new[] { "bd-a3f8", "bd-a3f8.1", "bd-b7c", "bd-b7d", "web-app-a3f8e9", "vc-baseline-test" }.Select(TaskSamples.Id)];

    public static TheoryData<string, string, string, string, long, int, int, string> Hashes =>
    [
        .. from vector in JsonDocument.Parse(Vectors).RootElement.EnumerateArray()
           from id in vector.GetProperty("by_length").EnumerateObject()
           select new TheoryDataRow<string, string, string, string, long, int, int, string>(
               vector.GetProperty("prefix").GetString()!,
               vector.GetProperty("title").GetString()!,
               vector.GetProperty("description").GetString()!,
               vector.GetProperty("creator").GetString()!,
               vector.GetProperty("unix_nano").GetInt64(),
               vector.GetProperty("nonce").GetInt32(),
               id.Name[0] - '0',
               id.Value.GetString()!),
    ];

    [Theory]
    [MemberData(nameof(Hashes))]
    public void An_id_is_the_one_that_Beads_would_make(
        string prefix, string title, string description, string creator, long nanoseconds, int nonce, int length, string id) =>
        Assert.Equal(id, TaskIds.Hash(prefix, title, description, creator, nanoseconds, nonce, length));

    [Theory]
    [InlineData(0, 3)]
    [InlineData(163, 3)]
    [InlineData(164, 4)]
    [InlineData(983, 4)]
    [InlineData(984, 5)]
    [InlineData(5898, 5)]
    [InlineData(5899, 6)]
    [InlineData(35389, 6)]
    [InlineData(35390, 7)]
    [InlineData(212339, 7)]
    [InlineData(212340, 8)]
    [InlineData(int.MaxValue, 8)]
    public void Ids_grow_with_their_number(int existing, int length) => Assert.Equal(length, TaskIds.Length(existing));

    [Theory]
    [InlineData("", "bd-vju")]
    [InlineData("bd-vju", "bd-i8b")]
    [InlineData("BD-VJU", "bd-i8b")]
    public void A_new_id_is_the_first_that_is_free(string taken, string id) => Assert.Equal(
        TaskSamples.Id(id),
        TaskIds.Next("bd", "Fix login", "Details", "jira-import", Created, 0, found => found.Value.Equals(taken, StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public void When_ten_are_taken_the_id_grows() => Assert.Equal(
        TaskSamples.Id("bd-8d8e"), TaskIds.Next("bd", "Fix login", "Details", "jira-import", Created, 0, id => id.Value.Length is 6));

    [Fact]
    public void When_all_are_taken_it_says_so() =>
        Assert.Throws<VillageException>(() => TaskIds.Next("bd", "T", "", "", Created, 0, _ => true));

    [Fact]
    public void A_prefix_that_makes_no_id_is_refused() =>
        Assert.Throws<VillageException>(() => TaskIds.Next("../bd", "T", "", "", Created, 0, _ => false));

    [Theory]
    [InlineData("bd-a3f8", "bd-a3f8.1")]
    [InlineData("bd-a3f8 bd-a3f8.1 bd-a3f8.7 bd-a3f8.7.9 bd-a3f8x.8 bd-a3f8.x", "bd-a3f8.8")]
    public void A_child_gets_the_number_after_the_highest(string ids, string child) =>
        Assert.Equal(TaskSamples.Id(child), TaskIds.NextChild(TaskSamples.Id("bd-a3f8"), ids.Split(' ').Select(TaskSamples.Id)));

    [Fact]
    public void Only_top_level_ids_of_the_prefix_count() => Assert.Equal(3, TaskIds.CountTopLevel("bd", Ids));

    [Theory]
    [InlineData("bd-a3f8", "bd")]
    [InlineData("bd-a3f8.1.2", "bd")]
    [InlineData("beads-vscode-1", "beads-vscode")]
    [InlineData("beads-vscode-123456789", "beads-vscode")]
    [InlineData("web-app-a3f8e9", "web-app")]
    [InlineData("vc-baseline-test", "vc")]
    [InlineData("my-proj-abcd", "my")]
    [InlineData("my-proj-abc", "my-proj")]
    [InlineData("alone", "")]
    public void The_prefix_ends_before_what_looks_like_a_hash(string id, string prefix) =>
        Assert.Equal(prefix, TaskIds.Prefix(TaskSamples.Id(id)));

    [Theory]
    [InlineData("bd-a3f8", "bd-a3f8")]
    [InlineData("BD-A3F8", "bd-a3f8")]
    [InlineData("a3f8", "bd-a3f8")]
    [InlineData("a3f8.1", "bd-a3f8.1")]
    [InlineData("b7c", "bd-b7c")]
    [InlineData("3f8e", "web-app-a3f8e9")]
    [InlineData("web", "web-app-a3f8e9")]
    [InlineData("BD-B7c", "bd-b7c")]
    [InlineData("test", "vc-baseline-test")]
    [InlineData("base", "vc-baseline-test")]
    public void A_person_may_leave_out_what_is_clear(string input, string id) =>
        Assert.Equal(new TaskIdMatch.Found(TaskSamples.Id(id)), TaskIds.Resolve(input, Ids));

    [Theory]
    [InlineData("b7", "bd-b7c bd-b7d")]
    [InlineData("bd-a3", "bd-a3f8 bd-a3f8.1")]
    [InlineData("3f8", "bd-a3f8 bd-a3f8.1 web-app-a3f8e9")]
    public void What_is_not_clear_names_all_that_fit(string input, string ids)
    {
        var match = Assert.IsType<TaskIdMatch.Ambiguous>(TaskIds.Resolve(input, [.. Ids.Reverse()]));

        Assert.Equal(ids, string.Join(' ', match.Ids));
    }

    [Theory]
    [InlineData("bd-a3f9", "bd-a3f8")]
    [InlineData("a3g8", "bd-a3f8")]
    [InlineData("b7x", "bd-b7c")]
    [InlineData("bd-af38", "bd-a3f8")]
    [InlineData("bd-8fa3x", null)]
    [InlineData("village-a3f8x", "bd-a3f8")]
    [InlineData("something-else", null)]
    [InlineData("zz", null)]
    [InlineData("", null)]
    public void What_is_not_there_names_the_nearest(string input, string? nearest) => Assert.Equal(
        new TaskIdMatch.NotFound(nearest is null ? null : TaskSamples.Id(nearest)), TaskIds.Resolve(input, Ids));
}
