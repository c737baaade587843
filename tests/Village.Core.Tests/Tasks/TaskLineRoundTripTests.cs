using System.Text.Json;
using CsCheck;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

public sealed class TaskLineRoundTripTests
{
    // Everything that is escaped, and what one might think is: quotes, slashes, accents, emoji, other separators.
    private static readonly Gen<string> Text = Gen.OneOf(
        "a", "é", "😀", "\"", "\\", "\n", "\r", "\t", "\b", "\f", "\0", "\u001f", "\u007f", "\u0085", "<", ">", "&", "'", "+", "/", "`",
        "\u2027", "\u2028", "\u2029", "\ufeff", "\ufffd", " ").Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Word = Gen.OneOf("blocks", "parent-child", "related", "waits-for", "<odd>");

    private static readonly Gen<string> Time =
        Gen.OneOf("", "2026-11-22T11:04:38.78968336Z", "2020-01-01T00:00:00.123456789+02:00", "0001-01-01T00:00:00Z");

    private static readonly Gen<KeyValuePair<string, string>> Field = Gen.Select(
        Gen.OneOf("owner", "metadata", "comments", "spec_id", "payload", "zz", "<key>"),
        Gen.OneOf("1", "\"x\"", "{\"a\": [1, null]}", "true", "\"\\ud800\""),
        KeyValuePair.Create);

    private static readonly Gen<TaskDependency> Edge = Gen.Select(Text, Word, Time, Text, Field.Array[0, 2], (target, type, time, text, other) =>
        new TaskDependency("bd-" + target, type)
        {
            CreatedAt = time,
            CreatedBy = text,
            Metadata = text,
            Other = [.. other.Where(field => field.Key is not "metadata")],
        });

    internal static readonly Gen<TaskSpec> Task = Gen.Select(
        Text.Array[8], Time.Array[5], Gen.Int[0, 4], Text.Array[0, 4], Edge.Array[0, 4], Field.Array[0, 6],
        (texts, times, priority, labels, edges, other) => new TaskSpec
        {
            Id = TaskSamples.Id("bd-a3f8.1"),
            Title = "T" + texts[0],
            Description = texts[1],
            Design = texts[2],
            Acceptance = texts[3],
            Notes = texts[4],
            Status = "s" + texts[5],
            Priority = priority,
            Type = "t" + texts[6],
            Assignee = texts[7],
            CreatedBy = texts[1],
            CloseReason = texts[2],
            CreatedAt = times[0],
            UpdatedAt = times[1],
            ClosedAt = times[2],
            DueAt = times[3],
            DeferUntil = times[4],
            Labels = labels,
            Dependencies = edges,
            Other = other,
        });

    [Fact]
    public void A_task_comes_back_from_its_line() => Task.Sample(task =>
    {
        var line = TaskLine.Format(task);

        var read = TaskLine.Parse(line).Task!;

        Assert.Equal(task.Id, read.Id);
        Assert.Equal(
            (task.Title, task.Description, task.Design, task.Acceptance, task.Notes, task.Status, task.Priority),
            (read.Title, read.Description, read.Design, read.Acceptance, read.Notes, read.Status, read.Priority));
        Assert.Equal(
            (task.Type, task.Assignee, task.CreatedBy, task.CloseReason), (read.Type, read.Assignee, read.CreatedBy, read.CloseReason));
        Assert.Equal(
            (task.CreatedAt, task.UpdatedAt, task.ClosedAt, task.DueAt, task.DeferUntil),
            (read.CreatedAt, read.UpdatedAt, read.ClosedAt, read.DueAt, read.DeferUntil));
        Assert.Equal(task.Labels, read.Labels);
        Assert.Equal(task.Dependencies, read.Dependencies);
        Assert.Equal(task.Other, read.Other);
        Assert.Equal(task, read);
        Assert.Equal(line, TaskLine.Format(read));
    });

    [Fact]
    public void A_line_is_one_line_of_valid_JSON() => Task.Sample(task =>
    {
        var line = TaskLine.Format(task);

        Assert.Equal(line.Length - 1, Array.IndexOf(line, (byte)'\n'));
        using var json = JsonDocument.Parse(line);
        Assert.Equal(task.Title, json.RootElement.GetProperty("title").GetString());
    });

    [Fact]
    public void Reading_never_throws() => Gen.Select(Task, Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 3]).Sample((task, at, value, act) =>
    {
        var line = TaskLine.Format(task);
        at %= line.Length;

        _ = TaskLine.Parse(act switch
        {
            0 => line.AsSpan(at),
            1 => line.AsSpan(0, at),
            2 => [.. line[..at], value, .. line[at..]],
            _ => [.. line[..at], value, .. line[(at + 1)..]],
        });
    });

    [Theory]
    [InlineData("A <&>", """
        "A \u003c\u0026\u003e"
        """)]
    [InlineData("é 😀 \u2028\u2029", """
        "é 😀 \u2028\u2029"
        """)]
    [InlineData("\"\\/'+`", """
        "\"\\/'+`"
        """)]
    [InlineData("\n\r\t\b\f\0\u001f\u007f", """
        "\n\r\t\b\f\u0000\u001f
        """ + "\u007f\"")]
    public void Escapes_are_those_of_Go(string text, string expected) => Assert.Equal(expected, TaskLine.Quote(text));

    [Fact]
    public void Half_a_character_becomes_a_replacement_character() => Assert.Equal("\"a\ufffdb\"", TaskLine.Quote("a\ud800b"));

    [Fact]
    public void Deep_metadata_is_kept()
    {
        var deep = new string('[', 500) + new string(']', 500);

        var task = TaskSamples.Parse($$"""{"id":"bd-1","title":"T","metadata":{{deep}}}""");

        Assert.Equal(deep, task.Field("metadata"));
    }

    [Fact]
    public void A_nest_that_never_ends_is_a_problem() =>
        Assert.Equal("is not a JSON object", TaskSamples.Problem("{\"id\":" + new string('[', 100_000)));
}
