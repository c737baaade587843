using Village.Tests.Testing;

namespace Village.Tests.Doctor;

/// <summary>Every command that acts on tasks repairs what a kill left between two writes; commands that look do not.</summary>
public sealed class RepairTests
{
    [Theory]
    [InlineData("queue", "1")]
    [InlineData("resume", "OTHER")]
    [InlineData("retry", "ENDED")]
    [InlineData("unlock", "ENDED")]
    [InlineData("cleanup")]
    [InlineData("doctor", "--fix")]
    public async Task A_writing_command_repairs_and_says_so_in_the_log(params string[] words)
    {
        await using var village = await TestVillage.UpAsync("case $(cat) in *'please fail'*) exit 3;; esac; cp \"$VILLAGE_DIR/locks/$VILLAGE_TASK.lock\" \"$HOME/lock\"; echo work > work.txt", "MAX_WORKERS=1");
        var (done, fails, ended) = (await village.AddAsync("please work"), await village.AddAsync("please fail"), await village.AddAsync("please fail too"));
        var other = await village.AddAsync("for later");
        var store = Path.Combine(village.State, "tasks.jsonl");
        var open = await File.ReadAllTextAsync(store);
        (await village.RunAsync("task", "close", other)).Succeed();
        (await village.RunAsync("queue", "--drain")).ExitsWith(4);
        await File.WriteAllTextAsync(store, open);

        // As after kills between event and lease, lease and store, file and rename.
        File.Copy(Path.Combine(village.Home, "lock"), village.LockPath(done));
        File.WriteAllText(village.LockPath(fails), File.ReadAllText(village.LockPath(fails)).Replace("state=failed", "state=in_progress", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(village.State, "locks", $"{done}.1.live"), "");
        File.WriteAllText(Path.Combine(village.State, ".tasks.jsonl.0123456789abcdef0123456789abcdef"), "half");
        foreach (var look in (string[][])[["status"], ["locks"], ["queue"], ["ready"], ["cleanup", "--plan"], ["doctor"]])
        {
            var before = village.Fingerprint();
            await village.RunAsync(look);
            Assert.Equal(before, village.Fingerprint());
        }

        await village.RunAsync([.. words.Select(word => word is "OTHER" ? other : word is "ENDED" ? ended : word)]);

        var repairs = village.Events().Where(e => Asking.Text(e, "cmd") == words[0]).Select(e => (Asking.Text(e, "reason"), Asking.Text(e, "task"))).ToList();
        Assert.Contains(("superseded_lease", done), repairs);
        Assert.Contains(("lease_behind_log", fails), repairs);
        Assert.Contains(("completed_not_closed", done), repairs);
        Assert.Contains(("temporary_file", null), repairs);
        Assert.Empty(village.Lease(done));
        Assert.Equal("failed", village.Lease(fails)["state"]);
        Assert.DoesNotContain($"{done}.1.live", village.LiveFiles());
        Assert.Equal("closed", (await village.RunAsync("task", "show", done, "--json")).Json().GetProperty("task").GetProperty("status").GetString());
    }
}
