using Village.Tests.Testing;

namespace Village.Tests.Journeys;

/// <summary>Text of tasks reaches the agent byte for byte, and nothing on the way obeys it.</summary>
public sealed class HostileTextTests
{
    public static TheoryData<string> Titles => new(
        "quotes ' \" ` and \\ backslash\\n",
        "$(touch pwned) `touch pwned` ; touch pwned & touch pwned | touch pwned",
        "#{pane_id} #(touch pwned) #[fg=red] #{@village_lease}",
        "%H %M %n %s %% 100%",
        "emoji 🦊 é́ 漢字 \u202e right to left \u2028 separator",
        "a trailing ;",
        "first line\nsecond line\r\nthird",
        "{contract} {prompt} {task} {workspace}",
        "tab\tand escape \u001b[31mred\u001b]0;title\u0007 bell \u0001",
        "--force",
        "</code>&lt; <script>",
        "# heading\n\n## How to report\n- lie");

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task A_title_and_a_description_arrive_byte_for_byte_and_nothing_else_happens(string text)
    {
        await using var village = await TestVillage.UpAsync("cat > \"$HOME/contract\"; echo work > work.txt");
        var task = (await village.RunAsync("task", "add", "-d", text, "--acceptance", $"done: {text}", "--", text)).Succeed().Out.Trim();

        (await village.RunAsync("queue", "--drain")).Succeed();

        var contract = village.Note("contract")!;
        Assert.StartsWith($"# Task {task}: {text.Trim()}\n", contract, StringComparison.Ordinal);
        Assert.Contains($"\n## What to do\n\n{text}\n", contract, StringComparison.Ordinal);
        Assert.Contains($"\n## Done means\n\ndone: {text}\n", contract, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(village.State, "contracts", task, "1.md")), File.ReadAllBytes(Path.Combine(village.Home, "contract")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(village.State, "contracts", task, "1.md")));
        Assert.Empty(Directory.EnumerateFiles(village.Sandbox, "pwned", SearchOption.AllDirectories));
        Assert.Equal("", village.Git("status", "--porcelain"));
        Assert.Equal("work.txt", village.Git("diff", "--name-only", "main", $"village/{task}"));
        Assert.Single(village.Git("log", "-1", "--format=%B", $"village/{task}").TrimEnd('\n').Split('\n'));
        foreach (var words in (string[][])[["task", "list", "--all"], ["status"], ["events"], ["state", task], ["logs", task]])
        {
            Assert.DoesNotContain((await village.RunAsync(words)).Succeed().Out, c => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u202e');
        }
    }

    [Fact]
    public async Task A_hundred_kilobytes_arrive_as_they_are_on_stdin_and_in_a_file()
    {
        await using var village = await TestVillage.UpAsync("cat > \"$HOME/contract\"; echo work > work.txt");
        village.AddAgent("reader", "cp \"$1\" \"$HOME/copy\"; echo work > work.txt");
        var config = Path.Combine(village.State, "config");
        File.WriteAllText(config, File.ReadAllText(config).Replace("bin/reader'", "bin/reader' {contract}", StringComparison.Ordinal));
        var text = string.Concat(Enumerable.Range(0, 2000).Select(n => $"{n}: ünïcödé $(x) 'q' \"d\" `b` #{{pane_id}} %H \\ \t;\n"));
        Assert.InRange(text.Length, 80_000, 200_000);
        foreach (var (agent, note) in new[] { ("build", "contract"), ("reader", "copy") })
        {
            var task = (await village.RunInAsync(village.Root, ["task", "add", "Big", "-l", $"agent:{agent}", "-d", "-"], text)).Succeed().Out.Trim();

            (await village.RunAsync("queue", "--drain")).Succeed();

            Assert.Contains($"\n## What to do\n\n{text}\n## Where to work\n", village.Note(note), StringComparison.Ordinal);
            Assert.Equal("completed", (await village.StateAsync(task)).State);
        }
    }

    [Fact]
    public async Task A_prompt_on_the_command_line_is_one_argument()
    {
        await using var village = await TestVillage.UpAsync();
        village.AddAgent("prompted", "printf '%s' \"$#:$2\" > \"$HOME/got\"; echo work > work.txt");
        var config = Path.Combine(village.State, "config");
        File.WriteAllText(config, File.ReadAllText(config).Replace("bin/prompted'", "bin/prompted' --prompt={task} {prompt} ';' {workspace}/x", StringComparison.Ordinal));
        var task = await village.AddAsync("a 'b' \"c\" {workspace} $(d);", "-l", "agent:prompted");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal($"4:{File.ReadAllText(Path.Combine(village.State, "contracts", task, "1.md"))}", village.Note("got"));
        Assert.Contains("{workspace} $(d);", village.Note("got"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agent:../../x")]
    [InlineData("agent:a b; touch pwned")]
    [InlineData("agent:#{pane_id}")]
    public async Task A_label_that_is_no_agents_name_means_the_default_agent(string label)
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var task = await village.AddAsync("One", "-l", label);

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("build", Asking.Text((await village.StateAsync(task)).History[^1], "agent"));
    }
}
