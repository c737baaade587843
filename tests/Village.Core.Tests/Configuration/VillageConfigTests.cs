using Village.Agents;
using Village.Configuration;
using Village.Errors;

namespace Village.Core.Tests.Configuration;

public sealed class VillageConfigTests
{
    [Fact]
    public void Without_anything_the_defaults_are_in_force()
    {
        var config = Config();

        Assert.Equal(("git", ".worktrees", "village", "default"), (config.Scm, config.WorktreesDir, config.Session, config.TmuxSocket));
        Assert.Equal((2, "worker", null, 0, "bd"), (config.MaxWorkers, config.DefaultAgent, config.BaseBranch, config.Retries, config.TaskPrefix));
        Assert.Equal((true, true, true, false), (config.RollbackOnFailure, config.CommitLeftovers, config.DashboardEnabled, config.AllowRemoteFs));
        Assert.Equal(
            (TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(30)), (config.QueueTtl, config.DashboardRefresh, config.CheckTimeout));
        Assert.Empty(config.Warnings);
        Assert.Empty(config.AgentNames);
        Assert.All(config.Values, value => Assert.Equal("default", value.Origin));
    }

    [Fact]
    public void Every_setting_reaches_what_it_is_for()
    {
        var config = Config(repository: """
            SCM_KIND=GIT
            WORKTREES_DIR=../trees
            SESSION=mine
            TMUX_SOCKET=sock
            MAX_WORKERS=7
            DEFAULT_AGENT=front
            BASE_BRANCH=main
            QUEUE_TTL_MINUTES=0
            ROLLBACK_ON_FAILURE=No
            COMMIT=Off
            RETRIES=3
            TASK_PREFIX=web-app
            ALLOW_REMOTE_FS=ON
            CHECK_TIMEOUT=1h
            [dashboard]
            ENABLED=0
            refresh_interval_seconds=5
            """);

        Assert.Equal(("GIT", "../trees", "mine", "sock"), (config.Scm, config.WorktreesDir, config.Session, config.TmuxSocket));
        Assert.Equal((7, "front", "main", 3, "web-app"), (config.MaxWorkers, config.DefaultAgent, config.BaseBranch, config.Retries, config.TaskPrefix));
        Assert.Equal((false, false, false, true), (config.RollbackOnFailure, config.CommitLeftovers, config.DashboardEnabled, config.AllowRemoteFs));
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)), (config.QueueTtl, config.DashboardRefresh, config.CheckTimeout));
        Assert.Empty(config.Warnings);
    }

    [Theory]
    [InlineData("", "2 default")]
    [InlineData("user", "3 ~/config:1")]
    [InlineData("repository", "4 .village/config:1")]
    [InlineData("environment", "5 $VILLAGE_MAX_WORKERS")]
    [InlineData("flag", "6 --max-workers")]
    [InlineData("user repository", "4 .village/config:1")]
    [InlineData("user environment", "5 $VILLAGE_MAX_WORKERS")]
    [InlineData("repository environment", "5 $VILLAGE_MAX_WORKERS")]
    [InlineData("user repository environment flag", "6 --max-workers")]
    public void Flags_win_over_the_environment_over_the_repository_over_the_user_over_defaults(string layers, string expected)
    {
        var config = Config(
            user: layers.Contains("user", StringComparison.Ordinal) ? "MAX_WORKERS=3" : "",
            repository: layers.Contains("repository", StringComparison.Ordinal) ? "max_workers=4" : "",
            environment: layers.Contains("environment", StringComparison.Ordinal) ? [("VILLAGE_MAX_WORKERS", "5"), ("MAX_WORKERS", "9")] : []);

        config = layers.Contains("flag", StringComparison.Ordinal) ? config.With(Settings.MaxWorkers, "6", "--max-workers") : config;

        var value = config.Values.Single(value => value.Name is "MAX_WORKERS");
        Assert.Equal((expected, expected), ($"{value.Text} {value.Origin}", $"{config.MaxWorkers} {value.Origin}"));
    }

    [Fact]
    public void Every_variable_is_read()
    {
        foreach (var setting in Settings.All.Where(setting => setting.Variable is not null))
        {
            var value = Config(environment: [(setting.Variable!, setting.Default)]).Values.Single(value => value.Name == setting.Name);

            Assert.Equal(new(setting.Name, setting.Default, $"${setting.Variable}"), value);
        }
    }

    [Fact]
    public void Values_come_in_the_order_of_the_table_then_agents_by_name() => Assert.Equal(
        [.. Settings.All.Where(setting => setting.Section is not "agent.*").Select(setting => setting.Name), "agent.a.check", "agent.b.command", "agent.b.timeout"],
        Config(repository: "[agent.b]\ntimeout=1\ncommand=x\n[agent.a]\ncheck=y").Values.Select(value => value.Name));

    [Fact]
    public void Of_two_lines_for_one_setting_the_later_counts() =>
        Assert.Equal("SCM GIT config:3", Config(repository: "SCM=git\n[default]\nscm_kind=GIT", file: "config").Values
            .Where(value => value.Name is "SCM").Select(value => $"{value.Name} {value.Text} {value.Origin}").Single());

    [Theory]
    [InlineData("MAX_WORKER=3", "c:1: unknown key 'MAX_WORKER'; did you mean 'MAX_WORKERS'?")]
    [InlineData("nonsense=3", "c:1: unknown key 'nonsense'")]
    [InlineData("\n\nse\u001bssion=x", "c:3: unknown key 'se\\x1bssion'; did you mean 'SESSION'?")]
    [InlineData("enabled=true", "c:1: unknown key 'enabled'")]
    [InlineData("[dashbord]\nenabled=true", "c:2: unknown section 'dashbord'; did you mean 'dashboard'?")]
    [InlineData("[zzz]\nenabled=true\nx=1", "c:2: unknown section 'zzz'|c:3: unknown section 'zzz'")]
    [InlineData("[agent.build]\ncomand=x", "c:2: unknown key 'comand'; did you mean 'command'?")]
    [InlineData("[agent.build]\nMAX_WORKERS=3", "c:2: unknown key 'MAX_WORKERS'")]
    [InlineData("[agent.a b]\ncheck=x", "c:2: 'a b' is not an agent's name")]
    [InlineData("[agent.]\ncheck=x", "c:2: '' is not an agent's name")]
    [InlineData("[agent.\u001b]\ncheck=x", "c:2: '\\x1b' is not an agent's name")]
    [InlineData("[metrics]", "")]
    public void What_is_not_known_is_a_warning_that_names_the_nearest(string text, string warnings)
    {
        var config = Config(repository: text, file: "c");

        Assert.Equal(warnings, string.Join('|', config.Warnings));
        Assert.Equal((2, "village"), (config.MaxWorkers, config.Session));
        Assert.Empty(config.AgentNames);
    }

    [Theory]
    [InlineData("MAX_WORKERS=0", "c:1: MAX_WORKERS: '0' is not a whole number from 1 to 1000")]
    [InlineData("\nmax_workers = many", "c:2: max_workers: 'many' is not a whole number from 1 to 1000")]
    [InlineData("SCM_KIND=svn", "c:1: SCM_KIND: 'svn' is not git or jj")]
    [InlineData("SESSION=a.b", "c:1: SESSION: 'a.b' is not letters, digits, '_' and '-'")]
    [InlineData("DEFAULT_AGENT=a b", "c:1: DEFAULT_AGENT: 'a b' is not an agent's name")]
    [InlineData("DEFAULT_AGENT=a\n  state=completed", "c:1: DEFAULT_AGENT: 'a\\nstate=completed' is not an agent's name")]
    [InlineData("CHECK='", "c:1: CHECK: ''' is not a command line")]
    [InlineData("COMMIT=\u001b", "c:1: COMMIT: '\\x1b' is not auto or off")]
    [InlineData("[dashboard]\nenabled=maybe", "c:2: enabled: 'maybe' is not true or false")]
    [InlineData("[agent.build]\ntimeout=soon", "c:2: timeout: 'soon' is not a time such as 90, 10m or 2h")]
    public void A_bad_value_is_an_error_that_says_where_it_stands(string text, string message)
    {
        var failure = Assert.Throws<VillageException>(() => Config(repository: text, file: "c"));

        Assert.Equal((ErrorKind.Config, message), (failure.Kind, failure.Message));
    }

    [Fact]
    public void A_bad_value_in_a_variable_or_a_flag_names_it_and_says_what_to_type()
    {
        var variable = Assert.Throws<VillageException>(() => Config(environment: [("VILLAGE_RETRIES", "-1")]));
        Assert.Equal(
            (ErrorKind.Config, "VILLAGE_RETRIES: '-1' is not a whole number from 0 to 100; unset VILLAGE_RETRIES"), (variable.Kind, variable.Advice));
        var flag = Assert.Throws<VillageException>(() => Config().With(Settings.MaxWorkers, "1001", "--max-workers"));
        Assert.Equal(
            (ErrorKind.UserInput, "--max-workers: '1001' is not a whole number from 1 to 1000; for example: --max-workers 2"), (flag.Kind, flag.Advice));
    }

    [Theory]
    [InlineData("retries=-1", "for example: retries=0")]
    [InlineData("CHECK='", "fix that line, or put a '#' before it")]
    public void A_bad_value_in_a_file_has_a_good_one_beside_it(string text, string hint) =>
        Assert.Equal(hint, Assert.Throws<VillageException>(() => Config(repository: text)).Hint);

    [Theory]
    [InlineData("", Durability.Full)]
    [InlineData("DURABILITY=full", Durability.Full)]
    [InlineData("durability=Relaxed", Durability.Relaxed)]
    public void Writes_are_synced_unless_the_file_says_relaxed(string text, Durability durability) =>
        Assert.Equal(durability, Config(repository: text).Durability);

    [Fact]
    public void An_agent_without_a_section_is_opencode_with_the_common_limits()
    {
        var agent = Config(repository: "TIMEOUT=10m\nCHECK=make test").Agent("build");

        Assert.Equal(("build", "opencode", TimeSpan.FromMinutes(10), "make test"), (agent.Name, agent.Preset.Name, agent.Timeout, agent.Check));
        Assert.Empty(agent.Command);
        Assert.Empty(agent.OpencodeArgs);
    }

    [Fact]
    public void An_agent_is_what_its_section_says()
    {
        var config = Config(
            user: "[agent.build]\ncheck=old\nopencode_args=--model 'a b'",
            repository: "CHECK=common\nTIMEOUT=1h\n[Agent.Build]\ncommand = my-agent {prompt}\n  --continued\ntimeout=90\nCheck=make test\n[agent.other]\ntimeout=0\n[agent.free]\ntimeout=\ncheck=");

        var agent = config.Agent("BUILD");

        Assert.Equal(("BUILD", "command", TimeSpan.FromSeconds(90), "make test"), (agent.Name, agent.Preset.Name, agent.Timeout, agent.Check));
        Assert.Equal(["my-agent", "{prompt}", "--continued"], agent.Command);
        Assert.Equal(["--model", "a b"], agent.OpencodeArgs);
        Assert.Equal((TimeSpan.Zero, "common"), (config.Agent("other").Timeout, config.Agent("other").Check));
        Assert.Equal((TimeSpan.Zero, ""), (config.Agent("free").Timeout, config.Agent("free").Check));
    }

    [Theory]
    [InlineData("build", "", "opencode")]
    [InlineData("build", "type=opencode", "opencode")]
    [InlineData("build", "command=x", "command")]
    [InlineData("build", "type=\ncommand=x", "command")]
    [InlineData("build", "type=Command\ncommand=x", "command")]
    [InlineData("build", "type=OpenCode\ncommand=x", "opencode")]
    [InlineData("OPENCODE", "args=x", "opencode")]
    [InlineData("opencode", "command=x", "command")]
    [InlineData("command", "args=x", "opencode")]
    public void What_kind_of_agent_it_is_follows_from_type_then_command_then_its_name(string name, string lines, string preset) =>
        Assert.Equal(preset, Config(repository: $"[agent.{name}]\n{lines}").Agent(name).Preset.Name);

    [Fact]
    public void An_agent_has_a_mode_a_model_variables_and_a_budget()
    {
        var agent = Config(repository: "[agent.a]\nmode=TUI\nmodel=x/y\nargs=--a 'b c'\nenv=A=1 B='two = 2' A=3\nbudget_usd=7.50").Agent("a");

        Assert.Equal((AgentMode.Tui, "x/y", 7.5m), (agent.Mode, agent.Model, agent.BudgetUsd));
        Assert.Equal(["--a", "b c"], agent.Args);
        Assert.Equal(new Dictionary<string, string> { ["A"] = "3", ["B"] = "two = 2" }, agent.Environment);
    }

    [Theory]
    [InlineData("mode=both")]
    [InlineData("model=--yolo")]
    [InlineData("env=A")]
    [InlineData("env==x")]
    [InlineData("env=A-B=x")]
    [InlineData("budget_usd=-1")]
    [InlineData("budget_usd=1,5")]
    [InlineData("type=chatgpt")]
    public void A_value_that_no_agent_can_have_is_an_error(string line) =>
        Assert.Equal(ErrorKind.Config, Assert.Throws<VillageException>(() => Config(repository: $"[agent.a]\n{line}")).Kind);

    [Fact]
    public void A_command_agent_without_a_command_is_an_error_that_says_what_to_add()
    {
        var failure = Assert.Throws<VillageException>(() => Config(repository: "[agent.build]\ntype=COMMAND").Agent("build"));

        Assert.Equal((ErrorKind.Config, "agent 'build' has type=command and no command="), (failure.Kind, failure.Message));
        Assert.Contains("[agent.build]", failure.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type=command", "agent 'build' has type=command and no command=")]
    [InlineData("type=Command\ncommand=", "agent 'build' has type=command and no command=")]
    [InlineData("type=command\ncommand=x", null)]
    [InlineData("type=opencode", null)]
    [InlineData("check=x", null)]
    public void An_agent_that_cannot_start_is_known_before_it_is_started(string lines, string? problem) =>
        Assert.Equal(problem, Config(repository: $"[agent.build]\n{lines}").AgentProblem("BUILD")?.Replace("BUILD", "build", StringComparison.Ordinal));

    [Fact]
    public void Agents_are_named_once_and_sorted() => Assert.Equal(
        ["a.b", "build", "zz"], Config(repository: "[agent.zz]\ncheck=x\n[agent.build]\ncheck=x\ntimeout=1\n[agent.a.b]\ncheck=x\n[AGENT.BUILD]\ncommand=x").AgentNames);

    private static VillageConfig Config(
        string user = "", string repository = "", (string Name, string Value)[]? environment = null, string file = ".village/config") => VillageConfig.Of(
        IniFile.Parse(user, "~/config", out _),
        IniFile.Parse(repository, file, out _),
        (environment ?? []).ToDictionary(pair => pair.Name, pair => pair.Value));
}
