using System.Reflection;
using System.Text.RegularExpressions;
using Village.Configuration;

namespace Village.Core.Tests.Configuration;

public sealed partial class SettingsTests
{
    [Fact]
    public void Every_default_is_a_valid_value() => Assert.All(Settings.All, setting => Assert.True(setting.IsValid(setting.Default), setting.Name));

    [Fact]
    public void The_table_holds_every_setting_once() => Assert.Equivalent(
        from table in new[] { typeof(Settings), typeof(AgentSettings), typeof(ContractSettings), typeof(MetricsSettings) }
        from property in table.GetProperties(BindingFlags.Public | BindingFlags.Static)
        where property.PropertyType == typeof(Setting)
        select (Setting)property.GetValue(null)!,
        Settings.All,
        strict: true);

    [Fact]
    public void No_two_settings_share_a_name_an_alias_or_a_variable()
    {
        Assert.Distinct(Settings.All.SelectMany(setting => setting.Aliases.Select(alias => $"{setting.Section}.{alias}").Append($"{setting.Section}.{setting.Key}")),
            StringComparer.OrdinalIgnoreCase);
        Assert.Distinct(Settings.All.Select(setting => setting.Variable).OfType<string>());
    }

    [Fact]
    public void Every_setting_says_in_one_line_what_it_is() => Assert.All(Settings.All, setting =>
    {
        Assert.Matches(@"\A[A-Z][^\n]+\.\z", setting.About);
        Assert.NotEmpty(setting.Kind);
        Assert.True(setting.Variable is null ? setting.Section is "agent.*" : Variable().IsMatch(setting.Variable));
    });

    [Theory]
    [InlineData("MAX_WORKERS", "1 1000", "0 1001 -1 1.0 1e3 +1 ٣ many _")]
    [InlineData("QUEUE_TTL_MINUTES", "0 1000000", "-1 1000001")]
    [InlineData("RETRIES", "0 100", "101")]
    [InlineData("dashboard.refresh_interval_seconds", "1 3600", "0 3601")]
    [InlineData("SCM", "git GIT jj Jj", "svn hg _")]
    [InlineData("COMMIT", "auto OFF", "on true _")]
    [InlineData("TASKS", "auto embedded beads", "bd _")]
    [InlineData("SYNC", "on off true", "sometimes _")]
    [InlineData("ROLLBACK_ON_FAILURE", "true FALSE Yes no ON off 1 0", "2 t om nx ox xx oft yet xxx trux xrue falsx xalse maybe _")]
    [InlineData("ALLOW_REMOTE_FS", "on off", "perhaps _")]
    [InlineData("SESSION", "village a_b-1 0 _a", "_ -a a.b a:b a=b é a#{b}")]
    [InlineData("TMUX_SOCKET", "default", "_ a/b ../a")]
    [InlineData("BRANCH_PREFIX", "village/ ai- agents/v1/ a.b/", "-x / a//b /a a..b a~ a^ a: a? a* [ a\\ .a/ a/.b/ a.lock/ a.lock a./ a@{")]
    [InlineData("TASK_PREFIX", "bd web-app a_b a1", "_ 1a -a a- a.b é")]
    [InlineData("DEFAULT_AGENT", "worker front.end a_b-1", "_ -a ../a a.lock a:b")]
    [InlineData("WORKTREES_DIR", ".worktrees /tmp/x ../y", "_")]
    [InlineData("CHECK", "_ make 'a'", "' \"")]
    [InlineData("TIMEOUT", "0 10m", "_ soon")]
    [InlineData("CHECK_TIMEOUT", "30m", "_ soon")]
    [InlineData("BASE_BRANCH", "_ main a/b", "")]
    [InlineData("agent.*.type", "_ opencode COMMAND claude", "clod")]
    [InlineData("agent.*.timeout", "_ 0 10m", "soon")]
    [InlineData("agent.*.command", "_ x", "'")]
    [InlineData("CONTRACT", "_ docs/agent.md /etc/agent.md ..x/y", "../x a/../b ..")]
    [InlineData("PPC_MODE", "_ explore Build x-1_y", "-x --all a,b a=b é")]
    [InlineData("PPC_TRAITS", "_ terse a,b,,c ,", "-x a,--b a;b")]
    [InlineData("PPC_FORMAT", "_ markdown", "-o a/b")]
    [InlineData("agent.*.contract", "_ a.md", "../a.md")]
    [InlineData("agent.*.ppc_mode", "_ ship", "-h")]
    [InlineData("agent.*.ppc_traits", "_ a,b", "a,-b")]
    [InlineData("agent.*.ppc_format", "_ code", "-x")]
    [InlineData("workspace.copy", "_ .env a/*.local", "/etc ../x .git '")]
    [InlineData("workspace.symlink", "_ node_modules", "/usr a/../b")]
    [InlineData("workspace.run", "_ make", "'")]
    [InlineData("workspace.ports", "_ PORT API_PORT=4000-4999", "1 PORT=x VILLAGE_DIR")]
    [InlineData("workspace.timeout", "0 30m", "_ soon")]
    [InlineData("agent.*.ports", "_ PORT", "1")]
    [InlineData("agent.*.setup_timeout", "_ 0 10m", "soon")]
    public void A_setting_takes_what_it_can_use(string name, string good, string bad) // A lone '_' stands for nothing.
    {
        var setting = Settings.All.Single(setting => setting.Name == name);

        Assert.All(Values(good), value => Assert.True(setting.IsValid(value), value));
        Assert.All(Values(bad), value => Assert.False(setting.IsValid(value), value));
    }

    [Theory]
    [InlineData("SESSION", 64)]
    [InlineData("TASK_PREFIX", 32)]
    public void A_name_has_an_end(string name, int longest)
    {
        var setting = Settings.All.Single(setting => setting.Name == name);

        Assert.True(setting.IsValid(new('a', longest)));
        Assert.False(setting.IsValid(new('a', longest + 1)));
    }

    [Theory]
    [InlineData("1 true YES On", true)]
    [InlineData("0 false no off", false)]
    public void True_has_four_names(string values, bool isTrue) => Assert.All(values.Split(' '), value => Assert.Equal(isTrue, Settings.IsTrue(value)));

    [Fact]
    public void The_file_that_up_writes_changes_nothing()
    {
        var entries = IniFile.Parse(DefaultConfig.Text(), ".village/config", out var problems);

        Assert.Empty(entries);
        Assert.Empty(problems);
    }

    [Fact]
    public void The_file_that_up_writes_names_every_setting_with_its_default()
    {
        var text = Comment().Replace(DefaultConfig.Text(), "$1");
        var entries = IniFile.Parse(text, ".village/config", out var problems);
        var config = VillageConfig.Of([], entries, new Dictionary<string, string>());

        Assert.Empty(problems);
        Assert.Empty(config.Warnings);
        Assert.Equal(Settings.All.Count, config.Values.Count);
        Assert.Equal(["build"], config.AgentNames);
        Assert.All(config.Values, value =>
        {
            Assert.StartsWith(".village/config:", value.Origin, StringComparison.Ordinal);
            Assert.Equal(Settings.All.Single(setting => setting.Name == value.Name.Replace(".build.", ".*.", StringComparison.Ordinal)).Default, value.Text);
        });
        Assert.All(Settings.All, setting => Assert.Contains($"# {setting.About}\n{setting.Key}=", text, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Values(string list) => list.Length is 0 ? [] : list.Split(' ').Select(value => value is "_" ? "" : value);

    [GeneratedRegex("^VILLAGE_[A-Z_]+$")]
    private static partial Regex Variable();

    [GeneratedRegex("^#(?=[^ ])(.*)$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
