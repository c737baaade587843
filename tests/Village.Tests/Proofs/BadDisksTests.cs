using System.Globalization;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>
/// A disk that is full, read-only or refuses: every writing command says so and ends with 1, what was there before is whole, and
/// when the disk is well again the same commands go on.
/// </summary>
public sealed class BadDisksTests
{
    // As root, the right to write everywhere is taken from the program; anybody else does not have it.
    private static readonly IReadOnlyList<string> WithoutRights =
        Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"] : [];

    [Theory]
    [InlineData("full")]
    [InlineData("full in the middle of a line")]
    [InlineData("no inodes")]
    [InlineData("read-only")]
    [InlineData("full", true)]
    [InlineData("read-only", true)]
    public async Task On_a_bad_disk_every_writing_command_fails_with_a_sentence_and_breaks_nothing(string fault, bool wholeRepository = false)
    {
        BadDisk? disk = null;
        await using var village = await WornVillage.CreateAsync(v => disk = BadDisk.Mount(v, wholeRepository ? v.Root : v.State, "size=1m,nr_inodes=1000"));
        using var mounted = disk!;

        await FailsAndGoesOnAsync(
            village,
            () =>
            {
                switch (fault)
                {
                    case "read-only":
                        disk!.MakeReadOnly();
                        break;
                    case "no inodes":
                        disk!.UseUpInodes();
                        break;
                    default:
                        // What fits into the last page of the log is no matter of luck: nothing, or the half of a line.
                        PadLog(village, room: fault is "full" ? 0 : 100);
                        disk!.Fill();
                        break;
                }
            },
            disk!.Mend,
            mayWrite: fault is "no inodes" || (fault is "full" && wholeRepository)); // There, cleanup makes room.
    }

    [Theory]
    [InlineData(200)] // Nothing may be larger: also what is replaced is cut short.
    [InlineData(8192 - 100)] // The log may grow by the half of a line.
    public async Task At_a_limit_of_file_sizes_every_writing_command_fails_with_a_sentence_and_breaks_nothing(int limit)
    {
        await using var village = await WornVillage.CreateAsync(_ => { });

        // The runtime of an unpublished build keeps its own memory in files.
        village.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        await FailsAndGoesOnAsync(
            village,
            () =>
            {
                PadLog(village, room: 200);
                village.Through = _ => ["prlimit", string.Create(CultureInfo.InvariantCulture, $"--fsize={limit}"), "--"];
            },
            () => village.Through = _ => []);
    }

    [Fact]
    public async Task Without_the_right_to_write_every_writing_command_fails_with_a_sentence_and_breaks_nothing()
    {
        await using var village = await WornVillage.CreateAsync(_ => { });
        await FailsAndGoesOnAsync(
            village,
            () =>
            {
                village.Tool("chmod", "-R", "a-w", village.State);
                village.Through = _ => WithoutRights;
            },
            () =>
            {
                village.Tool("chmod", "-R", "u+w", village.State);
                village.Through = _ => [];
            });
    }

    [Theory]
    [InlineData("tasks.jsonl", "task list")]
    [InlineData("events.log", "status")]
    [InlineData("config", "status")]
    public async Task A_file_that_may_not_be_read_is_named_in_one_sentence(string file, string command)
    {
        await using var village = await WornVillage.CreateAsync(_ => { });
        village.Through = _ => WithoutRights;
        village.Tool("chmod", "0", Path.Combine(village.State, file));

        var result = await village.RunAsync(command.Split(' '));

        Assert.Empty(result.ExitsWith(1).Muddle());
        Assert.Contains($"/.village/{file}': Permission denied", result.Error, StringComparison.Ordinal);
    }

    // The first fsync of a command, and each later one, fails: the write before it was made, and is not sure to last.
    [Theory]
    [InlineData("fsync:error=EIO")]
    [InlineData("fsync:error=EIO:when=2+")]
    [InlineData("fsync:error=EIO:when=3+")]
    [InlineData("fsync:error=ENOSPC:when=2")]
    [InlineData("rename:error=EIO")]
    [InlineData("rename:error=ENOSPC:when=2+")]
    [InlineData("ftruncate,write:error=EIO", "events.log")]
    [InlineData("write:error=ENOSPC", "events.log")]
    public async Task When_the_disk_reports_an_error_the_command_does_and_nothing_is_torn(string fault, string? only = null)
    {
        await using var village = await WornVillage.CreateAsync(_ => { });
        IReadOnlyList<string> where = only is null ? [] : ["-P", Path.Combine(village.State, only)];
        village.Through = _ => ["strace", "-f", "-qq", "-o", "/dev/null", .. where, "-e", $"trace={fault.Split(':')[0]}", "-e", $"inject={fault}", "--"];
        List<string> wrong = [];
        foreach (var words in WornVillage.Writing.Where(words => words is not (["queue", "--drain"] or ["resume", ..])))
        {
            var before = village.Contents();
            var result = await village.WriteAsync(words);

            // Some find nothing to do any more, after what an earlier one left in the log; and some need no second write.
            var problems = result.Exit is 0 or 3 ? [] : result.Muddle().Concat(fault is "fsync:error=EIO" or "rename:error=EIO" || only is not null ? village.Damage(before) : []).ToList();
            wrong.AddRange(problems.Select(problem => $"village {string.Join(' ', words)}: {problem}\n{result.Transcript}\n"));
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
        village.Through = _ => [];
        await village.IsReadableAsync();
        await GoesOnAsync(village);
    }

    private static async Task FailsAndGoesOnAsync(TestVillage village, Action breakIt, Action mend, bool mayWrite = false)
    {
        breakIt();
        var before = village.Contents();
        List<string> wrong = [];
        List<string[]> failed = [];
        foreach (var words in WornVillage.Writing)
        {
            var result = await village.WriteAsync(words);
            if (result.Exit is 0 && mayWrite)
            {
                // It needed none of what is missing.
                before = village.Contents();
                continue;
            }

            failed.Add(words);
            wrong.AddRange(result.Muddle().Concat(village.Damage(before)).Select(problem => $"village {string.Join(' ', words)}: {problem}\n{result.Transcript}\n"));
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
        Assert.NotEmpty(failed);
        mend();
        await village.IsReadableAsync();
        if (mayWrite)
        {
            await GoesOnAsync(village);
            return;
        }

        foreach (var words in failed)
        {
            (await village.WriteAsync(words)).Succeed();
        }
    }

    // Every task that may run is run.
    private static async Task GoesOnAsync(TestVillage village)
    {
        await village.NothingIsLeftRunningAsync();
        foreach (var task in village.Events().Select(e => Asking.Text(e, "task")).OfType<string>().Distinct().Where(task => village.LoggedState(task) is "failed"))
        {
            (await village.RunAsync("retry", task)).Succeed();
        }

        var drained = await village.RunAsync("queue", "--drain", "--force");
        Assert.True(drained.Exit is 0 or 3, drained.Transcript);
        foreach (var task in new[] { "bd-free", "bd-ready", "bd-stale", "bd-failed" })
        {
            Assert.Equal((task, "completed"), (task, village.LoggedState(task)));
        }
    }

    // Foreign bytes, so that so much is left of the page that the log's end is in; and it is longer than any other file.
    private static void PadLog(TestVillage village, int room)
    {
        var log = Path.Combine(village.State, "events.log");
        File.AppendAllText(log, new string(' ', 8192 - room - 1 - (int)new FileInfo(log).Length) + "\n");
    }
}
