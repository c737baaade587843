using System.Text.RegularExpressions;
using Village.Tests.Testing;

namespace Village.Tests.OriginalDefects;

/// <summary>How the original treated files and other programs. C1 to C8.</summary>
public sealed partial class EngineeringTests
{
    /// <summary>It asked git once per lock: 207 processes for a plan with 100 locks.</summary>
    [Theory]
    [InlineData("locks")]
    [InlineData("status", "--json")]
    [InlineData("ready")]
    [InlineData("queue", "--plan")]
    public async Task C01_a_hundred_locks_need_no_more_processes_than_none(params string[] words)
    {
        await using var village = await TestVillage.UpAsync();
        await village.AddAsync("One");
        village.CountCallsOf("git");
        village.CountCallsOf("tmux");
        (await village.RunAsync(words)).Succeed();
        var (git, tmux) = (village.CallsOf("git"), village.CallsOf("tmux"));
        for (var n = 0; n < 100; n++)
        {
            village.OriginalsLock($"bd-{n}", "%99");
        }

        (await village.RunAsync(words)).Succeed();

        Assert.InRange(git + tmux, 1, 8);
        Assert.Equal((git, tmux), (village.CallsOf("git"), village.CallsOf("tmux")));
    }

    /// <summary>It read the whole log again for each task that it thought about.</summary>
    [Fact]
    public async Task C02_a_plan_reads_the_log_as_often_for_many_tasks_as_for_one()
    {
        await using var village = await TestVillage.UpAsync();
        await village.AddAsync("One");
        var one = LogOpenings(village);
        for (var n = 0; n < 20; n++)
        {
            await village.AddAsync($"Task {n}");
        }

        Assert.InRange(one, 1, 3);
        Assert.Equal(one, LogOpenings(village));
    }

    /// <summary>Two writers shared the temporary file <c>TASK.tmp</c>, and nothing was synced.</summary>
    [Fact]
    public async Task C05_every_write_has_a_temporary_file_of_its_own_and_is_synced()
    {
        await using var village = await TestVillage.UpAsync();
        var trace = Path.Combine(village.Sandbox, "trace");
        HashSet<string> names = [];
        for (var n = 0; n < 2; n++)
        {
            village.Tool("strace", "-f", "-y", "-qq", "-e", "trace=rename,fsync", "-o", trace, TestVillage.Binary, "task", "add", $"Task {n}");
            var lines = File.ReadAllLines(trace);
            var rename = Array.FindIndex(lines, line => line.Contains("/tasks.jsonl\") = 0", StringComparison.Ordinal));
            var name = Temporary().Match(lines[rename]).Value;

            Assert.True(names.Add(name), $"'{name}' was used twice");
            Assert.Contains(lines[..rename], line => line.Contains("fsync(", StringComparison.Ordinal) && line.Contains(name, StringComparison.Ordinal));
            Assert.Contains(lines[rename..], line => line.Contains("fsync(", StringComparison.Ordinal) && line.Contains("/.village>)", StringComparison.Ordinal));
        }
    }

    /// <summary>It looked for <c>bd</c> in every call, and waited for it for ever.</summary>
    [Fact]
    public async Task C06_a_tool_that_hangs_and_is_not_used_is_not_called()
    {
        await using var village = await TestVillage.UpAsync(Scripts.Works);
        village.Agent("bd", "touch \"$HOME/bd-was-called\"; exec sleep 1000");
        var task = await village.AddAsync("One");

        (await village.RunAsync("queue", "--drain")).Succeed();
        (await village.RunAsync("status")).Succeed();

        Assert.Equal("completed", (await village.StateAsync(task)).State);
        Assert.Null(village.Note("bd-was-called"));
    }

    /// <summary>A program that was not installed was a stack trace.</summary>
    [Theory, Trait("scm", "git")]
    [InlineData("git")]
    [InlineData("tmux")]
    public async Task C07_a_missing_program_is_named_with_the_way_to_get_it(string missing)
    {
        await using var village = await TestVillage.UpAsync();
        var only = Directory.CreateDirectory(Path.Combine(village.Sandbox, "only")).FullName;
        var present = missing is "git" ? "tmux" : "git";
        File.CreateSymbolicLink(Path.Combine(only, present), $"/usr/bin/{present}");
        village.Environment["PATH"] = only;

        var result = (await village.RunAsync("status")).ExitsWith(2);

        Assert.Equal($"error: {missing} is not installed or not on PATH\nhint: install it, for example: sudo apt-get install {missing}\n", result.Error);
    }

    /// <summary>What tmux complained reached the user's screen: "no server running".</summary>
    [Fact]
    public async Task C08_without_a_tmux_server_nothing_of_tmux_is_heard()
    {
        await using var village = await TestVillage.UpAsync();
        village.Tool("tmux", "kill-server");

        var result = (await village.RunAsync("status")).Succeed();

        Assert.Equal("", result.Error);
        Assert.Contains("not running", result.Out, StringComparison.Ordinal);
    }

    private static int LogOpenings(TestVillage village)
    {
        var trace = Path.Combine(village.Sandbox, "trace");
        village.Tool("strace", "-f", "-qq", "-e", "trace=open,openat", "-o", trace, TestVillage.Binary, "queue", "--plan");
        return File.ReadLines(trace).Count(line => line.Contains("/events.log\"", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\.tasks\.jsonl\.\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Temporary();
}
