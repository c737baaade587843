using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village exec</c>: a person's command where the agent works, with what the agent has.</summary>
public sealed class ExecTests
{
    [Fact]
    public async Task A_command_runs_in_the_workspace_with_the_agents_environment_and_without_its_lease()
    {
        await using var village = await UpAsync();
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");

        var answer = (await village.RunAsync("exec", task, "--", "sh", "-c", "pwd; echo $VILLAGE_TASK $VILLAGE_ATTEMPT $PORT $VILLAGE_DIR $GIT_CEILING_DIRECTORIES; env | grep -c VILLAGE_LEASE; cat")).ExitsWith(0);

        var port = village.Lease(task)["ports"].Split(':')[1];
        Assert.Equal($"$SANDBOX/repo/.worktrees/{task}\n{task} 1 {port} $SANDBOX/repo/.village $SANDBOX/repo/.worktrees\n0\n", answer.Out);
        (await village.RunAsync("unlock", task, "--force")).Succeed();
        Assert.Equal("\n", (await village.RunAsync("exec", task, "--", "sh", "-c", "echo $PORT")).Succeed().Out);
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("exit 0", 0)]
    public async Task The_exit_code_is_that_of_the_command(string script, int exit)
    {
        await using var village = await UpAsync();
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();

        (await village.RunAsync("exec", task, "--", "sh", "-c", $"echo out; echo err >&2; {script}")).ExitsWith(exit).Transcript
            .ShouldBe($"out\nerr{(exit is 0 ? "" : $"\n[exit {exit}]")}");
        var json = (await village.RunAsync("exec", task, "--json", "--", "sh", "-c", $"echo out; {script}")).ExitsWith(exit);
        Assert.Equal("out\n", json.Error);
        Assert.Equal(exit, json.Json().GetProperty("exit_code").GetInt32());
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        await using var village = await UpAsync();
        var task = await village.AddAsync("One");

        (await village.RunAsync("exec", task, "--", "true")).Transcript.Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            error: 'TASK' has no workspace
            hint: village resume TASK
            [exit 1]
            """);
        (await village.RunAsync("exec", "bd-none", "--", "true")).ExitsWith(1);
        (await village.RunAsync("exec", task)).ExitsWith(5);
        (await village.RunAsync("queue", "1")).Succeed();
        (await village.RunAsync("exec", task, "--", "no-such-program")).Transcript.Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            error: 'no-such-program' is not installed or not on PATH
            hint: a shell's own commands need one: village exec TASK -- sh -c '…'
            [exit 1]
            """);
    }

    [Fact]
    public async Task A_signal_to_it_reaches_the_command()
    {
        await using var village = await UpAsync();
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        using var running = village.Start(village.Root, "exec", task, "--", "sh", "-c", "trap 'exit 9' TERM; touch \"$HOME/waiting\"; while :; do sleep 0.05; done");
        await village.NoteAppearsAsync("waiting");

        village.Tool("kill", "-TERM", $"{running.Id}");

        await running.WaitForExitAsync();
        Assert.Equal(9, running.ExitCode);
    }

    private static Task<TestVillage> UpAsync() =>
        TestVillage.UpAsync("touch \"$HOME/hanging\"; exec sleep 1000", "MAX_WORKERS=1\n[workspace]\nports=PORT");
}
