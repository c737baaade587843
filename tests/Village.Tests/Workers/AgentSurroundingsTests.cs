using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>What an agent finds around it, and what it must not find.</summary>
public sealed class AgentSurroundingsTests
{
    [Fact]
    public async Task An_agent_has_the_callers_environment_and_not_that_of_the_tmux_server()
    {
        await using var village = await TestVillage.UpAsync("env -0 > \"$HOME/environment\"; echo work > work.txt");
        (village.Environment["SECRET"], village.Environment["EDITOR"]) = ("hunter2\nsecond line = x", "after up");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        var found = village.Note("environment")!.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        Assert.Equal(("hunter2\nsecond line = x", "after up"), (found["SECRET"], found["EDITOR"]));
        Assert.Equal((task, "1", village.State, village.Workspace(task)), (found["VILLAGE_TASK"], found["VILLAGE_ATTEMPT"], found["VILLAGE_DIR"], found["VILLAGE_WORKSPACE"]));
        Assert.Matches("^[0-9a-f]{32}$", found["VILLAGE_LEASE"]);
        Assert.Equal(village.Workspace(task), found["PWD"]);
        Assert.StartsWith("%", found["TMUX_PANE"], StringComparison.Ordinal);
        Assert.DoesNotContain(found.Keys, name => name.StartsWith("GIT_DIR", StringComparison.Ordinal) || name is "GIT_INDEX_FILE");
        Assert.DoesNotContain("hunter2", File.ReadAllText(Path.Combine(village.State, "events.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_of_the_caller_are_in_no_command_line_and_no_file()
    {
        await using var village = await TestVillage.UpAsync("touch \"$HOME/hanging\"; sleep 1000", "MAX_WORKERS=1");
        village.Environment["SECRET"] = "hunter2hunter2";
        await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        Assert.All(village.Processes(), id => Assert.DoesNotContain("hunter2hunter2", File.ReadAllText($"/proc/{id}/cmdline"), StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2hunter2", village.Tool("tmux", "show-environment", "-t", "=village"), StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(village.State, "*", SearchOption.AllDirectories),
            path => Assert.DoesNotContain("hunter2hunter2", File.ReadAllText(path), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Neither_the_agent_nor_tmux_inherits_a_descriptor_of_Villages()
    {
        await using var village = await TestVillage.UpAsync("ls -l /proc/self/fd > \"$HOME/open\"; touch \"$HOME/hanging\"; sleep 1000", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        Assert.DoesNotContain("/locks/", village.Note("open"), StringComparison.Ordinal);
        Assert.DoesNotContain("village-environment", village.Note("open"), StringComparison.Ordinal);
        Assert.Contains($"0 -> {village.State}/contracts/{task}/1.md", village.Note("open"), StringComparison.Ordinal);
        var server = village.ProcessOf(task, "tmux");
        Assert.All(Directory.EnumerateFileSystemEntries($"/proc/{server}/fd"), fd => Assert.DoesNotContain(village.State, new FileInfo(fd).LinkTarget, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_agent_writes_to_a_real_terminal_and_pipes_break_as_they_should()
    {
        await using var village = await TestVillage.UpAsync(
            "[ -t 1 ] && [ -t 2 ] && echo yes > \"$HOME/terminal\"; (while :; do echo x; done) | head -1 > /dev/null; grep -E 'Sig(Ign|Blk)' /proc/self/status > \"$HOME/signals\"; echo work > work.txt");
        await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("yes\n", village.Note("terminal"));
        // posix_spawn ignores the two that the C library keeps for itself, 32 and 33.
        Assert.Matches("^SigBlk:\t0000000000000000\nSigIgn:\t0000000(0|1)(0|8)0000000\n$", village.Note("signals"));
    }

    [Fact]
    public async Task The_pane_of_a_worker_is_gone_when_the_worker_is_and_its_log_stays()
    {
        await using var village = await TestVillage.UpAsync("echo spoken; echo work > work.txt");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        await TestVillage.EventuallyAsync(() => village.Tool("tmux", "list-windows", "-t", "=village:", "-F", "#{window_name}") is "shell\n", "the window is gone");
        Assert.Contains("spoken", (await village.RunAsync("logs", task)).Succeed().Out, StringComparison.Ordinal);
    }
}
