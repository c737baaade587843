using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>Completion in the shells that people use, typed into a terminal; and what is offered where.</summary>
[Trait("scm", "none")]
public sealed class CompletionTests
{
    // Every quote there is, what a shell would run, and what a terminal would obey.
    private const string Hostile = "hostile '\"`touch pwned`$(touch pwned);touch pwned&|<>*?~#!\\ x";

    [Theory]
    [InlineData("bash --norc --noprofile -i", "source <(village completion bash)")]
    [InlineData("zsh -f", "autoload -U compinit; compinit -u -D; source <(village completion zsh)")]
    [InlineData("fish --no-config", "village completion fish | source")]
    public async Task A_shell_completes_commands_ids_options_and_labels_and_runs_nothing_of_them(string shell, string load)
    {
        await using var village = await TestVillage.UpAsync();
        Import(village, $$"""
            {"id":"bd-a11","title":"Open","labels":["agent:build","two words",{{System.Text.Json.JsonSerializer.Serialize(Hostile)}}]}
            {"id":"bd-a22","title":"$(touch pwned) `touch pwned` \u001b[31m\n\t'\"","labels":["a\nb"]}
            {"id":"bd-b33","title":"Closed","status":"closed"}
            {"id":"bd-c44","title":"Target"}
            """);
        using var terminal = new Shell(village, shell);
        terminal.Type($"{load}; cd .\n");

        terminal.Type("village task cl\tbd-a1\t\n");
        await StatusAsync(village, "bd-a11", "closed");
        terminal.Type("village task reopen bd-b\t\n");
        await StatusAsync(village, "bd-b33", "open");
        terminal.Type("village task lab\tad\tbd-c\tagent:bu\t\n");
        await LabelAsync(village, "agent:build");
        terminal.Type("village task edit bd-c44 --lab\ttwo\t\n");
        await LabelAsync(village, "two words");
        terminal.Type("village task edit bd-c44 --label hos\t\n");
        await LabelAsync(village, Hostile);
        terminal.Type("village task edit bd-c44 --type=bu\t\n");
        await TestVillage.EventuallyAsync(async () => (await ShowAsync(village, "bd-c44")).GetProperty("type").GetString() is "bug", "the value after = was completed");
        terminal.Type("village task show bd-\t\t\t\n");
        terminal.Type("\u0015touch end\n");
        await TestVillage.EventuallyAsync(() => File.Exists(Path.Combine(village.Root, "end")), "the shell goes on");
        Assert.False(File.Exists(Path.Combine(village.Root, "pwned")), "a title or a label was run");
    }

    [Theory]
    [InlineData("task cl", "close\tClose tasks by hand; tasks that wait for them become ready\n")]
    [InlineData("task close bd-", "bd-1\tOne\\n\\x1b[31m\nbd-3\tThree\n")]
    [InlineData("task close BD-1 bd-3", "bd-3\tThree\n")]
    [InlineData("task reopen ", "bd-2\tTwo\n")]
    [InlineData("task show --json bd-2", "bd-2\tTwo\n")]
    [InlineData("task add x --depends-on ", "bd-1\tOne\\n\\x1b[31m\nbd-3\tThree\n")]
    [InlineData("task list --label ", "ui\t2 tasks\nx y\t1 task\n")] // One with a line break cannot be typed.
    [InlineData("task edit bd-1 --status=bl", "--status=blocked\n")]
    [InlineData("task list --priority ", "0\n1\n2\n3\n4\n")]
    [InlineData("task dep add bd-1 bd-3 --type rel", "related\n")]
    [InlineData("task edit bd-1 --label=u", "--label=ui\t2 tasks\n")]
    [InlineData("queue --dr", "--drain\tGo on starting until nothing is left to start\n")]
    [InlineData("resume bd-1 b", "build\n")]
    [InlineData("task import ", ":files\n")]
    [InlineData("completion ", "bash\nzsh\nfish\n")]
    [InlineData("compl", "completion\tPrint a script that completes commands, ids and labels in your shell\n")]
    [InlineData("exec bd-1 -- ", "")]
    [InlineData("nonsense ", "")]
    [InlineData("task close --", null)]
    public async Task What_is_offered_is_what_may_stand_there(string line, string? offered)
    {
        await using var village = await TestVillage.UpAsync();
        Import(village, """
            {"id":"bd-1","title":"One\n\u001b[31m","labels":["ui","a\nb"]}
            {"id":"bd-2","title":"Two","status":"closed","labels":["x y"]}
            {"id":"bd-3","title":"Three","labels":["ui"]}
            """);
        var before = Directory.EnumerateFiles(village.State, "*", SearchOption.AllDirectories).Order().ToList();

        var answer = (await village.RunAsync(["complete", "--", .. line.Split(' ')])).Succeed();

        Assert.Equal("", answer.Error);
        if (offered is null)
        {
            Assert.Contains("--reason\tWhy\n", answer.Out, StringComparison.Ordinal);
            Assert.All(answer.Out.TrimEnd('\n').Split('\n'), word => Assert.StartsWith("--", word, StringComparison.Ordinal));
        }
        else
        {
            Assert.Equal(offered, answer.Out);
        }

        Assert.Equal(before, Directory.EnumerateFiles(village.State, "*", SearchOption.AllDirectories).Order());
    }

    [Fact]
    public async Task Where_there_is_no_village_or_a_broken_one_completion_says_what_it_can()
    {
        await using var village = TestVillage.Create();
        Assert.Equal("task\tAdd, list and change tasks\n", (await village.RunAsync("complete", "--", "tas")).Succeed().Out);
        Assert.Equal("", (await village.RunAsync("complete", "--", "task", "close", "")).Succeed().Out);
        Assert.Contains("one of: bash, zsh, fish", (await village.RunAsync("completion", "tcsh")).ExitsWith(5).Error, StringComparison.Ordinal);

        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        Import(village, """
            not a task
            {"id":"bd-3","title":"Three"}
            """);
        Assert.Equal("bd-3\tThree\n", (await village.RunAsync("complete", "--", "task", "close", "")).Succeed().Out);
    }

    private static void Import(TestVillage village, string lines) => File.WriteAllText(Path.Combine(village.State, "tasks.jsonl"), lines + "\n");

    private static async Task<System.Text.Json.JsonElement> ShowAsync(TestVillage village, string id) =>
        (await village.RunAsync("task", "show", id, "--json")).Succeed().Json().GetProperty("task");

    private static Task StatusAsync(TestVillage village, string id, string status) => TestVillage.EventuallyAsync(
        async () => (await ShowAsync(village, id)).GetProperty("status").GetString() == status, $"{id} is {status}");

    private static Task LabelAsync(TestVillage village, string label) => TestVillage.EventuallyAsync(
        async () => (await ShowAsync(village, "bd-c44")).GetProperty("labels").EnumerateArray().Any(found => found.GetString() == label), $"bd-c44 has the label {label}");

    /// <summary>An interactive shell in a terminal of its own.</summary>
    private sealed class Shell : IDisposable
    {
        private readonly TestVillage village;
        private readonly string socket = $"shell-{Guid.NewGuid():N}"[..12];

        public Shell(TestVillage village, string shell)
        {
            this.village = village;
            var bin = Directory.CreateDirectory(Path.Combine(village.Home, "bin")).FullName;
            File.WriteAllText(Path.Combine(bin, "village"), $"#!/bin/sh\nexec '{TestVillage.Binary}' \"$@\"\n");
            File.SetUnixFileMode(Path.Combine(bin, "village"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            village.Tool("tmux", "-L", socket, "new-session", "-d", "-x", "120", "-y", "40", "-c", village.Root, "sh", "-c", $"PATH='{bin}':$PATH; export PATH; exec {shell}");
        }

        /// <summary>Types text; a shell takes one key after the other, so nothing has to be waited for.</summary>
        public void Type(string keys) => village.Tool("tmux", ["-L", socket, "send-keys", "-H", .. System.Text.Encoding.UTF8.GetBytes(keys.Replace('\n', '\r')).Select(b => $"{b:x2}")]);

        public void Dispose() => village.TryTool("tmux", "-L", socket, "kill-server");
    }
}
