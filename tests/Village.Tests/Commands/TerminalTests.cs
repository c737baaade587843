using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>What a person at a real terminal sees: each test has a second tmux server as that terminal.</summary>
public sealed class TerminalTests
{
    [Fact]
    public async Task Attach_shows_the_window_of_a_task_and_resume_goes_there_by_itself()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/hanging-$VILLAGE_TASK\"; sleep 1000", "MAX_WORKERS=2");
        var (first, second) = (await village.AddAsync("One"), await village.AddAsync("Two"));
        (await village.RunAsync("queue", "1", "--json")).Succeed();
        await TestVillage.EventuallyAsync(() => village.LoggedState(first) is "in_progress" || village.LoggedState(second) is "in_progress", "one is started");
        var (started, other) = village.LoggedState(first) is "in_progress" ? (first, second) : (second, first);

        foreach (var (words, task) in new[] { ("attach", started), ("resume", other) })
        {
            using var terminal = new Terminal(village, $"{words} {task}; echo \"ended with $?\"; sleep 1000");
            await TestVillage.EventuallyAsync(() => Shown(village) == $"build-1-{task}", $"after {words} the person sees the window of the task");

            village.Tool("tmux", "detach-client", "-s", "=village");

            await TestVillage.EventuallyAsync(() => terminal.Screen.Contains("ended with ", StringComparison.Ordinal), "it ends when the person detaches");
            Assert.Contains("ended with 0", terminal.Screen, StringComparison.Ordinal);
        }

        Assert.Equal("ACTIVE", Asking.Text(await village.LockAsync(other), "status"));
    }

    [Fact]
    public async Task Without_a_terminal_attach_says_what_to_type()
    {
        await using var village = await TestVillage.UpAsync();

        (await village.RunAsync("attach")).Transcript.ShouldBe("""
            error: this is no terminal
            hint: tmux attach -t village
            [exit 2]
            """);
        (await village.RunAsync("attach", "--json")).Succeed().Transcript.ShouldBe("""
            {
              "command": "attach",
              "version": 1,
              "task": null,
              "window": null,
              "pane_id": null,
              "run": "tmux attach -t village"
            }
            """);
    }

    [Fact]
    public async Task A_task_without_a_worker_cannot_be_attached()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("One");

        (await village.RunAsync("attach", task)).Transcript.Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            error: 'TASK' has no living worker
            hint: village logs TASK, or village resume TASK
            [exit 3]
            """);
    }

    [Fact]
    public async Task Colours_and_progress_are_for_terminals_and_NO_COLOR_is_heeded()
    {
        await using var village = await TestVillage.UpAsync("while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done; echo work > work.txt", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        using (var terminal = new Terminal(village, "queue --drain; sleep 1000"))
        {
            await TestVillage.EventuallyAsync(() => terminal.Screen.Contains($"0 ended, 1 working ({task}), 0 ready, 0 waiting", StringComparison.Ordinal), "the progress is shown");
            File.WriteAllText(Path.Combine(village.Home, "go"), "");
            await TestVillage.EventuallyAsync(() => terminal.Screen.Contains("\u001b[32mcompleted", StringComparison.Ordinal), "the end is shown in green");
            Assert.DoesNotContain("1 working", terminal.Screen, StringComparison.Ordinal);
        }

        village.Environment["NO_COLOR"] = "1";
        using (var terminal = new Terminal(village, "task list --all; sleep 1000"))
        {
            await TestVillage.EventuallyAsync(() => terminal.Screen.Contains("closed", StringComparison.Ordinal), "the list is shown");
            Assert.DoesNotContain('\u001b', terminal.Screen);
        }
    }

    [Fact]
    public async Task What_is_typed_says_whether_there_is_colour_and_narration()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "MAX_WORKERS=1\nNOT_A_KEY=1");
        var task = await village.AddAsync("One");
        async Task<bool> IsColouredAsync(params string[] words) => (await village.RunAsync(words)).Out.Contains('\u001b');

        Assert.True(await IsColouredAsync("queue", "--color", "always"));
        Assert.True(await IsColouredAsync("--color=always", "queue"));
        Assert.False(await IsColouredAsync("queue", "--color", "always", "--json"));
        Assert.False(await IsColouredAsync("queue"));
        village.Environment["CLICOLOR_FORCE"] = "1";
        Assert.True(await IsColouredAsync("queue"));
        Assert.False(await IsColouredAsync("queue", "--color", "never"));
        village.Environment["NO_COLOR"] = "1";
        Assert.False(await IsColouredAsync("queue"));
        Assert.Contains("auto, always or never", (await village.RunAsync("queue", "--color", "mauve")).ExitsWith(5).Error, StringComparison.Ordinal);

        var quiet = (await village.RunAsync("queue", "1", "--quiet")).Succeed();
        Assert.DoesNotContain("started, attempt", quiet.Error, StringComparison.Ordinal);
        Assert.StartsWith("warning: ", quiet.Error, StringComparison.Ordinal);
        Assert.Contains(task, quiet.Out, StringComparison.Ordinal);
        Assert.StartsWith("error: ", string.Join('\n', (await village.RunAsync("state", "bd-none", "-q")).ExitsWith(1).Error.Split('\n').Where(line => !line.StartsWith("warning", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_typed_into_the_dashboard_ends_it()
    {
        await using var village = await TestVillage.UpAsync(settings: "[dashboard]\nrefresh_interval_seconds=1\n[DEFAULT]");
        using var terminal = new Terminal(village, "dashboard; echo \"ended with $?\"; sleep 1000");
        await TestVillage.EventuallyAsync(() => terminal.Screen.Contains("Active Workers (0/", StringComparison.Ordinal), "the dashboard is shown");

        terminal.Tmux("send-keys", "C-c");

        await TestVillage.EventuallyAsync(() => terminal.Screen.Contains("ended with 0", StringComparison.Ordinal), "it ended well, as that is how a person ends it");
    }

    private static string Shown(TestVillage village) => village.TryTool("tmux", "list-clients", "-t", "=village", "-F", "#{window_name}").Out.TrimEnd('\n');

    /// <summary>A terminal of 100 columns in which a person has typed <c>village WORDS</c>: a tmux server of its own.</summary>
    private sealed class Terminal : IDisposable
    {
        private readonly TestVillage village;
        private readonly string socket = $"person-{Guid.NewGuid():N}"[..12];

        public Terminal(TestVillage village, string words)
        {
            this.village = village;
            Tmux("new-session", "-d", "-x", "100", "-y", "30", "-c", village.Root, "sh", "-c", $"unset TMUX TMUX_PANE; trap : INT; '{TestVillage.Binary}' {words}");
        }

        public string Screen => village.TryTool("tmux", "-L", socket, "capture-pane", "-p", "-e").Out;

        public void Tmux(params string[] words) => village.Tool("tmux", ["-L", socket, .. words]);

        public void Dispose() => village.TryTool("tmux", "-L", socket, "kill-server");
    }
}
