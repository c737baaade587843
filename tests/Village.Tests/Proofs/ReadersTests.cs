using System.Text.RegularExpressions;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>Commands that only read write nothing (invariant I9), so they work where nothing can be written.</summary>
public sealed partial class ReadersTests
{
    [Fact]
    public async Task A_command_that_reads_leaves_every_file_and_its_times_as_they_were()
    {
        await using var village = await ReadableAsync(_ => { });
        List<string> wrong = [];
        foreach (var words in Reading)
        {
            foreach (var json in new[] { false, true })
            {
                var before = Listing(village);
                var result = await village.RunAsync(json && words is not ["dashboard"] ? [.. words, "--json"] : words);
                var now = Listing(village);
                wrong.AddRange(now.Except(before).Concat(before.Except(now)).Select(line => $"village {string.Join(' ', words)}: {line}"));
                Assert.True(result.Exit is 0, $"village {string.Join(' ', words)}\n{result.Transcript}");
            }
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
    }

    // Opened for writing and not written would leave no trace in a listing.
    [Fact]
    public async Task A_command_that_reads_opens_nothing_for_writing_and_makes_nothing()
    {
        await using var village = await ReadableAsync(_ => { });
        var trace = Path.Combine(village.Sandbox, "trace");
        village.Through = _ =>
        [
            "strace", "-f", "-qq", "-y", "-s", "4096", "-o", trace, "-e",
            "trace=openat,unlinkat,unlink,renameat,renameat2,rename,mkdirat,mkdir,rmdir,linkat,link,symlinkat,symlink,mknodat,mknod,truncate,ftruncate,fallocate,chmod,fchmod,fchmodat,utimensat", "--",
        ];
        List<string> wrong = [];
        var looked = 0;
        foreach (var words in Reading)
        {
            await village.RunAsync(words);
            var lines = File.ReadAllLines(trace).Where(line => IsIn(village.Root, line) && !MarksAnObject().IsMatch(line)).ToList();
            looked += lines.Count;
            wrong.AddRange(lines.Where(line => Writes().IsMatch(line)).Select(line => $"village {string.Join(' ', words)}: {line}"));

            // Loading the library takes longer than all else that most of them do; names of what is compared are hashes.
            if (words is not (["conflicts", ..] or ["queue", .., "--conflicts"] or ["report"]) && File.ReadLines(trace).Any(line => line.Contains("libcrypto", StringComparison.Ordinal)))
            {
                wrong.Add($"village {string.Join(' ', words)}: loads OpenSSL");
            }
        }

        Assert.True(looked > 100, "strace saw them read");
        Assert.True(wrong is [], string.Join('\n', wrong));

        // The eye of this test: a command that writes is seen.
        await village.RunAsync("task", "add", "Another");
        Assert.Contains(File.ReadLines(trace), line => line.Contains("/.village/", StringComparison.Ordinal) && Writes().IsMatch(line));
    }

    [Theory]
    [InlineData("read-only")]
    [InlineData("full")]
    public async Task A_command_that_reads_answers_on_a_bad_disk_as_on_a_good_one(string fault)
    {
        BadDisk? disk = null;
        await using var village = await ReadableAsync(v => disk = BadDisk.Mount(v, v.Root, "size=2m"));
        using var mounted = disk!;
        var well = await AnswersAsync(village);
        if (fault is "full")
        {
            disk!.Fill();
        }
        else
        {
            disk!.MakeReadOnly();
        }

        var bad = await AnswersAsync(village);

        Assert.All(well, answer => Assert.EndsWith("[0]", answer, StringComparison.Ordinal));
        Assert.Equal(well, bad);
    }

    private static IReadOnlyList<string[]> Reading => EveryCommand.Reading("bd-done").Where(words => words is not (["attach"] or ["resume", _, _] or ["logs", _]))
        .Concat([["resume", "bd-ready", "--plan"], ["queue", "5", "--plan", "--force"], ["logs", "bd-done"], ["state", "bd-stale"], ["events", "--task", "bd-done"], ["cleanup", "--plan", "--apply", "--force"], ["help"]])
        .Where(words => words is not ["up", ..]).Append(["up", "--plan"]).ToList();

    // With the log of an attempt, and a checkpoint to read.
    private static Task<TestVillage> ReadableAsync(Action<TestVillage> onDisk) => WornVillage.CreateAsync(village =>
    {
        Directory.CreateDirectory(Path.Combine(village.State, "logs", "bd-done"));
        File.WriteAllText(Path.Combine(village.State, "logs", "bd-done", "1.log"), "hello\n");
        onDisk(village);
    });

    private static async Task<IReadOnlyList<string>> AnswersAsync(TestVillage village)
    {
        List<string> answers = [];
        foreach (var words in Reading)
        {
            var result = await village.RunAsync(words);
            answers.Add($"village {string.Join(' ', words)}\n{Ages().Replace(result.Out, "AGE")}{result.Error}[{result.Exit}]");
        }

        return answers;
    }

    // By its path, or where that is relative by the directory it is relative to.
    private static bool IsIn(string root, string line) =>
        AbsolutePath().Match(line) is { Success: true } path ? path.Groups[1].Value.StartsWith(root, StringComparison.Ordinal) : line.Contains(root, StringComparison.Ordinal);

    // Every entry of the repository: type, mode, size, times of content and of inode, inode, target. A tmux socket is elsewhere.
    // Of objects no times: git renews those of one that it meets again, so that it is not pruned.
    private static IReadOnlyList<string> Listing(TestVillage village) =>
        village.Tool("find", village.Root, "-path", "*/.git/objects/??/*", "-printf", "%p %y %m %s %i\\n", "-o", "-printf", "%p %y %m %s %T@ %C@ %i %l\\n")
            .Split('\n').Order(StringComparer.Ordinal).ToList();

    [GeneratedRegex(@"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|^\d+ +(unlink|rename|mkdir|rmdir|link|symlink|mknod|truncate|ftruncate|fallocate|chmod|fchmod|utimensat)", RegexOptions.CultureInvariant)]
    private static partial Regex Writes();

    [GeneratedRegex(@"^\d+ +\w+\((?:AT_FDCWD(?:<[^>]*>)?, )?""(/[^""]*)""", RegexOptions.CultureInvariant)]
    private static partial Regex AbsolutePath();

    // "utimensat(AT_FDCWD</repo>, "/repo/.git/objects/ce/013625…", NULL, 0) = 0": what git does instead of writing an object twice.
    [GeneratedRegex(@"utimensat\([^""]*""[^""]*/\.git/objects/../[0-9a-f]+"", NULL", RegexOptions.CultureInvariant)]
    private static partial Regex MarksAnObject();

    // Times that pass while the test runs.
    [GeneratedRegex(@"(?<=System Load: )[\d.]+|\d+(\.\d+)?(ms|s|m|h|d)\b( \d+(s|m|h)\b)?|\d\d:\d\d:\d\d", RegexOptions.CultureInvariant)]
    private static partial Regex Ages();
}
