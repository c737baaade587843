using System.CommandLine;
using Village.Tests.Docs;
using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>Every command where it cannot work: one sentence, the right exit code, nothing changed, as text and as JSON.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task Outside_a_repository_every_command_says_so()
    {
        await using var village = TestVillage.Create();
        InAWorker(village);

        Assert.Empty(await village.RefuseAsync(village.Home, 2, "not_ready", [.. EveryCommand.All("bd-1", "bd-2"), .. EveryCommand.Examining]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(village.Home));
    }

    [Fact]
    public async Task Before_up_every_command_but_the_planners_points_to_it()
    {
        await using var village = TestVillage.Create();
        InAWorker(village);
        bool Plans(string[] words) => words is ["up", ..] or ["ready"] or ["resume"] or ["agents", ..] or ["config", ..];

        Assert.Empty(await village.RefuseAsync(village.Root, 2, "not_ready", EveryCommand.All("bd-1", "bd-2").Where(words => !Plans(words)).Concat(EveryCommand.Examining)));
        Assert.EndsWith("hint: village up\n", (await village.RunAsync("status")).Error, StringComparison.Ordinal);
        (await village.RunAsync("resume")).Succeed().Transcript.ShouldBe("""
            There is no village here yet.
            Next: village up
            """);
        Assert.False(Directory.Exists(village.State));
    }

    [Fact, Trait("scm", "git")]
    public async Task In_a_repository_without_a_commit_up_says_what_is_missing()
    {
        await using var village = TestVillage.Create();
        var empty = Path.Combine(village.Sandbox, "empty");
        village.Tool("git", "init", "-q", empty);

        var refused = await village.RunInAsync(empty, ["up"]);

        refused.ExitsWith(2).Transcript.ShouldBe("""
            error: the repository has no commit yet, and work must start from one
            hint: git commit --allow-empty -m 'first commit'
            [exit 2]
            """);
        Assert.False(Directory.Exists(Path.Combine(empty, ".village")));
    }

    [Fact, Trait("scm", "git")]
    public async Task Without_git_every_command_names_it_and_how_to_get_it()
    {
        await using var village = await TestVillage.UpAsync();
        InAWorker(village);
        village.Environment["PATH"] = "/nonexistent";

        Assert.Empty(await village.RefuseAsync(village.Root, 2, "not_ready", EveryCommand.All("bd-1", "bd-2")));
        (await village.RunAsync("status")).Transcript.ShouldBe("""
            error: git is not installed or not on PATH
            hint: install it, for example: sudo apt-get install git
            [exit 2]
            """);
    }

    [Fact]
    public async Task A_configuration_alone_is_no_village_yet()
    {
        await using var village = TestVillage.Create();
        village.Configure("", "exit 0");

        (await village.RunAsync("task", "add", "One")).ExitsWith(2).Transcript.ShouldBe("""
            error: this repository has no village yet, only a part of one
            hint: village up
            [exit 2]
            """);
    }

    [Fact]
    public async Task Without_tmux_what_needs_it_names_it_and_the_rest_works()
    {
        await using var village = await TestVillage.UpAsync();
        var (task, other) = (await village.AddAsync("One"), await village.AddAsync("Two"));
        var only = Directory.CreateDirectory(Path.Combine(village.Sandbox, "only-git")).FullName;
        File.CreateSymbolicLink(Path.Combine(only, "git"), "/usr/bin/git");
        village.Environment["PATH"] = only;
        string[][] need =
        [
            ["up"], ["up", "--plan"], ["ready"], ["queue"], ["queue", "1"], ["queue", "--drain"], ["resume"], ["resume", task], ["status"], ["attach"], ["locks"],
            ["cleanup"], ["cleanup", "--plan"], ["dashboard"], ["down"],
        ];

        Assert.Empty(await village.RefuseAsync(village.Root, 2, "not_ready", need));
        foreach (var words in (string[][])[["task", "list"], ["task", "show", task], ["task", "close", other], ["state", task], ["events"], ["config", "list"], ["resume", task, "--dry-run"]])
        {
            (await village.RunAsync(words)).Succeed();
        }
    }

    [Fact]
    public async Task Without_a_session_starting_and_attaching_point_to_up_and_looking_works()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("One");
        village.Tool("tmux", "kill-server");

        Assert.Empty(await village.RefuseAsync(village.Root, 2, "not_ready", [["queue", "1"], ["queue", "--drain"], ["resume", task], ["attach"], ["attach", task]]));
        (await village.RunAsync("queue", "1")).Transcript.ShouldBe("""
            error: the tmux session 'village' is not running
            hint: village up
            [exit 2]
            """);
        foreach (var words in EveryCommand.Reading(task).Where(words => words is not (["attach"] or ["ready"] or ["logs", _])))
        {
            (await village.RunAsync(words)).Succeed();
        }

        Assert.Equal(2, (await village.RunAsync("ready")).Exit);
    }

    [Fact]
    public async Task An_unknown_task_is_not_found_everywhere()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("One");

        Assert.Empty(await village.RefuseAsync(village.Root, 1, "not_found", OnTask("bd-zzzz", task)));
    }

    [Fact]
    public async Task A_task_id_that_leaves_its_directory_is_no_task_id_anywhere()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("One");
        foreach (var hostile in (string[])["../../x", "a/b", "..", "x.lock", "$(touch pwned)", "-", "a b", "a\nb", new string('a', 129), "%0", "#{pane_id}"])
        {
            Assert.Empty(await village.RefuseAsync(village.Root, 5, "user_input", [.. OnTask(hostile, task), ["events", "--task", hostile], ["task", "add", "x", "--depends-on", hostile]]));
        }

        Assert.False(File.Exists(Path.Combine(village.Root, "pwned")));
    }

    [Fact]
    public async Task A_near_miss_of_a_task_id_names_the_task_that_was_probably_meant()
    {
        await using var village = await TestVillage.UpAsync(settings: "TASK_PREFIX=proj");
        var task = await village.AddAsync("One");

        var refused = (await village.RunAsync("state", task[..^1] + "_")).ExitsWith(1);

        Assert.Equal($"error: there is no task '{task[..^1]}_'\nhint: did you mean {task}? `village task list` shows all\n", refused.Error);
    }

    [Fact]
    public void No_command_is_forgotten_here()
    {
        static IEnumerable<string> Leaves(Command command, string name) => command.Subcommands.Count is 0
            ? [name.Trim()]
            : command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Leaves(c, $"{name} {c.Name}"));
        var tried = EveryCommand.All("bd-1", "bd-2").Concat(EveryCommand.Examining).Select(words => string.Join(' ', words)).Append("completion bash").Append("mcp").ToList();

        Assert.All(Leaves(DocumentedTree.Root, ""), name => Assert.Contains(tried, line => $"{line} ".StartsWith($"{name} ", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string[]> OnTask(string id, string other) =>
    [
        ["task", "show", id], ["task", "edit", id, "--title", "x"], ["task", "close", id], ["task", "reopen", id], ["task", "dep", "add", id, other],
        ["task", "dep", "add", other, id], ["task", "dep", "remove", id, other], ["task", "dep", "remove", other, id], ["resume", id], ["resume", id, "--dry-run"],
        ["retry", id], ["retry", id, "--force"], ["attach", id], ["logs", id], ["logs", id, "-f"], ["unlock", id], ["unlock", id, "--force"], ["state", id],
        ["pause", id], ["resume-task", id], ["send", id, "text"], ["contract", id],
    ];

    private static void InAWorker(TestVillage village) => (village.Environment["VILLAGE_TASK"], village.Environment["VILLAGE_LEASE"]) = ("bd-1", "abc");
}
