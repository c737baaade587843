using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Beads;

/// <summary>Which store is in use, and what is said of it.</summary>
public sealed class TaskSourceTests
{
    [Fact]
    public async Task Without_Beads_it_is_the_embedded_store()
    {
        await using var village = await TestVillage.UpAsync();
        Assert.Equal(("embedded", "no Beads is in use here"), await StoreAsync(village));
    }

    [Fact]
    public async Task A_database_and_bd_make_it_Beads_until_there_are_tasks_here()
    {
        await using var village = await StandIn.UpAsync("1.0.3");
        Assert.Equal(("beads", ".beads has a database, and bd is on PATH"), await StoreAsync(village));

        village.Environment["VILLAGE_TASKS"] = "embedded";
        await village.AddAsync("Here");
        Assert.Equal(("embedded", "TASKS is embedded"), await StoreAsync(village));

        village.Environment.Remove("VILLAGE_TASKS");
        Assert.Equal(("embedded", "there are tasks in .village/tasks.jsonl; those in .beads are left alone"), await StoreAsync(village));
    }

    [Fact]
    public async Task A_database_without_bd_is_read_from_its_file_and_starts_nothing()
    {
        await using var village = await TestVillage.UpAsync();
        Directory.CreateDirectory(Path.Combine(village.Root, ".beads"));
        File.WriteAllText(Path.Combine(village.Root, ".beads", "beads.db"), "");
        File.Copy(Path.Combine(SourceRoot.Path, "tests", "Village.Core.Tests", "Tasks", "Beads", "v0.49.6-export.jsonl"), Path.Combine(village.Root, ".beads", "issues.jsonl"));

        Assert.Equal("beads_file", (await StoreAsync(village)).Kind);
        Assert.Contains("bd-aaa", (await village.RunAsync("task", "list")).Succeed().Out, StringComparison.Ordinal);
        Assert.Contains("bd is not on PATH", (await village.RunAsync("task", "add", "No")).ExitsWith(2).Error, StringComparison.Ordinal);
        Assert.Contains("claim_lost", (await village.RunAsync("queue", "1", "--json")).Out, StringComparison.Ordinal);
        Assert.Contains("[task_store]", (await village.RunAsync("doctor")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_alone_is_offered_for_import()
    {
        await using var village = await TestVillage.UpAsync();
        Directory.CreateDirectory(Path.Combine(village.Root, ".beads"));
        File.WriteAllText(Path.Combine(village.Root, ".beads", "issues.jsonl"), "");

        var store = JsonDocument.Parse((await village.RunAsync("ready", "--json")).Out).RootElement.GetProperty("task_store");

        Assert.Equal(("embedded", "village task import .beads/issues.jsonl"), (store.GetProperty("kind").GetString(), store.GetProperty("hint").GetString()));
    }

    [Fact]
    public async Task A_redirect_and_BEADS_DIR_lead_to_the_database_and_chains_are_refused()
    {
        await using var village = await StandIn.UpAsync("1.0.3");
        var id = await village.AddAsync("There");
        var elsewhere = Path.Combine(village.Sandbox, "else where");
        Directory.Move(Path.Combine(village.Root, ".beads"), elsewhere);

        village.Environment["BEADS_DIR"] = elsewhere;
        Assert.Contains(id, (await village.RunAsync("task", "list")).Succeed().Out, StringComparison.Ordinal);
        village.Environment.Remove("BEADS_DIR");

        Directory.CreateDirectory(Path.Combine(village.Root, ".beads"));
        File.WriteAllText(Path.Combine(village.Root, ".beads", "redirect"), "# elsewhere\n../else where\n");
        Assert.Contains(id, (await village.RunAsync("task", "list")).Succeed().Out, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(elsewhere, "redirect"), "nowhere\n");
        Assert.Contains("redirected again", (await village.RunAsync("task", "list")).ExitsWith(1).Error, StringComparison.Ordinal);
        Assert.Contains("redirected again", (await village.RunAsync("doctor")).ExitsWith(1).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_directory_of_the_repository_sees_the_same_tasks()
    {
        await using var village = await StandIn.UpAsync("1.0.3", "mkdir -p sub; echo x > sub/x; cd sub; village task list > \"$HOME/seen\"");
        var id = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Contains(id, File.ReadAllText(Path.Combine(village.Environment["HOME"], "seen")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_the_callers_own_environment_are_not_used_for_claims()
    {
        await using var village = await StandIn.UpAsync("1.0.3", "echo x > x");
        village.Environment["BD_ACTOR"] = village.Environment["BEADS_ACTOR"] = "somebody";
        var id = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.StartsWith("village/", village.Field(id, "assignee"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.20.1", "bd 0.20.1 is too old")]
    [InlineData("0.46.0", "bd 0.46.0 gives one task to two workers at once")]
    [InlineData("1.3.0", "bd 1.3.0 is newer than what Village was tried with")]
    public async Task Doctor_says_what_is_wrong_with_a_version(string version, string words)
    {
        await using var village = await StandIn.UpAsync(version);
        Assert.Contains(words, (await village.RunAsync("doctor")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_that_takes_claims_back_is_not_worked_with_on_a_server()
    {
        await using var village = await StandIn.UpAsync("1.0.4");
        await village.AddAsync("Fine");
        File.WriteAllText(Path.Combine(village.Root, ".beads", "metadata.json"), """{"dolt_mode":"server"}""");
        File.WriteAllText(Path.Combine(village.Root, ".beads", "issues.jsonl"), "");

        Assert.Contains("takes claims back", (await village.RunAsync("task", "add", "No")).ExitsWith(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_database_the_error_says_what_to_type()
    {
        await using var village = TestVillage.Create();
        village.InstallBd("1.0.3");
        village.Configure("TASKS=beads", "exit 0");
        (await village.RunAsync("up", "--no-dashboard")).Succeed();

        var list = (await village.RunAsync("task", "list")).ExitsWith(2);

        Assert.Contains("no beads database found", list.Error, StringComparison.Ordinal);
        Assert.Contains("bd init", list.Error, StringComparison.Ordinal);
        (await village.RunAsync("--version")).Succeed();
    }

    [Fact]
    public async Task The_index_of_the_person_and_the_directory_of_Beads_are_left_alone()
    {
        await using var village = await StandIn.UpAsync("1.0.3", "echo x > x");
        await village.AddAsync("One");
        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("", village.Tool("git", "diff", "--cached", "--name-only"));
        Assert.Equal(["metadata.json", "stand-in.json"], Directory.GetFiles(Path.Combine(village.Root, ".beads")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(File.ReadLines(Path.Combine(village.Sandbox, "bd-calls")), line =>
        {
            var env = JsonDocument.Parse(line).RootElement.GetProperty("env");
            Assert.Equal(("false", "1", "1"), (env.GetProperty("BD_EXPORT_GIT_ADD").GetString(), env.GetProperty("BD_NON_INTERACTIVE").GetString(), env.GetProperty("BEADS_NO_DAEMON").GetString()));
        });
    }

    private static async Task<(string? Kind, string? Reason)> StoreAsync(TestVillage village)
    {
        var store = JsonDocument.Parse((await village.RunAsync("ready", "--json")).Out).RootElement.GetProperty("task_store");
        return (store.GetProperty("kind").GetString(), store.GetProperty("reason").GetString());
    }
}
