using Village.Tests.Testing;

namespace Village.Tests.Workers;

/// <summary>What is done in a workspace before its agent starts: once, never over what is there, and never into a commit.</summary>
public sealed class SetUpTests
{
    private const string Agent = "cp -a . \"$HOME/seen\"; env > \"$HOME/environment\"; echo work >> work.txt";

    [Fact, Trait("scm", "git")]
    public async Task Files_and_links_of_the_main_checkout_are_there_before_the_agent_and_in_no_commit()
    {
        await using var village = await UpAsync(Agent, "copy=.env conf 'a b[1]*.txt' deep/**/*.local\nsymlink=node_modules tools/bin\n", root =>
        {
            Write(root, ".gitignore", "node_modules/\n*.log\n");
            Write(root, "conf/tracked.ini", "tracked\n");
        });
        var root = village.Root;
        Write(root, ".env", "SECRET=1\n");
        File.SetUnixFileMode(Path.Combine(root, ".env"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write(root, "conf/my.ini", "mine\n");
        Write(root, "conf/tracked.ini", "changed in the main checkout\n");
        Write(root, "conf/run.log", "ignored already\n");
        File.CreateSymbolicLink(Path.Combine(root, "conf/outside"), "/etc");
        Write(root, "a b[1] c.txt", "blanks\n");
        Write(root, "deep/x/y/z.local", "deep\n");
        Write(root, "deep/x/y/z.other", "not asked for\n");
        Write(root, "node_modules/m/index.js", "module\n");
        Write(root, "tools/bin/tool", "tool\n");
        village.Tool("mkfifo", Path.Combine(root, "conf/pipe"));
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        var seen = Path.Combine(village.Home, "seen");
        Assert.Equal("SECRET=1\n", File.ReadAllText(Path.Combine(seen, ".env")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(seen, ".env")));
        Assert.Equal("mine\n", File.ReadAllText(Path.Combine(seen, "conf/my.ini")));
        Assert.Equal("tracked\n", File.ReadAllText(Path.Combine(seen, "conf/tracked.ini")));
        Assert.Equal("/etc", new FileInfo(Path.Combine(seen, "conf/outside")).LinkTarget);
        Assert.Equal("blanks\n", File.ReadAllText(Path.Combine(seen, "a b[1] c.txt")));
        Assert.Equal("deep\n", File.ReadAllText(Path.Combine(seen, "deep/x/y/z.local")));
        Assert.False(File.Exists(Path.Combine(seen, "deep/x/y/z.other")));
        Assert.False(Path.Exists(Path.Combine(seen, "conf/pipe")));
        Assert.Equal(Path.Combine(root, "node_modules"), new DirectoryInfo(Path.Combine(village.Workspace(task), "node_modules")).LinkTarget);
        Assert.Equal("tool\n", File.ReadAllText(Path.Combine(village.Workspace(task), "tools/bin/tool")));
        Assert.Equal("work.txt", village.Git("diff", "--name-only", "main", $"village/{task}"));
        Assert.Equal(["/.env", "/a b\\[1] c.txt", "/conf/my.ini", "/conf/outside", "/deep/x/y/z.local", "/node_modules", "/tools/bin"], Excludes(village));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(root, ".worktrees"), ".*"));
    }

    [Fact]
    public async Task It_runs_once_for_a_workspace_and_again_when_it_has_changed()
    {
        await using var village = await UpAsync("echo $VILLAGE_ATTEMPT > try.txt; exit 1", "copy=.env\nrun=sh -c 'echo ran >> \"$HOME/runs\"; echo mine > .env'\n");
        Write(village.Root, ".env", "theirs\n");
        var task = await village.AddAsync("One");
        async Task<string> RunsAsync()
        {
            (await village.RunAsync("queue", "--drain")).ExitsWith(1);
            Assert.Equal("agent_exit", (await village.StateAsync(task)).Reason);
            (await village.RunAsync("retry", task)).Succeed();
            return village.Note("runs")!;
        }

        Assert.Equal("ran\n", await RunsAsync());
        Assert.Equal("ran\n", await RunsAsync());
        Assert.Equal("mine\n", File.ReadAllText(Path.Combine(village.Workspace(task), ".env")));
        var config = Path.Combine(village.State, "config");
        File.WriteAllText(config, File.ReadAllText(config).Replace("echo ran", "echo again", StringComparison.Ordinal));
        Assert.Equal("ran\nagain\n", await RunsAsync());
        Assert.Equal("mine\n", File.ReadAllText(Path.Combine(village.Workspace(task), ".env")));
    }

    [Theory]
    [InlineData("copy=.env", "'.env', which is not in the main checkout")]
    [InlineData("symlink=node_modules", "'node_modules', which is not in the main checkout")]
    [InlineData("copy=link/passwd", "stands behind a symbolic link")]
    [InlineData("run=sh -c 'echo half >> half.log; echo the reason; exit 3'", "the set-up ended with exit code 3")]
    [InlineData("run=sh -c 'exec sleep 1000'\ntimeout=1", "the set-up ran longer than 1.0s")]
    [InlineData("run=no-such-program", "'no-such-program' is not installed or not on PATH")]
    [InlineData("run=sh -c 'echo x > lock.json'", "the set-up changed files that git would commit: lock.json")]
    [InlineData("copy=forced.txt", "git would take 'forced.txt' for the agent's work")]
    public async Task What_cannot_be_set_up_fails_before_the_agent_and_retry_tries_again(string settings, string message)
    {
        await using var village = await UpAsync("touch \"$HOME/started\"; echo x > x.txt", settings + "\n", root => Write(root, ".gitignore", "*.log\n!forced.txt\n"));
        File.CreateSymbolicLink(Path.Combine(village.Root, "link"), "/etc");
        Write(village.Root, "forced.txt", "x\n");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).ExitsWith(1);

        var story = await village.StateAsync(task);
        Assert.Equal(("failed", "setup_failed", null), (story.State, story.Reason, story.Trash));
        Assert.Contains(message, story.Message, StringComparison.Ordinal);
        Assert.Null(village.Note("started"));
        Assert.Equal("ENDED", Asking.Text(await village.LockAsync(task), "status"));
        if (settings.Contains("the reason", StringComparison.Ordinal))
        {
            Assert.Contains("the reason", (await village.RunAsync("logs", task)).Succeed().Out, StringComparison.Ordinal);
            Assert.Equal("half\n", File.ReadAllText(Path.Combine(village.Workspace(task), "half.log")));
        }

        var config = Path.Combine(village.State, "config");
        File.WriteAllText(config, File.ReadAllText(config).Replace(settings, "run=true", StringComparison.Ordinal));
        (await village.RunAsync("retry", task)).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.Equal("completed", (await village.StateAsync(task)).State);
    }

    [Fact]
    public async Task An_interrupted_set_up_parks_the_task_leaves_nothing_running_and_begins_again()
    {
        await using var village = await UpAsync(
            "echo work > work.txt", "run=sh -c 'echo ran >> \"$HOME/runs\"; [ -e \"$HOME/second\" ] || { setsid sleep 1000 & touch \"$HOME/hanging\"; sleep 1000; }'\n");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        village.Tool("tmux", "kill-pane", "-t", village.Lease(task)["pane"]);

        Assert.Equal("interrupted", (await village.StateBecomesAsync(task, "paused")).Reason);
        await village.NothingIsLeftRunningAsync();
        File.WriteAllText(Path.Combine(village.Home, "second"), "");
        (await village.RunAsync("resume", task, "--detached")).Succeed();
        await village.StateBecomesAsync(task, "completed");
        Assert.Equal("ran\nran\n", village.Note("runs"));
    }

    [Fact]
    public async Task Processes_of_the_set_up_do_not_outlive_it()
    {
        await using var village = await UpAsync("ps -eo args | grep -c '[s]leep 9731' > \"$HOME/count\"; echo work > work.txt", "run=sh -c 'setsid sleep 9731 &'\n");
        await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("0\n", village.Note("count"));
    }

    [Fact]
    public async Task Every_worker_has_ports_of_its_own_and_keeps_them()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var taken = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var range = $"{Math.Min(taken, 65000)}-{Math.Min(taken, 65000) + 500}";
        await using var village = await UpAsync("echo $API_PORT > \"$HOME/$VILLAGE_TASK\"; exec sleep 1000", $"ports=PORT API_PORT={range}\n");
        var tasks = new[] { await village.AddAsync("One"), await village.AddAsync("Two"), await village.AddAsync("Three") };
        (await village.RunAsync("queue", "3")).Succeed();

        List<string> all = [];
        foreach (var task in tasks)
        {
            await village.NoteAppearsAsync(task);
            var ports = (await village.LockAsync(task)).GetProperty("ports").EnumerateArray().ToDictionary(row => Asking.Text(row, "name")!, row => $"{row.GetProperty("port").GetInt32()}");
            await TestVillage.EventuallyAsync(() => village.Note(task) == ports["API_PORT"] + "\n", "the agent has the port of its lease");
            Assert.Equal($"PORT:{ports["PORT"]},API_PORT:{ports["API_PORT"]}", village.Lease(task)["ports"]);
            all.AddRange(ports.Values);
        }

        Assert.Distinct(all);
        Assert.DoesNotContain($"{taken}", all);
        var before = village.Lease(tasks[1])["ports"];
        village.Tool("tmux", "kill-pane", "-t", village.Lease(tasks[1])["pane"]);
        await village.StateBecomesAsync(tasks[1], "paused");
        (await village.RunAsync("resume", tasks[1], "--detached")).Succeed();
        Assert.Equal(before, village.Lease(tasks[1])["ports"]);
        (await village.RunAsync("unlock", tasks[1], "--force")).Succeed();
        (await village.RunAsync("resume", tasks[1], "--detached")).Succeed();
        Assert.Equal(before, village.Lease(tasks[1])["ports"]);
    }

    [Fact]
    public async Task Without_a_free_port_a_task_waits_for_the_next_round()
    {
        await using var village = await UpAsync("echo $PORT >> \"$HOME/ports\"; echo work > \"$VILLAGE_TASK.txt\"", "ports=PORT=27123\n");
        await village.AddAsync("One");
        await village.AddAsync("Two");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("27123\n27123\n", village.Note("ports"));
    }

    private static async Task<TestVillage> UpAsync(string agent, string workspace, Action<string>? commit = null)
    {
        var village = TestVillage.Create();
        if (commit is not null)
        {
            commit(village.Root);
            village.Git("add", "--all");
            village.Git("commit", "-qm", "more");
        }

        village.Configure($"MAX_WORKERS=4\nQUEUE_TTL_MINUTES=0\n[workspace]\n{workspace}", agent);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        return village;
    }

    private static void Write(string root, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
        File.WriteAllText(Path.Combine(root, path), text);
    }

    private static IEnumerable<string> Excludes(TestVillage village) => File.ReadLines(Path.Combine(village.Root, ".git", "info", "exclude"))
        .Where(line => line.StartsWith('/') && line is not ("/.village/" or "/.worktrees/")).Order(StringComparer.Ordinal);
}
