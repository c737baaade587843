using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Beads;

/// <summary>
/// A <c>bd</c> on the sandbox's PATH. The real one where VILLAGE_TEST_BD names it; else a program that keeps issues of its own and
/// answers as that version was seen to.
/// </summary>
internal static class StandIn
{
    /// <summary>The versions that Village works with, and the real one if there is one.</summary>
    public static TheoryData<string> Versions => [.. Eras, "head"];

    /// <summary>One of each era, where the newest differ in nothing; and the real one if there is one.</summary>
    public static TheoryData<string> Eras =>
        System.Environment.GetEnvironmentVariable("VILLAGE_TEST_BD") is { Length: > 0 } ? ["0.49.6", "1.0.3", "real"] : ["0.49.6", "1.0.3"];

    private static string Script => Path.Combine(SourceRoot.Path, "tests", "Village.Tests", "Beads", "bd-stand-in.mjs");

    /// <summary>A village that is up, whose tasks are in Beads.</summary>
    public static async Task<TestVillage> UpAsync(string version, string agentScript = "exit 0", string settings = "")
    {
        var village = TestVillage.Create();
        village.InstallBeads(version);
        village.Configure(settings, agentScript);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        return village;
    }

    /// <summary>Puts bd on PATH, and a database into <c>.beads</c>.</summary>
    public static void InstallBeads(this TestVillage village, string version)
    {
        village.InstallBd(version);
        if (version is "real")
        {
            village.Tool(Program(village), "init", "--prefix", "bd", "--quiet", "--skip-hooks");
            return;
        }

        Directory.CreateDirectory(Place(village));
        File.WriteAllText(Path.Combine(Place(village), "metadata.json"), "{}\n");
    }

    /// <summary>Puts bd on PATH alone.</summary>
    public static void InstallBd(this TestVillage village, string version)
    {
        village.Environment["BD_CALLS"] = CallsFile(village);
        if (version is "real")
        {
            village.Agent("bd", $"printf '%s\\n' \"$*\" >> \"$BD_CALLS\"; exec '{System.Environment.GetEnvironmentVariable("VILLAGE_TEST_BD")}' \"$@\"");
            return;
        }

        village.Environment["BD_STAND_IN"] = version;
        village.Agent("bd", $"exec flock '{Path.Combine(village.Sandbox, "bd.lock")}' node '{Script}' \"$@\"");
    }

    /// <summary>Puts a bd on PATH that gives recorded answers, and complains of every other call than the next one that is expected.</summary>
    public static void Replay(this TestVillage village, params Recorded[] calls)
    {
        var folder = Path.Combine(village.Sandbox, "replay");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (var (index, call) in calls.Index())
        {
            File.WriteAllText(Path.Combine(folder, $"{index}.args"), string.Concat(call.Args.Select(arg => arg + "\n")));
            File.WriteAllText(Path.Combine(folder, $"{index}.out"), call.Out);
            File.WriteAllText(Path.Combine(folder, $"{index}.err"), call.Error);
            File.WriteAllText(Path.Combine(folder, $"{index}.rc"), $"{call.Exit}");
        }

        File.WriteAllText(Path.Combine(folder, "next"), "0");
        village.Agent("bd", $$"""
            cd '{{folder}}' || exit 96
            exec 9< next && flock 9
            n=$(cat next)
            printf '%s\n' "$@" > called
            if ! cmp -s called "$n.args"; then cat called >> wrong; echo "not expected: $*" >&2; exit 97; fi
            echo $((n + 1)) > next
            cat "$n.out"
            cat "$n.err" >&2
            exit "$(cat "$n.rc")"
            """);
    }

    /// <summary>Fails unless every recorded call was made, and no other.</summary>
    public static void AssertReplayed(this TestVillage village)
    {
        var folder = Path.Combine(village.Sandbox, "replay");
        Assert.False(File.Exists(Path.Combine(folder, "wrong")), File.Exists(Path.Combine(folder, "wrong")) ? File.ReadAllText(Path.Combine(folder, "wrong")) : "");
        Assert.Equal(Directory.GetFiles(folder, "*.args").Length, int.Parse(File.ReadAllText(Path.Combine(folder, "next")), System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>What <c>bd</c> was called with since the last time this was asked, each call in one line.</summary>
    public static IReadOnlyList<string> TakeCalls(this TestVillage village)
    {
        if (!File.Exists(CallsFile(village)))
        {
            return [];
        }

        var lines = File.ReadAllLines(CallsFile(village));
        File.Delete(CallsFile(village));
        return [.. lines.Select(line => line.StartsWith('{') ? string.Join(' ', JsonDocument.Parse(line).RootElement.GetProperty("args").EnumerateArray().Select(arg => arg.GetString())) : line)];
    }

    /// <summary>Runs bd itself, as somebody.</summary>
    public static string Bd(this TestVillage village, string actor, params string[] args) =>
        village.Tool(Program(village), [.. args[..1], $"--actor={actor}", .. args[1..]]);

    /// <summary>An issue as bd shows it.</summary>
    public static JsonElement Issue(this TestVillage village, string id) =>
        JsonDocument.Parse(village.Tool(Program(village), "show", id, "--json")).RootElement is { ValueKind: JsonValueKind.Array } list ? list[0] : throw new InvalidOperationException("no list");

    /// <summary>A field of an issue, or null.</summary>
    public static string? Field(this TestVillage village, string id, string name) =>
        village.Issue(id).TryGetProperty(name, out var value) ? value.ToString() : null;

    private static string Program(TestVillage village) => Path.Combine(village.Sandbox, "bin", "bd");

    private static string Place(TestVillage village) => Path.Combine(village.Root, ".beads");

    private static string CallsFile(TestVillage village) => Path.Combine(village.Sandbox, "bd-calls");
}

/// <summary>A call of bd and its answer, as they were recorded.</summary>
/// <param name="Args">The arguments that Village must give.</param>
/// <param name="Exit">The exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Recorded(string[] Args, int Exit, string Out, string Error)
{
    private static readonly string Folder = Path.Combine(SourceRoot.Path, "tests", "Village.Tests", "Beads", "transcripts");

    /// <summary>
    /// The answer that a version gave to the <paramref name="number"/>th recorded call, for other arguments than those it was called
    /// with: <paramref name="renamed"/> replaces names in it.
    /// </summary>
    public static Recorded Of(string file, int number, string[] args, params (string From, string To)[] renamed)
    {
        var call = All(file).Single(call => call.Number == number).Call;
        string Renamed(string text) => renamed.Aggregate(text, (now, name) => now.Replace(name.From, name.To, StringComparison.Ordinal));
        return new(args, call.Exit, Renamed(call.Out), Renamed(call.Error));
    }

    /// <summary>
    /// Everything that was recorded of a version, in order, each call with the workspace it was made in. A file is a list of
    /// <code>
    /// === workspace A: init rc=0
    /// ### 001
    /// $ bd create 'T a' --id bd-aaa --json
    /// rc=0
    /// --stdout--
    /// …
    /// --stderr--
    /// …
    /// </code>
    /// </summary>
    public static IReadOnlyList<(string Workspace, int Number, Recorded Call)> All(string file)
    {
        List<(string, int, Recorded)> calls = [];
        var workspace = "";
        foreach (var block in File.ReadAllText(Path.Combine(Folder, file + ".txt")).Split("\n### "))
        {
            // What stands before the first call, and behind the last of a workspace, names the next workspace.
            var lines = block.Split('\n').TakeWhile(line => !line.StartsWith("=== ", StringComparison.Ordinal)).ToList();
            if (lines is [var number, ['$', ' ', .. var words], ..])
            {
                calls.Add((workspace, int.Parse(number, System.Globalization.CultureInfo.InvariantCulture), new(
                    Words(words)[1..], int.Parse(lines[2][3..], System.Globalization.CultureInfo.InvariantCulture), Part(lines, "--stdout--"), Part(lines, "--stderr--"))));
            }

            workspace = block.Split('\n').LastOrDefault(line => line.StartsWith("=== workspace ", StringComparison.Ordinal))?.Split(' ', ':')[2] ?? workspace;
        }

        return calls;
    }

    private static string Part(List<string> lines, string mark)
    {
        var text = string.Join('\n', lines.SkipWhile(line => line != mark).Skip(1).TakeWhile(line => line is not "--stderr--")).TrimEnd('\n');
        return text is "" ? "" : text + "\n";
    }

    // As a shell would take them apart, which knows only single quotes here.
    private static string[] Words(string line) =>
        [.. System.Text.RegularExpressions.Regex.Matches(line, @"('[^']*'|[^ '])+").Select(word => word.Value.Replace("'", "", StringComparison.Ordinal))];
}
