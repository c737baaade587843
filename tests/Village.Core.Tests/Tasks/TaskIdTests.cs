using CsCheck;
using Village.Errors;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

public sealed class TaskIdTests
{
    private static readonly string Long = new('a', 128);

    public static TheoryData<string> Valid =>
    [
        "bd-a3f8", "bd-a3f8.1", "bd-a3f8.1.2", "BD-1", "a", "0", "a_b", "a-", "a_", "a.lock.b", "a.lockx", "xlock", "lock", "a--b", "a.b-c_d", Long,
    ];

    public static TheoryData<string> Invalid =>
    [
        "", " ", "-", "-a", "--help", ".", "..", ".a", "_a", "a.", "a..b", "a/b", "/a", "../a", "a\\b", "a b", " a", "a ", "a\n", "\na", "a\0",
        "a.lock", "a.LOCK", "a.b.Lock", ".lock", "é", "a😀", "a%20", "a:b", "a=b", "a~1", "a^", "a@{1}", "$(a)", "a;b", "a'", "%1", "#{pane_id}", "ａ",
        Long + "a", Long[..124] + ".lock",
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public void An_id_is_safe_as_a_name_of_anything(string text)
    {
        Assert.True(TaskId.TryParse(text, out var id));
        Assert.Equal((text, text), (id.Value, id.ToString()));
        Assert.Equal(id, TaskId.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [MemberData(nameof(Invalid))]
    public void What_could_leave_its_directory_or_confuse_a_tool_is_no_id(string? text)
    {
        Assert.False(TaskId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void An_id_is_made_of_few_characters_whatever_is_tried() =>
        Gen.OneOf(Gen.String, Gen.Char["ab.-_/ \nlock"].Array[1, 8].Select(c => new string(c))).Sample(text =>
        {
            if (TaskId.TryParse(text, out var id))
            {
                Assert.Matches(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z", id.Value);
                Assert.DoesNotContain("..", id.Value, StringComparison.Ordinal);
                Assert.Equal(id.Value, Path.GetFileName(id.Value));
            }
        });

    [Fact]
    public void A_wrong_id_is_a_usage_error_that_shows_no_control_character()
    {
        var failure = Assert.Throws<VillageException>(() => TaskId.Parse("a\u001b[2J"));

        Assert.Equal((ErrorKind.UserInput, "'a\\x1b[2J' is not a task id"), (failure.Kind, failure.Message));
        Assert.Contains("village task list", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_that_differ_only_by_case_are_one()
    {
        var (small, big) = (TaskId.Parse("bd-a3f8"), TaskId.Parse("BD-A3F8"));

        Assert.True(small == big);
        Assert.Equal(small.GetHashCode(), big.GetHashCode());
        Assert.Single(new HashSet<TaskId> { small, big });
        Assert.NotEqual(small, TaskId.Parse("bd-a3f9"));
        Assert.Equal(("bd-a3f8", "BD-A3F8"), (small.Value, big.Value));
    }

    [Fact]
    public void No_id_is_an_id_too()
    {
        Assert.Equal(default, default(TaskId));
        Assert.Equal(0, default(TaskId).GetHashCode());
        Assert.NotEqual(default, TaskId.Parse("a"));
    }

    [Fact]
    public void Ids_are_sorted_by_their_characters() => Assert.Equal(
        ["BD-2", "bd-1", "bd-10", "bd-2"], new[] { "bd-2", "bd-10", "BD-2", "bd-1" }.Select(TaskId.Parse).Order().Select(id => id.Value));
}
