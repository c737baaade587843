using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>Configuration: what wins over what, and what a mistake in it does.</summary>
[Trait("scm", "none")]
public sealed class ConfigTests
{
    [Theory]
    [InlineData("MAX_WORKERS=lots", ".village/config:2: MAX_WORKERS: 'lots' is not a whole number from 1 to 1000")]
    [InlineData("max_workers=0", ".village/config:2: max_workers: '0' is not a whole number from 1 to 1000")]
    [InlineData("SESSION=a.b", ".village/config:2: SESSION: 'a.b' is not letters, digits, '_' and '-'")]
    [InlineData("CHECK='unclosed", ".village/config:2: CHECK: ''unclosed' is not a command line")]
    [InlineData("TIMEOUT=soon", ".village/config:2: TIMEOUT: 'soon' is not a time such as 90, 10m or 2h")]
    [InlineData("COMMIT=never", ".village/config:2: COMMIT: 'never' is not auto or off")]
    [InlineData("DEFAULT_AGENT=../x", ".village/config:2: DEFAULT_AGENT: '../x' is not an agent's name")]
    [InlineData("DEFAULT_AGENT=a\n  state=completed", @".village/config:2: DEFAULT_AGENT: 'a\nstate=completed' is not an agent's name")]
    [InlineData("this is no setting", ".village/config:2: 'this is no setting' is neither 'key = value' nor '[section]'")]
    public async Task A_mistake_in_the_file_is_named_with_its_line_by_every_command(string line, string message)
    {
        await using var village = await TestVillage.UpAsync();
        var (task, other) = (await village.AddAsync("One"), await village.AddAsync("Two"));
        (village.Environment["VILLAGE_TASK"], village.Environment["VILLAGE_LEASE"]) = (task, "abc");
        File.WriteAllText(Path.Combine(village.State, "config"), $"[DEFAULT]\n{line}\n");

        Assert.Empty(await village.RefuseAsync(village.Root, 1, "config", EveryCommand.All(task, other)));
        Assert.StartsWith($"error: {message}\n", (await village.RunAsync("status")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_the_environment_names_the_variable()
    {
        await using var village = await TestVillage.UpAsync();
        village.Environment["VILLAGE_MAX_WORKERS"] = "-1";

        (await village.RunAsync("status")).Transcript.ShouldBe("""
            error: VILLAGE_MAX_WORKERS: '-1' is not a whole number from 1 to 1000
            hint: unset VILLAGE_MAX_WORKERS
            [exit 1]
            """);
    }

    [Fact]
    public async Task Unknown_keys_and_sections_warn_with_the_nearest_name_and_stop_nothing()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "MAX_WORKER=3\nColour=red\n[dashbord]\nenabled=true\n[agent.x]\ncomand=y");
        var task = await village.AddAsync("One");

        (await village.RunAsync("status", "--short")).Succeed().Transcript.ShouldBe("""
            up 0/2 ready:1
            warning: .village/config:3: unknown key 'MAX_WORKER'; did you mean 'MAX_WORKERS'?
            warning: .village/config:4: unknown key 'Colour'
            warning: .village/config:6: unknown section 'dashbord'; did you mean 'dashboard'?
            warning: .village/config:8: unknown key 'comand'; did you mean 'command'?
            """);
        Assert.Equal(1, (await village.RunAsync("status", "--json")).Succeed().Json().GetProperty("version").GetInt32());
        (await village.RunAsync("queue", "--drain")).Succeed();
        Assert.Equal("completed", (await village.StateAsync(task)).State);
    }

    [Fact]
    public async Task A_flag_wins_over_the_environment_over_the_repository_over_the_user_over_the_default()
    {
        await using var village = await TestVillage.UpAsync(settings: "MAX_WORKERS=4\nRETRIES=7");
        var user = Path.Combine(village.Home, ".config", "village");
        Directory.CreateDirectory(user);
        File.WriteAllText(Path.Combine(user, "config"), "MAX_WORKERS=3\nRETRIES=6\nTASK_PREFIX=mine\n");
        village.Environment["VILLAGE_MAX_WORKERS"] = "5";

        var rows = (await village.RunAsync("config", "list", "--show-origin")).Succeed().Out.Split('\n')
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Contains("MAX_WORKERS 5 $VILLAGE_MAX_WORKERS", rows);
        Assert.Contains("RETRIES 7 .village/config:4", rows);
        Assert.Contains("TASK_PREFIX mine $SANDBOX/home/.config/village/config:3", rows);
        Assert.Contains("QUEUE_TTL_MINUTES 5 default", rows);
        Assert.Contains("agent.build.command '$SANDBOX/bin/build' .village/config:6", rows);
        Assert.Equal(5, Limit(await village.RunAsync("queue", "--json")));
        Assert.Equal(6, Limit(await village.RunAsync("queue", "--json", "--max-workers", "6")));
        static int Limit(CliResult plan) => plan.Succeed().Json().GetProperty("concurrency_limit").GetInt32();
    }

    [Fact]
    public async Task The_user_file_is_found_where_XDG_CONFIG_HOME_says()
    {
        await using var village = await TestVillage.UpAsync();
        village.Environment["XDG_CONFIG_HOME"] = Path.Combine(village.Sandbox, "xdg");
        Directory.CreateDirectory(Path.Combine(village.Sandbox, "xdg", "village"));
        File.WriteAllText(Path.Combine(village.Sandbox, "xdg", "village", "config"), "MAX_WORKERS=9");

        Assert.Contains("MAX_WORKERS", (await village.RunAsync("config", "list", "--show-origin")).Succeed().Out.Split('\n').Single(line => line.Contains("xdg", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_that_up_writes_changes_no_default_and_is_never_rewritten()
    {
        await using var village = TestVillage.Create();
        var before = (await village.RunAsync("config", "list", "--json")).Succeed().Out;
        (await village.RunAsync("up", "--no-dashboard")).Succeed();

        Assert.Equal(before, (await village.RunAsync("config", "list", "--json")).Succeed().Out);
        var path = Path.Combine(village.State, "config");
        Assert.All(File.ReadLines(path), line => Assert.Matches(@"^(#.*|\[DEFAULT\]|\[workspace\]|\[dashboard\]|\[notify\]|\[metrics\]|)$", line));
        File.AppendAllText(path, "# mine\n");
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        Assert.EndsWith("# mine\n", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worktree_directory_elsewhere_is_used_and_kept_out_of_git()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt", "WORKTREES_DIR=build/spaces");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.True(File.Exists(Path.Combine(village.Root, "build", "spaces", task, "work.txt")));
        Assert.Equal("", village.Git("status", "--porcelain"));
    }
}
