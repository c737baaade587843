using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Agents;

/// <summary>
/// Five tasks of one agent at once, alone (<c>mode=run</c>): work that is committed, an error of the model, a permission that is refused,
/// words without work, and a conversation that is killed and goes on.
/// </summary>
/// <param name="village">A village that is up, with room for five and an agent <c>strict</c> that may not write.</param>
/// <param name="model">Its model.</param>
internal sealed class AgentJourney(TestVillage village, ScriptedModel model)
{
    private const string Long = """{"long":{"turns":[[{"shell":"echo 1 > one.txt"},{"hang":true}],[{"shell":"echo 2 > two.txt"},{"text":"DONE"}]]}}""";

    /// <summary>A step that writes a file.</summary>
    public string Write { get; init; } = """{"write":{"path":"one.txt","content":"1\n"}}""";

    /// <summary>The id of the conversation that was killed.</summary>
    public string Session { get; private set; } = "";

    /// <summary>Takes it; returns how the four others ended.</summary>
    public async Task<IReadOnlyList<string>> TakeAsync()
    {
        await model.AddAsync(Long);
        var good = await AddAsync("Good", """[{"shell":"echo 1 > one.txt && git add -A && git commit -qm mine"},{"text":"DONE"}]""");
        var error = await AddAsync("Error", """[{"error":400,"message":"scripted bad request"}]""");
        var denied = await AddAsync("Denied", $$"""[{{Write}},{"text":"DONE"}]""", "--label", "agent:strict");
        var idle = await AddAsync("Idle", """[{"text":"DONE"}]""");
        var killed = await village.AddAsync("Killed", "--description", "%%scenario long");
        (await village.RunAsync("queue", "5")).Succeed();

        string[] four = [good, error, denied, idle];
        await TestVillage.EventuallyAsync(() => four.All(task => village.LoggedState(task) is "completed" or "failed"), "four have ended");
        await TestVillage.EventuallyAsync(() => village.DirtIn(killed).Contains("one.txt", StringComparison.Ordinal) && village.Lease(killed).ContainsKey("agent_session"), "the fifth is at work");
        Session = village.Lease(killed)["agent_session"];
        await village.KillAllAsync();
        await model.ReleaseAsync();
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        (await village.RunAsync("resume", killed, "--detached")).Succeed();
        await village.StateBecomesAsync(killed, "completed");
        await village.NothingIsLeftRunningAsync();

        Assert.Equal("README\none.txt\ntwo.txt\n", village.Tool("git", "ls-tree", "--name-only", $"village/{killed}"));
        Assert.Contains("You were interrupted", await model.LogAsync(), StringComparison.Ordinal);
        Assert.All(SessionsOf(killed), told => Assert.Equal(Session, told));
        Assert.NotEqual(Session, Assert.Single(SessionsOf(good).Distinct()));
        Assert.Equal("mine", village.Tool("git", "log", "-1", "--format=%s", $"village/{good}").Trim());
        Assert.Contains("scripted bad request", (await village.StateAsync(error)).Message, StringComparison.Ordinal);
        return await village.EndsAsync(four);
    }

    /// <summary>What an attempt at a task of that title has used: tokens read and written, and dollars.</summary>
    public async Task<(int Input, int Output, decimal? Usd)> UsageAsync(string title)
    {
        var id = (await village.RunAsync("task", "list", "--all", "--json")).Succeed().Json().GetProperty("tasks").EnumerateArray().Single(task => task.GetProperty("title").GetString() == title).GetProperty("id").GetString();
        var row = (await village.RunAsync("usage", "--by", "task", "--json")).Succeed().Json().GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("name").GetString() == id);
        return (row.GetProperty("input_tokens").GetInt32(), row.GetProperty("output_tokens").GetInt32(), row.GetProperty("cost_usd") is { ValueKind: JsonValueKind.Number } usd ? usd.GetDecimal() : null);
    }

    private Task<string> AddAsync(string title, string steps, params string[] more) => village.AddAsync(title, ["--description", ScriptedModel.Script(steps), .. more]);

    private IEnumerable<string> SessionsOf(string task) => village.Events().Where(e => Asking.Text(e, "task") == task).Select(e => Asking.Text(e, "session")).OfType<string>();
}
