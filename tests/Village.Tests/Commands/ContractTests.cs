using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>Where contracts come from, what is wrong with their sources, and what <c>village contract</c> shows of them.</summary>
[Trait("scm", "none")]
public sealed class ContractTests
{
    private const string Agent = "cat > \"$HOME/contract\"; echo work > work.txt";

    [Fact]
    public async Task An_agent_is_told_what_its_contract_file_says_and_text_of_the_task_stays_text()
    {
        await using var village = await TestVillage.UpAsync(Agent, "CHECK=test -e work.txt");
        File.AppendAllText(Path.Combine(village.State, "config"), "contract=team/agent.md\n");
        WriteContract(village, "\uFEFF# {task_id} {title}\n{description}\nRun `{check}` on {branch}, attempt {attempt}. {unheard} ${title} {{title}}\n");
        var task = await village.AddAsync("Say {description}", "-d", "{title} $(touch pwned) {task_id}");
        const string Says = "# ID Say {description}\n{title} $(touch pwned) {task_id}\nRun `test -e work.txt` on village/ID, attempt 1. {unheard} ${title} {{title}}\n";

        var shown = (await village.RunAsync("contract", task)).Succeed();
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal(Says.Replace("ID", task, StringComparison.Ordinal), shown.Out);
        Assert.Equal("warning: the contract of agent 'build': unknown_placeholder: {unheard}\n", shown.Error);
        Assert.Equal(shown.Out, village.Note("contract"));
        Assert.Equal(shown.Out, File.ReadAllText(Path.Combine(village.State, "contracts", task, "1.md")));
        Assert.Equal(
            ("build", shown.Out, "file:team/agent.md", "Say {description}"),
            Given(village, task) is var given ? (Asking.Text(given, "agent"), Asking.Text(given, "content"), Asking.Text(given, "ppc_profile"), Asking.Text(given, "task_title")) : default);
        Assert.Equal("unknown_placeholder: {unheard}", Warning(village, task));
    }

    [Fact]
    public async Task Sources_that_are_not_there_are_told_by_every_command_and_the_builtin_contract_is_used()
    {
        await using var village = await TestVillage.UpAsync(Agent);
        var task = await village.AddAsync("One");
        var usual = (await village.RunAsync("contract", task)).Succeed().Out;
        File.AppendAllText(Path.Combine(village.State, "config"), "contract=team/gone.md\nppc_mode=build\n");
        const string Warnings = "warning: the contract of agent 'build': contract_file_not_found: team/gone.md\nwarning: the contract of agent 'build': ppc_not_available\n";

        var contract = (await village.RunAsync("contract", task)).Succeed();

        Assert.Equal((usual, Warnings), (contract.Out, contract.Error));
        Assert.Equal(Warnings, (await village.RunAsync("queue")).Succeed().Error);
        Assert.Equal(Warnings, (await village.RunAsync("resume", task, "--plan")).Succeed().Error);
        (await village.RunAsync("doctor")).Transcript.ShouldBe("""
            warning: the contract of agent 'build' runs 'ppc', which is not installed or not on PATH [missing_program]
            warning: agent 'build' is told something else than it should: contract_file_not_found: team/gone.md [contract_file]
            """);
        Assert.StartsWith(Warnings, (await village.RunAsync("queue", "--drain")).Succeed().Error, StringComparison.Ordinal);
        Assert.Equal(usual, Told(village));
        Assert.Equal("contract_file_not_found: team/gone.md; ppc_not_available", Warning(village, task));
    }

    [Fact]
    public async Task A_contract_file_that_is_no_file_is_told_and_stops_nothing()
    {
        await using var village = await TestVillage.UpAsync(Agent);
        File.AppendAllText(Path.Combine(village.State, "config"), "contract=team\n");
        Directory.CreateDirectory(Path.Combine(village.Root, "team"));
        var task = await village.AddAsync("One");

        Assert.Equal(
            "warning: the contract of agent 'build': contract_file_unreadable: team: '$SANDBOX/repo/team' is not a regular file\n", (await village.RunAsync("contract", task)).Succeed().Error);
    }

    [Fact]
    public async Task Ppc_makes_the_beginning_of_a_contract_and_the_task_follows()
    {
        await using var village = await TestVillage.UpAsync(Agent);
        var task = await village.AddAsync("One", "-d", "What.");
        var usual = (await village.RunAsync("contract", task)).Succeed().Out;
        File.AppendAllText(Path.Combine(village.State, "config"), "ppc_traits=Conservative, terse\n");
        village.InstallPpc();

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal($"You are careful with {{title}}.\nLook around.\nAnswer in Markdown.\n\n{usual}", Told(village));
        Assert.Equal(("ppc:explore", "ppc version v0.5.1"), Given(village, task) is var given ? (Asking.Text(given, "ppc_profile"), Asking.Text(given, "ppc_version")) : default);
        Assert.Null(Warning(village, task));
    }

    [Theory]
    [InlineData("ppc_mode=test", "exit code 1: Usage: ppc <explore|build|ship> [flags]")]
    [InlineData("ppc_traits=critical", "exit code 2: flag provided but not defined: -critical")]
    [InlineData("ppc_traits=terse,verbose", "exit code 2: merge error: conflicting tags in group \"tone\"")]
    [InlineData("ppc_format=text", "exit code 2: compile error: required module not found: contracts/text")]
    [InlineData("ppc_mode=ship", "exit code 2: compile error: required module not found: modes/ship")]
    public async Task A_ppc_that_fails_says_why_and_the_builtin_contract_is_used(string settings, string why)
    {
        await using var village = await TestVillage.UpAsync(Agent);
        var task = await village.AddAsync("One");
        var usual = (await village.RunAsync("contract", task)).Succeed().Out;
        File.AppendAllText(Path.Combine(village.State, "config"), $"{settings}\n");
        village.InstallPpc();

        var contract = (await village.RunAsync("contract", task, "--json")).Succeed().Json();

        Assert.Equal((usual, "fallback", "ppc version v0.5.1"), (Asking.Text(contract, "content"), Asking.Text(contract, "ppc_profile"), Asking.Text(contract, "ppc_version")));
        Assert.Equal([$"ppc_execution_failed: {why}"], contract.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()));
    }

    [Fact]
    public async Task A_contract_is_shown_for_any_agent_as_text_as_json_and_as_a_page()
    {
        await using var village = await TestVillage.UpAsync();
        village.AddAgent("review", "exit 0", "check=make review");
        var task = await village.AddAsync("</pre><script>x</script>", "-d", "escape \u001b[31m");

        var json = (await village.RunAsync("contract", task, "--agent", "review", "--json")).Succeed().Json();
        var page = (await village.RunAsync("contract", task, "--html")).Succeed().Out;

        Assert.Equal(("contract", "review", task, "escape \u001b[31m"), (Asking.Text(json, "command"), Asking.Text(json, "agent"), Asking.Text(json, "task_id"), Asking.Text(json, "task_description")));
        Assert.Contains("`make review`", Asking.Text(json, "content"), StringComparison.Ordinal);
        Assert.StartsWith("<!DOCTYPE html>\n", page, StringComparison.Ordinal);
        Assert.Contains($"\n<pre class=\"village-contract\" data-task=\"{task}\"># Task {task}: &lt;/pre&gt;&lt;script&gt;x", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page);
        (await village.RunAsync("contract", task, "--html", "--json")).ExitsWith(5);
        (await village.RunAsync("contract", "bd-none")).ExitsWith(1);
    }

    // As the answers of the program are compared.
    private static string Told(TestVillage village) => village.Note("contract")!.Replace(village.Sandbox, "$SANDBOX", StringComparison.Ordinal);

    private static void WriteContract(TestVillage village, string text)
    {
        Directory.CreateDirectory(Path.Combine(village.Root, "team"));
        File.WriteAllText(Path.Combine(village.Root, "team", "agent.md"), text);
    }

    private static System.Text.Json.JsonElement Given(TestVillage village, string task) =>
        System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(village.State, "contracts", task, "1.json"))).RootElement;

    private static string? Warning(TestVillage village, string task) => village.Events()
        .Where(e => Asking.Text(e, "reason") is "contract_warning" && Asking.Text(e, "task") == task).Select(e => Asking.Text(e, "message")).SingleOrDefault();
}
