using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>What <c>village status</c> tells of agents that wait, in a line for tmux, and with <c>--watch</c>.</summary>
public sealed class StatusWatchTests
{
    [Fact]
    public async Task Who_waits_for_a_person_stands_first_and_in_the_line_for_tmux()
    {
        await using var village = await TestVillage.UpAsync("[ -e \"$HOME/$VILLAGE_TASK\" ] && village signal waiting --message 'which?'; sleep 1000", "MAX_WORKERS=2");
        await village.AddAsync("Works");
        (await village.RunAsync("queue", "1")).Succeed();
        var waits = await village.AddAsync("Asks");
        File.WriteAllText(Path.Combine(village.Home, waits), "");
        (await village.RunAsync("queue", "1")).Succeed();

        await TestVillage.EventuallyAsync(async () => (await village.RunAsync("status", "--short")).Out is "up 2/2 ready:0 waiting:1\n", "one waits");
        Assert.Equal(waits, Asking.Text((await village.RunAsync("status", "--json")).Succeed().Json().GetProperty("workers")[0], "task"));
        Assert.Contains("2 of 2 active, 1 waiting for you: village inbox", (await village.RunAsync("status")).Succeed().Out, StringComparison.Ordinal);

        // As contrib/tmux has it, in a status line of a real terminal.
        village.Environment["PATH"] += $":{Path.GetDirectoryName(TestVillage.Binary)}";
        village.Tool("tmux", "set-environment", "-g", "PATH", village.Environment["PATH"]);
        var screen = new Screen(village, 100, 10, "env -u TMUX tmux -L inner -f \"$CONF\" new-session", $"CONF={Path.Combine(SourceRoot.Path, "contrib", "tmux", "village.conf")}");
        await screen.ShowsAsync("up 2/2 ready:0 waiting:1 ");
        village.Tool("tmux", "-L", "inner", "kill-server");
    }

    [Fact]
    public async Task Watching_tells_each_change_once()
    {
        await using var village = await TestVillage.UpAsync();
        using var watching = village.Start(village.Root, "status", "--watch", "--json");
        async Task<int> NextAsync() => System.Text.Json.JsonDocument.Parse((await watching.StandardOutput.ReadLineAsync())!).RootElement.GetProperty("summary").GetProperty("tasks_ready").GetInt32();

        Assert.Equal(0, await NextAsync());
        await village.AddAsync("One");
        Assert.Equal(1, await NextAsync());
        await village.AddAsync("Two");
        Assert.Equal(2, await NextAsync());
        village.Tool("kill", "-INT", $"{watching.Id}");
        await watching.WaitForExitAsync();
        Assert.Equal((0, ""), (watching.ExitCode, await watching.StandardOutput.ReadToEndAsync()));
    }
}
