using System.Diagnostics;
using System.Globalization;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>The disk goes bad while an agent works: its worker ends, its work is kept, and the task goes on when the disk is well.</summary>
public sealed class WorkersOnBadDisksTests
{
    private const string Agent = """
        echo "$VILLAGE_ATTEMPT" >> "$HOME/starts"; echo "attempt $VILLAGE_ATTEMPT" >> work.txt
        touch "$HOME/hanging"; while [ ! -e "$HOME/go" ]; do sleep 0.02; done
        """;

    [Theory]
    [InlineData("exit 0", 1)]
    [InlineData("exit 0", 100)]
    [InlineData("exit 3", 1)]
    public async Task A_worker_that_ends_on_a_full_disk_loses_nothing(string end, int room)
    {
        var village = TestVillage.Create();
        await using var all = village;
        village.Configure("MAX_WORKERS=1", $"{Agent}\n[ $VILLAGE_ATTEMPT -gt 1 ] || {end}");
        Directory.CreateDirectory(village.State);
        using var disk = BadDisk.Mount(village, village.State);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        var log = Path.Combine(village.State, "events.log");
        File.AppendAllText(log, new string(' ', 8192 - room - (int)new FileInfo(log).Length) + "\n");
        disk.Fill();

        await EndsAndGoesOnAsync(village, task, disk.Mend);
    }

    [Theory]
    [InlineData("fsync:error=EIO")]
    [InlineData("write:error=ENOSPC")]
    public async Task A_worker_that_ends_while_the_disk_reports_errors_loses_nothing(string fault)
    {
        await using var village = await TestVillage.UpAsync(Agent, "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        var start = new ProcessStartInfo("strace",
        [
            "-f", "-p", village.ProcessOf(task).ToString(CultureInfo.InvariantCulture), "-o", Path.Combine(village.Sandbox, "trace"), "-P", Path.Combine(village.State, "events.log"),
            "-e", $"trace={fault.Split(':')[0]}", "-e", $"inject={fault}",
        ])
        { RedirectStandardError = true };
        using var strace = Process.Start(start)!;
        Assert.Contains("attached", await strace.StandardError.ReadLineAsync(), StringComparison.Ordinal);

        await EndsAndGoesOnAsync(village, task, () => strace.WaitForExit());
    }

    private static async Task EndsAndGoesOnAsync(TestVillage village, string task, Action mend)
    {
        var before = File.ReadAllBytes(Path.Combine(village.State, "events.log"));
        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        await village.NothingIsLeftRunningAsync();

        var now = File.ReadAllBytes(Path.Combine(village.State, "events.log"));
        Assert.True(now.AsSpan().StartsWith(before) && now[^1] is (byte)'\n', "the log has grown by whole lines only");
        mend();
        var seen = await village.RunAsync("status", "--json");
        Assert.Equal((0, 0), (seen.Succeed().Json().GetProperty("summary").GetProperty("locks_active").GetInt32(), seen.Json().GetProperty("summary").GetProperty("locks_corrupt").GetInt32()));
        (await village.RunAsync("retry", task)).ToString();

        // What the first attempt wrote is on the branch, or at a ref of the trash; nothing is only in the air.
        var kept = village.Git("for-each-ref", "--format=%(refname)", $"refs/heads/village/{task}", "refs/village/trash").Split('\n')
            .Where(name => village.TryTool("git", "show", $"{name}:work.txt").Out.Contains("attempt 1", StringComparison.Ordinal));
        Assert.True(kept.Any() || File.ReadAllText(Path.Combine(village.Workspace(task), "work.txt")).Contains("attempt 1", StringComparison.Ordinal));
        var drained = await village.RunAsync("queue", "--drain", "--force");
        Assert.True(drained.Exit is 0 or 3, drained.Transcript);
        Assert.Equal("completed", (await village.StateAsync(task)).State);
        await village.NothingIsLeftRunningAsync();
    }
}
