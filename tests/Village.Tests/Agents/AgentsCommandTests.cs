using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Agents;

/// <summary><c>village agents</c>: what is configured, what is installed, and what is missing.</summary>
[Trait("scm", "none")]
public sealed class AgentsCommandTests
{
    [Fact]
    public async Task It_tells_the_version_of_a_program_and_what_an_agent_needs_before_it_can_work()
    {
        await using var village = TestVillage.Create();
        village.Agent("claude", "[ \"$*\" = --version ] && echo '2.9.1 (Claude Code)'");
        village.Agent("codex", "echo sorry >&2; exit 3");
        Configure(village, """
            [agent.build]
            mode=tui
            type=claude
            [agent.paid]
            type=claude
            env=ANTHROPIC_API_KEY=key
            [agent.other]
            type=codex
            env=OPENAI_API_KEY=key
            [agent.front]
            command=npx-of-no-machine codex
            type=codex
            [agent.branch]
            command=./agent.sh
            [agent.empty]
            type=command
            """);

        var report = await AskAsync(village, "agents");
        Assert.Equal("build", report.GetProperty("default").GetString());
        Assert.Equal(
            [
                "branch command run ./agent.sh - - |",
                "build claude tui claude $SANDBOX/bin/claude 2.9.1 | a login was not found",
                "empty command - - - - | agent 'empty' has type=command and no command=",
                "front codex run npx-of-no-machine - - | 'npx-of-no-machine' is not on PATH",
                "other codex run codex $SANDBOX/bin/codex - | `$SANDBOX/bin/codex --version` ended with exit code 3 and named no version",
                "paid claude run claude $SANDBOX/bin/claude 2.9.1 |",
            ],
            report.GetProperty("agents").EnumerateArray().Select(Line));
        Assert.Contains("claude claude - claude $SANDBOX/bin/claude 2.9.1 | a login was not found", report.GetProperty("kinds").EnumerateArray().Select(Line));

        var text = (await village.RunAsync("agents")).Succeed().Out;
        Assert.Contains("build: a login was not found\n    run  claude  and type  /login  , or set ANTHROPIC_API_KEY\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_is_found_by_its_file_and_no_program_is_run_where_nobody_asks_for_versions()
    {
        await using var village = TestVillage.Create();
        village.Agent("claude", "echo ran > \"$HOME/ran\"");
        Configure(village, "[agent.build]\ntype=claude\n");
        Directory.CreateDirectory(Path.Combine(village.Home, ".claude"));
        File.WriteAllText(Path.Combine(village.Home, ".claude", ".credentials.json"), "{}");

        var row = (await AskAsync(village, "agents", "--no-versions")).GetProperty("agents")[0];

        Assert.Equal((JsonValueKind.Null, 0), (row.GetProperty("version").ValueKind, row.GetProperty("problems").GetArrayLength()));
        Assert.False(File.Exists(Path.Combine(village.Home, "ran")));
    }

    private static void Configure(TestVillage village, string agents)
    {
        Directory.CreateDirectory(village.State);
        File.WriteAllText(Path.Combine(village.State, "config"), $"[DEFAULT]\nDEFAULT_AGENT=build\n{agents}\n");
    }

    private static async Task<JsonElement> AskAsync(TestVillage village, params string[] args) =>
        JsonDocument.Parse((await village.RunAsync([.. args, "--json"])).Succeed().Out).RootElement;

    private static string Line(JsonElement row) =>
        $"{Text(row, "name")} {Text(row, "type")} {Text(row, "mode")} {Text(row, "program")} {Text(row, "path")} {Text(row, "version")} | {string.Join("; ", row.GetProperty("problems").EnumerateArray().Select(p => Text(p, "message")))}".TrimEnd();

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString() ?? "-";
}
