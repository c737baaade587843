using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>The dashboard, as a person at a terminal sees it and types.</summary>
[Trait("scm", "none")]
public sealed class DashboardTests
{
    private const string Waits = """
        echo "first line"; echo x > file.txt
        village signal waiting --message "which one?"
        while [ ! -e "$HOME/go" ]; do sleep 0.05; done
        """;

    private const string Evil = "\u001b[31mred\u001b[0m \u001b]0;owned\u0007 \u202eback";

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(300)]
    public async Task It_fits_every_screen_with_any_number_of_tasks(int tasks)
    {
        await using var village = await TestVillage.UpAsync();
        if (tasks > 0)
        {
            var titles = Enumerable.Range(0, tasks).Select(n => n switch
            {
                0 => $$"""{"title":"漢字かな交じり文の長い題名、画面より長い長い長い長い長い長い長い長い長い長い長い長い題名"}""",
                1 => System.Text.Json.JsonSerializer.Serialize(new { title = Evil }),
                _ => $$"""{"title":"Task {{n}} with a title that goes on and on and on and on and on and on and on and on and on"}""",
            });
            var plan = Path.Combine(village.Home, "plan.jsonl");
            File.WriteAllLines(plan, titles);
            (await village.RunAsync("task", "add", "--file", plan)).Succeed();
        }

        var screen = new Screen(village, 60, 15);
        screen.Type("$VILLAGE dashboard");
        foreach (var (width, height) in new[] { (60, 15), (80, 24), (160, 45), (61, 19) })
        {
            screen.Resize(width, height);
            await screen.ShowsAsync(all => all.Split('\n') is var lines && lines.Length == height && lines[^1].StartsWith(width >= 80 ? "└" : "q quit", StringComparison.Ordinal), $"a frame of {width} by {height}");

            var all = screen.All;
            Assert.Contains("Active Workers (0/", all, StringComparison.Ordinal);
            Assert.Contains($"Task Queue ({tasks} ready, 0 blocked)", all, StringComparison.Ordinal);
            Assert.Contains("Lock Status: 0 ACTIVE, 0 STALE, 0 orphans", all, StringComparison.Ordinal);
            Assert.Contains("System Load: ", all, StringComparison.Ordinal);
            Assert.Equal(tasks > 3, all.Contains(" of 300", StringComparison.Ordinal));
            if (width >= 80)
            {
                // A frame that is whole: nothing was wider than it seemed.
                Assert.All(screen.Lines.Where(line => line.StartsWith('│')), line => Assert.EndsWith("│", line, StringComparison.Ordinal));
            }
        }

        if (tasks > 0)
        {
            screen.Press("End");
            await screen.ShowsAsync(all => all.Split('\n').Count(line => line.StartsWith('>')) is 1, "the last one is selected");
            screen.Press("Home");
            await screen.ShowsAsync("\\x1b[31mred\\x1b[0m \\x1b]0;owned\\x07");
            Assert.DoesNotContain("owned", screen.Ask("#{pane_title}"), StringComparison.Ordinal);
            Assert.Contains("漢字かな", screen.All, StringComparison.Ordinal);
        }

        screen.Press("q");
        await screen.ShowsAsync(all => all.Trim() is "ready>", "the shell is back on a clear screen");
    }

    [Fact]
    public async Task Without_colour_there_is_none_and_otherwise_there_is()
    {
        await using var village = await TestVillage.UpAsync();
        await village.AddAsync("One");
        var screen = new Screen(village, 80, 24);
        foreach (var (command, coloured) in new[] { ("NO_COLOR=1 $VILLAGE dashboard", false), ("$VILLAGE dashboard", true) })
        {
            screen.Type(command);
            await screen.ShowsAsync("[READY]");
            Assert.Equal(coloured, screen.Coloured.Contains("\u001b[32m[READY]", StringComparison.Ordinal));
            screen.Press("q");
            await screen.ShowsAsync(all => all.Trim() is "ready>", "the shell is back");
        }
    }

    [Fact]
    public async Task Single_keys_act_on_the_selected_worker()
    {
        await using var village = await TestVillage.UpAsync(Waits, "MAX_WORKERS=2");
        var (one, two) = (await village.AddAsync("One"), await village.AddAsync("Two"));
        (await village.RunAsync("queue", "2")).Succeed();
        var screen = new Screen(village, 110, 24);
        screen.Type("$VILLAGE dashboard --refresh-interval 1");
        await screen.ShowsAsync("2 need you");
        await screen.ShowsAsync("waiting: which one?");
        var selected = screen.Lines.Single(line => line.Contains("> bd-", StringComparison.Ordinal)).Contains(one, StringComparison.Ordinal) ? one : two;

        screen.Press("?");
        await screen.ShowsAsync("Keys of the dashboard");
        screen.Press("Escape");
        await screen.ShowsAsync("Active Workers (2/2)");
        screen.Press("l");
        await screen.ShowsAsync(all => all.StartsWith($"Log of {selected}", StringComparison.Ordinal) && all.Contains("first line", StringComparison.Ordinal), "its log");
        screen.Press("q", "p");
        await screen.ShowsAsync($"{selected} is paused");
        Assert.Equal("paused", (await village.StateAsync(selected)).State);
        screen.Press("p");
        await screen.ShowsAsync($"{selected} goes on");
        screen.Press("k");
        await screen.ShowsAsync($"stop the agent of {selected}?");
        screen.Press("n");
        await screen.ShowsAsync(all => !all.Contains("stop the agent", StringComparison.Ordinal), "not done");
        Assert.Equal("in_progress", (await village.StateAsync(selected)).State);
        screen.Press("k", "y");
        await screen.ShowsAsync("PARKED");
        Assert.Equal("paused", (await village.StateAsync(selected)).State);
        await screen.ShowsAsync("1 needs you");

        // The other one stands first now: it needs a person.
        screen.Press("Home", "Enter");
        var other = selected == one ? two : one;
        await TestVillage.EventuallyAsync(() => village.Tool("tmux", "display-message", "-p", "-t", "=village:", "#{window_name}").Contains(other, StringComparison.Ordinal), "its window is in front");
        screen.Press("u");
        await screen.ShowsAsync($"village undo {other}? y to do it");
        screen.Press("x", "q");
        await screen.ShowsAsync(all => all.Trim() is "ready>", "the shell is back");
        Assert.Equal("in_progress", (await village.StateAsync(other)).State);
    }

    [Fact]
    public async Task It_wakes_when_something_happens_and_starts_no_process_while_nothing_does()
    {
        await using var village = await TestVillage.UpAsync();
        var calls = Path.Combine(village.Home, "calls");
        foreach (var tool in new[] { "tmux", "git" })
        {
            village.Agent(tool, $"echo {tool} \"$@\" >> {calls}\nexec /usr/bin/{tool} \"$@\"");
        }

        var screen = new Screen(village, 80, 24);
        screen.Type("$VILLAGE dashboard --refresh-interval 1");
        await screen.ShowsAsync("Task Queue (0 ready");
        await Task.Delay(500);
        // tmux is called by this test too; the dashboard's own look is `list-panes`.
        int Looks() => File.ReadAllLines(calls).Count(line => line.StartsWith("git", StringComparison.Ordinal) || line.Contains("list-panes", StringComparison.Ordinal));
        var before = Looks();
        Assert.True(before > 0);
        await Task.Delay(TimeSpan.FromSeconds(4));
        Assert.Equal(before, Looks());

        await village.AddAsync("Comes up by itself");
        await screen.ShowsAsync("Comes up by itself");
        screen.Press("q");
        await screen.ShowsAsync(all => all.Trim() is "ready>", "the shell is back");
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Whatever_ends_it_the_terminal_works_at_the_next_prompt(string signal)
    {
        await using var village = await TestVillage.UpAsync();
        var screen = new Screen(village, 80, 24);
        screen.Type("$VILLAGE dashboard");
        await screen.ShowsAsync("System Load");
        var id = village.Processes().Single(id => Asking.CommandOf(id).Contains("\0dashboard", StringComparison.Ordinal));

        village.Tool("kill", $"-{signal}", $"{id}");

        await screen.ShowsAsync("ready>");
        screen.Type("clear; echo it $((40+2)); stty -a | tr ' ' '\\n' | grep -cx -e icanon -e echo -e opost");
        await screen.ShowsAsync(all => all.Contains("it 42\n3", StringComparison.Ordinal), "echo, lines and output are as they were");
        Assert.Equal("0 1 0", screen.Ask("#{alternate_on} #{cursor_flag} #{keypad_cursor_flag}"));
    }

    [Fact]
    public async Task Ctrl_Z_gives_the_terminal_to_the_shell_and_fg_brings_it_back()
    {
        await using var village = await TestVillage.UpAsync();
        var screen = new Screen(village, 80, 24);
        screen.Type("$VILLAGE dashboard");
        await screen.ShowsAsync("System Load");

        screen.Press("C-z");
        await screen.ShowsAsync("Stopped");
        screen.Type("clear; echo in the $((1+0)) shell");
        await screen.ShowsAsync("in the 1 shell");
        screen.Type("fg");
        await screen.ShowsAsync(all => all.StartsWith('┌') && all.Contains("System Load", StringComparison.Ordinal), "it is drawn anew");
        screen.Press("q");
        await screen.ShowsAsync(all => all.Trim() is "ready>", "the shell is back");
    }

    [Fact]
    public async Task In_a_pipe_it_is_one_plain_frame()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("One");
        await village.AddAsync("Two", "--depends-on", task);

        var plain = (await village.RunAsync("dashboard", "--watch")).Succeed().Out;

        Assert.DoesNotContain('\u001b', plain);
        Assert.Contains($"Task Queue (1 ready, 1 blocked)\n  {task}", plain, StringComparison.Ordinal);
        Assert.Contains($"Two  (waits for {task})", plain, StringComparison.Ordinal);
        var json = (await village.RunAsync("dashboard", "--json")).Succeed().Json();
        Assert.Equal(("READY", "BLOCKED"), (Asking.Text(json.GetProperty("queue")[0], "mark"), Asking.Text(json.GetProperty("queue")[1], "mark")));
        (await village.RunAsync("dashboard", "--refresh-interval", "soon")).ExitsWith(5);
    }
}
