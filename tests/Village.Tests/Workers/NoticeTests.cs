using System.Diagnostics;
using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>An agent that waits for a person calls one: in the log of its pane, at the terminals that are attached, and by a command.</summary>
[Trait("scm", "none")]
public sealed class NoticeTests
{
    private const string Asks = """
        village signal waiting --message "which \"one\"? \$(touch pwned) #{pane_id}"
        while [ ! -e "$HOME/go" ]; do sleep 0.02; done; echo work > work.txt
        """;

    [Fact]
    public async Task With_a_terminal_attached_it_is_seen_there_and_the_command_gets_it_as_text()
    {
        await using var village = await TestVillage.UpAsync(Asks, "MAX_WORKERS=1\n[notify]\ncommand=sh -c 'printf \"%s|\" \"$VILLAGE_TASK\" \"$VILLAGE_STATE\" \"$VILLAGE_MESSAGE\" > \"$HOME/told\"'");
        var task = await village.AddAsync("One");
        using var terminal = Terminal(village);
        await TestVillage.EventuallyAsync(() => village.Tool("tmux", "list-clients", "-t", "=village") is not "", "a terminal is attached");
        (await village.RunAsync("queue", "1")).Succeed();

        var message = "which \"one\"? $(touch pwned) #{pane_id}";
        await TestVillage.EventuallyAsync(() => village.Note("told") is { } told && told == $"{task}|waiting|{message}|", "the command was told");
        await TestVillage.EventuallyAsync(() => village.Note("screen") is { } screen && screen.Contains($"{task} waits for you: {message}", StringComparison.Ordinal), "it is on the screen");
        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        await village.StateBecomesAsync(task, "completed");
        Assert.Empty(Directory.GetFiles(village.Sandbox, "pwned", SearchOption.AllDirectories));
        village.Tool("tmux", "detach-client", "-s", "=village");
        await terminal.WaitForExitAsync();
    }

    [Fact]
    public async Task A_command_that_fails_is_told_of_and_stops_nothing()
    {
        await using var village = await TestVillage.UpAsync("village signal waiting; echo work > work.txt", "MAX_WORKERS=1\n[notify]\ncommand=nothere");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Contains("warning: the notice could not be given: nothere", (await village.RunAsync("logs", task)).Succeed().Out, StringComparison.Ordinal);
    }

    // What a person has: a terminal of its own, with tmux on it.
    private static Process Terminal(TestVillage village)
    {
        var start = new ProcessStartInfo("script", ["-qfc", "stty cols 200 rows 50; exec tmux attach -t =village", Path.Combine(village.Home, "screen")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in village.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["TERM"] = "xterm-256color";
        return Process.Start(start)!;
    }
}
