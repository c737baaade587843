using Village.Beads;
using Village.Tasks;
using Village.Tests.Testing;

namespace Village.Tests.Beads;

/// <summary>What tests of recorded answers share.</summary>
internal static class Replayed
{
    /// <summary>The call that shows the one task.</summary>
    public static readonly string[] Show = ["show", "--json", "--", "bd-aaa"];

    /// <summary>The call that asks for everything.</summary>
    public static readonly string[] Export = ["export"];

    /// <summary>The call that asks which bd it is.</summary>
    public static readonly string[] Version = ["version", "--json"];

    /// <summary>A village that is up and tells Beads nothing but its claims; a test says what bd answers.</summary>
    public static async Task<TestVillage> UpAsync(string agent = "exit 7")
    {
        var village = await TestVillage.UpAsync(agent, "SYNC=off");
        Directory.CreateDirectory(Path.Combine(village.Root, ".beads"));
        File.WriteAllText(Path.Combine(village.Root, ".beads", "metadata.json"), "{}\n");
        return village;
    }

    /// <summary>The name of a task's worker in Beads.</summary>
    public static string Us(TestVillage village, string task) =>
        BeadsActors.For(File.ReadAllText("/proc/sys/kernel/hostname").Trim(), "village", village.State).Of(TaskId.Parse(task));

    /// <summary>What a version says of itself.</summary>
    public static Recorded Told(string file) => Recorded.Of(file, 193, Version);

    /// <summary>Everything there is, in lines.</summary>
    public static Recorded Exported(params string[] lines) => new(Export, 0, string.Concat(lines.Select(line => line + "\n")), $"Exported {lines.Length} issues\n");

    /// <summary>One task as it is now.</summary>
    public static Recorded Shown(string line) => new(Show, 0, $"[{line}]\n", "");

    /// <summary>A task as it is exported.</summary>
    public static string Line(string id, string status = "open", string assignee = "", string? blocker = null) =>
        $$"""{"id":"{{id}}","title":"T","status":"{{status}}","priority":2,"issue_type":"task","assignee":"{{assignee}}","created_at":"2026-11-22T11:00:38Z","updated_at":"2026-11-22T11:00:38Z","dependencies":[{{(blocker is null ? "" : $$"""{"issue_id":"{{id}}","depends_on_id":"{{blocker}}","type":"blocks"}""")}}]}""";

    /// <summary>Queues, and asserts that Beads' reason is told, that nothing is left of the start, and that no other call was made.</summary>
    public static async Task ShouldNotStartAsync(this TestVillage village, string why)
    {
        var queue = await village.RunAsync("queue", "1");

        Assert.Contains(why, queue.Out + queue.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(village.State, "locks"), "*.lock"));
        Assert.False(Directory.Exists(Path.Combine(village.Root, ".worktrees", "bd-aaa")));
        Assert.Equal("queued", (await village.StateAsync("bd-aaa")).State);
        village.AssertReplayed();
    }
}
