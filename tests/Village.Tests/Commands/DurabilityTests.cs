using System.Text.RegularExpressions;
using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>What the kernel is asked to do before a command says that something is done; by <c>strace</c>, call by call.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task Full_syncs_file_and_directory_before_the_command_answers()
    {
        await using var village = await TestVillage.UpAsync();

        var calls = Trace(village, "task", "add", "One");

        // The event; the store: the new file, its name in the directory; then the answer.
        AssertInOrder(
            calls,
            @"^write .*/events\.log$",
            @"^fsync .*/events\.log$",
            @"^fsync .*/\.tasks\.jsonl\.[0-9a-f]{32}$",
            @"^rename .*/\.tasks\.jsonl\.[0-9a-f]{32} .*/tasks\.jsonl$",
            @"^fsync .*/\.village$",
            "^answer$");
    }

    [Fact]
    public async Task A_claim_is_on_the_disk_before_anything_is_started_for_it()
    {
        await using var village = await TestVillage.UpAsync("echo x > x.txt");
        var task = await village.AddAsync("One");

        var calls = Trace(village, "queue", "1");

        // The event before the lease, both before git makes a branch.
        AssertInOrder(
            calls,
            @"^write .*/events\.log$",
            @"^fsync .*/events\.log$",
            $@"^fsync .*/\.{task}\.lock\.[0-9a-f]{{32}}$",
            $@"^rename .*/locks/{task}\.lock$",
            @"^fsync .*/locks$",
            "^execve .*update-ref",
            "^answer$");
    }

    [Fact]
    public async Task Relaxed_syncs_nothing_and_does_the_same()
    {
        await using var village = await TestVillage.UpAsync("echo x > x.txt", "DURABILITY=relaxed");

        var add = Trace(village, "task", "add", "One");
        var task = (await village.RunAsync("task", "list", "--json")).Succeed().Json().GetProperty("tasks")[0].GetProperty("id").GetString()!;
        var queue = Trace(village, "queue", "1");

        Assert.DoesNotContain(add.Concat(queue), call => call.StartsWith("fsync", StringComparison.Ordinal) && call.Contains(".village", StringComparison.Ordinal));
        Assert.Contains(add, call => Regex.IsMatch(call, @"^rename .*/tasks\.jsonl$"));
        Assert.Contains(queue, call => Regex.IsMatch(call, $@"^rename .*/locks/{task}\.lock$"));
        Assert.Equal("claimed in_progress completed", (await village.StateBecomesAsync(task, "completed")).Path);
    }

    // "call path" in the order in which the calls were done; "answer" is the last thing on stdout.
    private static IReadOnlyList<string> Trace(TestVillage village, params string[] args)
    {
        var log = Path.Combine(village.Sandbox, "strace");
        village.Tool("strace", ["-f", "-qq", "-y", "-s", "4096", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,write,execve", "-o", log, TestVillage.Binary, .. args]);
        return [.. File.ReadLines(log).Select(Call).OfType<string>()];
    }

    // "4711  fsync(23</r/.village/events.log>)    = 0"; "4711  rename("/a", "/b") = 0"; "4711  write(1<pipe:[9]>, "bd-1\n", 5) = 5"
    private static string? Call(string line)
    {
        var match = Regex.Match(line, @"^\d+ +(?<call>\w+)\((?:\d+<(?<file>[^>]*)>)?(?<rest>.*)");
        var (call, file, rest) = (match.Groups["call"].Value, match.Groups["file"].Value, match.Groups["rest"].Value);
        return call switch
        {
            "write" when line.Contains("write(1<", StringComparison.Ordinal) => "answer",
            "write" => $"write {file}",
            "fsync" or "fdatasync" => $"fsync {file}",
            "execve" => $"execve {rest}",
            "" => null,
            _ => $"rename {string.Join(' ', Regex.Matches(rest, "\"([^\"]*)\"").Select(m => m.Groups[1].Value))}",
        };
    }

    private static void AssertInOrder(IReadOnlyList<string> calls, params string[] patterns)
    {
        var at = -1;
        foreach (var pattern in patterns)
        {
            at = calls.Index().Where(call => call.Index > at && Regex.IsMatch(call.Item, pattern)).Select(call => call.Index).DefaultIfEmpty(-1).First();
            Assert.True(at >= 0, $"'{pattern}' was not done in its turn:\n{string.Join('\n', calls)}");
        }
    }
}
