using Village.Tests.Testing;

namespace Village.Tests.Journeys;

/// <summary>The checkpoint makes reading quick and never decides anything: the log is the truth.</summary>
public sealed class CheckpointTests
{
    private static readonly string Filler = string.Concat(Enumerable.Repeat("""{"ts":"2026-01-22T10:41:12Z","cmd":"note","task":"bd-none","to":"failed"}""" + "\n", 4000));

    [Fact]
    public async Task A_writing_command_leaves_one_once_the_log_has_grown_and_a_reader_none()
    {
        await using var village = await TestVillage.UpAsync("exit 1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        Assert.False(File.Exists(Checkpoint(village)));

        File.AppendAllText(Log(village), Filler);
        (await village.RunAsync("status", "--json")).Succeed();
        (await village.RunAsync("queue", "--plan")).Succeed();
        Assert.False(File.Exists(Checkpoint(village)));
        (await village.RunAsync("retry", task)).Succeed();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Checkpoint(village)));
        Assert.Equal("claimed in_progress failed queued", (await village.StateAsync(task)).Path);
    }

    [Fact]
    public async Task What_it_says_is_what_the_log_says()
    {
        await using var village = await TestVillage.UpAsync("exit 1");
        var task = await WithCheckpointAsync(village);
        File.AppendAllText(Log(village), $$"""{"ts":"2026-01-22T10:41:12Z","cmd":"note","task":"{{task}}","to":"completed","generation":9}""" + "\n");

        var quick = (await village.RunAsync("task", "list", "--all", "--json")).Succeed().Out;
        File.Delete(Checkpoint(village));

        Assert.Equal((await village.RunAsync("task", "list", "--all", "--json")).Succeed().Out, quick);
        Assert.Contains("\"completed\"", quick, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("torn")]
    [InlineData("empty")]
    [InlineData("foreign")]
    [InlineData("directory")]
    [InlineData("of a longer log")]
    [InlineData("of another log")]
    public async Task One_that_does_not_fit_is_ignored(string damage)
    {
        await using var village = await TestVillage.UpAsync("exit 1");
        var task = await WithCheckpointAsync(village);
        switch (damage)
        {
            case "torn":
                File.WriteAllBytes(Checkpoint(village), File.ReadAllBytes(Checkpoint(village))[..^9]);
                break;
            case "empty":
                File.WriteAllText(Checkpoint(village), "");
                break;
            case "foreign":
                File.WriteAllText(Checkpoint(village), "hello\n");
                break;
            case "directory":
                File.Delete(Checkpoint(village));
                Directory.CreateDirectory(Checkpoint(village));
                break;
            case "of a longer log":
                File.WriteAllText(Log(village), "");
                break;
            default:
                File.WriteAllText(Log(village), File.ReadAllText(Log(village)).Replace("bd-none", "bd-else", StringComparison.Ordinal).Replace(task, "bd-gone", StringComparison.Ordinal));
                break;
        }

        var isForgotten = damage.StartsWith("of ", StringComparison.Ordinal);
        Assert.Equal(isForgotten ? "" : "claimed in_progress failed queued", (await village.StateAsync(task)).Path);
        Assert.Equal("queued", (await village.StateAsync(task)).State);
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        Assert.Equal("failed", (await village.StateAsync(task)).State);
    }

    private static async Task<string> WithCheckpointAsync(TestVillage village)
    {
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);
        File.AppendAllText(Log(village), Filler);
        (await village.RunAsync("retry", task)).Succeed();
        Assert.True(File.Exists(Checkpoint(village)));
        return task;
    }

    private static string Log(TestVillage village) => Path.Combine(village.State, "events.log");

    private static string Checkpoint(TestVillage village) => Path.Combine(village.State, "state.checkpoint");
}
