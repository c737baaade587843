using System.Text;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>
/// Whatever stands in place of a file of the village: no command hangs, throws, or believes in a worker that is not there; and
/// what nobody can read is named.
/// </summary>
public sealed class DamagedVillageTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Things => ["a pipe", "a directory", "a link to nothing", "a link to itself", "a link to a device", "ten megabytes of one line", "zeros", "not UTF-8", "nothing"];

    [Theory]
    [MemberData(nameof(Things))]
    public async Task Anything_may_stand_in_place_of_a_lock(string thing)
    {
        await using var village = await WornVillage.CreateAsync(_ => { });
        string[] names = ["bd-free", "bd-stale", "zz other", "zz\nline", "zz'quote\"", "$(touch pwned)", "--force", "..", "é"];
        foreach (var name in names)
        {
            var path = Path.Combine(village.State, "locks", $"{name}.lock");
            File.Delete(path);
            Put(village, path, thing);
        }

        await NothingIsWrongAsync(village);
        foreach (var name in names)
        {
            await IsCalmAsync(village, [0, 1, 3, 5], "unlock", name);
            await IsCalmAsync(village, [0, 1, 3, 5], "unlock", name, "--force");
        }

        await IsCalmAsync(village, [0, 4], "cleanup");
        await village.RunAsync("retry", "bd-failed");
        await IsCalmAsync(village, [0, 3], "queue", "--drain", "--force");
        Assert.Equal("completed", village.LoggedState("bd-ready"));
        Assert.False(File.Exists(Path.Combine(village.Root, "pwned")));
    }

    [Theory]
    [MemberData(nameof(Things))]
    public async Task Anything_may_stand_in_place_of_a_liveness_file(string thing)
    {
        await using var village = await WornVillage.CreateAsync(_ => { });
        var path = Path.Combine(village.State, "locks", "bd-stale.1.live");
        File.Delete(path);
        Put(village, path, thing);

        await NothingIsWrongAsync(village);
        await IsCalmAsync(village, [0, 1, 3], "unlock", "bd-stale");
        await IsCalmAsync(village, [0, 1], "unlock", "bd-stale", "--force");
        await IsCalmAsync(village, [0, 3, 4], "queue", "--drain", "--force");
        Assert.Equal("completed", village.LoggedState("bd-ready"));
    }

    [Theory]
    [MemberData(nameof(Things))]
    public async Task Anything_may_stand_in_place_of_the_checkpoint(string thing)
    {
        await using var village = await WornVillage.CreateAsync(_ => { });
        Put(village, Path.Combine(village.State, "state.checkpoint"), thing);

        await NothingIsWrongAsync(village);
        await IsCalmAsync(village, [0], "queue", "--drain");
        Assert.Equal("completed", village.LoggedState("bd-ready"));
    }

    [Theory]
    [InlineData("events.log")]
    [InlineData("tasks.jsonl")]
    [InlineData("config")]
    [InlineData("locks/.guard")]
    [InlineData("locks")]
    public async Task What_stands_in_place_of_another_file_is_named_and_left_alone(string file)
    {
        foreach (var thing in Things.Select(row => row.Data))
        {
            await using var village = await WornVillage.CreateAsync(_ => { });
            var path = Path.Combine(village.State, file);
            village.Tool("rm", "-r", path);
            Put(village, path, thing);
            var before = Type(village, path);
            foreach (var words in EveryCommand.Reading("bd-done").Concat(WornVillage.Writing).Where(words => words is not (["attach"] or ["queue", "--drain"] or ["resume", ..] or ["signal", ..])))
            {
                await IsCalmAsync(village, [0, 1, 2, 3, 4], words);
            }

            Assert.True(Type(village, path) == before || thing.StartsWith("a link", StringComparison.Ordinal) || thing is "nothing" or "zeros" or "not UTF-8" or "ten megabytes of one line", $"{thing} was {before} and is {Type(village, path)}");
        }
    }

    // No command that reads fails; nobody is ACTIVE, for nobody is there.
    private static async Task NothingIsWrongAsync(TestVillage village)
    {
        foreach (var words in EveryCommand.Reading("bd-done").Where(words => words is not (["attach"] or ["logs", _] or ["resume", _, _])))
        {
            var before = village.Contents();
            await IsCalmAsync(village, [0, 3], words);
            Assert.Empty(village.Damage(before));
        }

        foreach (var row in (await village.RunInProcessAsync(TimeProvider.System, "locks", "--json")).Succeed().Json().GetProperty("locks").EnumerateArray())
        {
            Assert.NotEqual("ACTIVE", Asking.Text(row, "status"));
        }

    }

    private static async Task IsCalmAsync(TestVillage village, int[] exits, params string[] words)
    {
        // The whole program, without the time that it takes to start: here are hundreds of calls.
        var answer = Task.Run(() => village.RunInProcessAsync(TimeProvider.System, words));
        Assert.True(await Task.WhenAny(answer, Task.Delay(Deadline)) == answer, $"village {string.Join(' ', words)} hangs");
        var result = await answer;
        Assert.True(exits.Contains(result.Exit) && result.Muddle().All(problem => problem.StartsWith("exit ", StringComparison.Ordinal)), $"village {string.Join(' ', words)}\n{result.Transcript}");
    }

    private static string Type(TestVillage village, string path) => village.TryTool("stat", "-c", "%F", path).Out;

    private static void Put(TestVillage village, string path, string thing)
    {
        switch (thing)
        {
            case "a pipe": village.Tool("mkfifo", path); break;
            case "a directory": Directory.CreateDirectory(Path.Combine(path, "in it")); break;
            case "a link to nothing": File.CreateSymbolicLink(path, "/nowhere/at all"); break;
            case "a link to itself": File.CreateSymbolicLink(path, path); break;
            case "a link to a device": File.CreateSymbolicLink(path, "/dev/zero"); break;
            case "ten megabytes of one line": File.WriteAllText(path, new string('x', 10_000_000)); break;
            case "zeros": File.WriteAllBytes(path, new byte[1000]); break;
            case "not UTF-8": File.WriteAllBytes(path, [0xff, 0xfe, 0x00, 0xc3, (byte)'\n', (byte)'=', .. Encoding.UTF8.GetBytes("id=bd-free\n")]); break;
            default: File.WriteAllText(path, ""); break;
        }
    }
}
