using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>A disk that is full, read-only or refuses: every writing command says so, and what was there is whole and goes on.</summary>
public sealed class BadDisksTests
{
    public static TheoryData<string> Faults => ["full", "full in the middle of a line", "no inodes", "read-only"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task On_a_bad_disk_every_writing_command_fails_with_a_sentence_and_breaks_nothing(string fault)
    {
        BadDisk? disk = null;
        await using var village = await WornVillage.CreateAsync(v => disk = BadDisk.Mount(v, v.State, "size=400k,nr_inodes=80"));
        using var mounted = disk!;
        Break(village, disk!, fault);
        var before = village.Contents();
        List<string> wrong = [];
        List<string[]> failed = [];
        foreach (var words in WornVillage.Writing)
        {
            var result = await village.WriteAsync(words);
            if (result.Exit is 0 && fault is "no inodes")
            {
                // It needed no new file.
                before = village.Contents();
                continue;
            }

            failed.Add(words);
            var problems = result.Muddle().Concat(village.Damage(before)).ToList();
            wrong.AddRange(problems.Select(problem => $"village {string.Join(' ', words)}: {problem}\n{result.Transcript}\n"));
        }

        Assert.True(wrong is [], string.Join('\n', wrong));

        disk!.Mend();
        foreach (var words in failed)
        {
            (await village.WriteAsync(words)).Succeed();
        }
    }

    private static void Break(TestVillage village, BadDisk disk, string fault)
    {
        switch (fault)
        {
            case "read-only":
                disk.MakeReadOnly();
                break;
            case "no inodes":
                disk.UseUpInodes();
                break;
            default:
                // What fits into the last page of the log is no matter of luck: nothing, or the half of a line.
                var log = Path.Combine(village.State, "events.log");
                var room = fault is "full" ? 0 : 100;
                var pad = 4096 - (new FileInfo(log).Length % 4096) + 4096 - room - 1;
                File.AppendAllText(log, new string(' ', (int)pad) + "\n");
                disk.Fill();
                break;
        }
    }
}
