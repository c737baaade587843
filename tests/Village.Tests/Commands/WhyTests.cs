using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>why</c>, <c>inbox</c> and <c>wait</c> on a village at work.</summary>
[Trait("scm", "none")]
public sealed class WhyTests
{
    [Fact]
    public async Task A_failure_is_followed_from_what_waits_for_it_to_what_to_type()
    {
        await using var village = await TestVillage.UpAsync("exit 3", "MAX_WORKERS=1");
        var root = await village.AddAsync("Breaks");
        var middle = await village.AddAsync("Middle", "--depends-on", root);
        var leaf = await village.AddAsync("Leaf \u001b[31m", "--depends-on", middle);
        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var text = (await village.RunAsync("why", leaf)).Succeed().Out;
        Assert.Contains("Leaf \\x1b[31m", text, StringComparison.Ordinal);
        Assert.Matches($"{root} +Breaks +it failed \\(agent_exit\\).* village retry {root}", text);
        var why = (await village.RunAsync("why", root, "--json")).Succeed().Json();
        Assert.Equal(("failed", "agent_exit", false), (Asking.Text(why, "state"), Asking.Text(why, "reason"), why.GetProperty("can_start").GetBoolean()));
        Assert.Equal("failed", Asking.Text(why.GetProperty("attempts")[0], "state"));
        Assert.Equal(middle, why.GetProperty("waited_for_by")[0].GetString());
        (await village.RunAsync("why", "bd-none")).ExitsWith(1);
        Assert.Contains($"village logs {root}, then village retry {root}", (await village.RunAsync("inbox")).Succeed().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_wakes_at_once_and_tells_what_it_waited_for()
    {
        await using var village = await TestVillage.UpAsync("village signal waiting --message 'which?'; while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done; echo x > x", "MAX_WORKERS=1");
        Assert.Equal("Nothing needs you\n", (await village.RunAsync("inbox")).Succeed().Out);
        var task = await village.AddAsync("One");
        (await village.RunAsync("wait", task, "--timeout", "1s")).ExitsWith(124);
        (await village.RunAsync("queue", "1")).Succeed();

        Assert.Equal($"{task} is in progress\n", (await village.RunAsync("wait", task, "--for", "waiting")).Succeed().Out);
        Assert.Contains("waits for you: which?", (await village.RunAsync("inbox")).Succeed().Out, StringComparison.Ordinal);
        var wait = village.RunAsync("wait", task, "--for", "completed", "--json");
        var failing = village.RunAsync("wait", task, "--for", "failed");
        File.WriteAllText(Path.Combine(village.Home, "go"), "");

        Assert.Equal("reached", Asking.Text((await wait).Succeed().Json().GetProperty("tasks")[0], "outcome"));
        Assert.Contains("will not be failed", (await failing).ExitsWith(1).Out, StringComparison.Ordinal);
        (await village.RunAsync("wait", task)).Succeed();
        (await village.RunAsync("wait", task, "--for", "ever")).ExitsWith(5);
        (await village.RunAsync("wait", task, "--timeout", "soon")).ExitsWith(5);
        (await village.RunAsync("wait", "bd-none")).ExitsWith(1);
    }

    [Fact]
    public async Task Any_of_several_is_enough_and_Ctrl_C_ends_it()
    {
        await using var village = await TestVillage.UpAsync("echo x > x", "MAX_WORKERS=1");
        var (one, two) = (await village.AddAsync("One"), await village.AddAsync("Two"));
        (await village.RunAsync("queue", "1")).Succeed();

        (await village.RunAsync("wait", one, two, "--any")).Succeed();

        using var both = village.Start(village.Root, "wait", one, two);
        await TestVillage.EventuallyAsync(() => Asking.CommandOf(both.Id).Contains("wait", StringComparison.Ordinal), "it runs");
        await Task.Delay(300);
        village.Tool("kill", "-INT", $"{both.Id}");
        await both.WaitForExitAsync();
        Assert.Equal(130, both.ExitCode);
    }
}
