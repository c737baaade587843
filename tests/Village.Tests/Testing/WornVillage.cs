using System.Text;
using System.Text.RegularExpressions;
using Village.Platform;

namespace Village.Tests.Testing;

/// <summary>A village in which every writing command finds something to do, and what must be true of it when none could write.</summary>
internal static partial class WornVillage
{
    /// <summary>The nonce of the lease of <c>bd-stale</c>.</summary>
    public const string Nonce = "5f0c1d2e3f405162738495a6b7c8d9e0";

    private const string Time = "2026-01-22T10:41:12.000Z";

    /// <summary>Every writing command, in an order in which each one succeeds.</summary>
    public static IReadOnlyList<string[]> Writing { get; } =
    [
        ["task", "add", "Another"], ["task", "edit", "bd-ready", "--priority", "0"], ["task", "dep", "add", "bd-free", "bd-ready"],
        ["task", "dep", "remove", "bd-free", "bd-ready"], ["task", "close", "bd-open"], ["task", "reopen", "bd-shut"], ["signal", "working"],
        ["unlock", "bd-stale"], ["cleanup", "--apply"], ["retry", "bd-failed"], ["queue", "1"], ["resume", "bd-free", "--detached"],
        ["queue", "--drain"],
    ];

    /// <summary>Makes one: a ready task, a failed one, one whose worker is dead, and a completed one whose workspace is still there.</summary>
    /// <param name="onDisk">Called before it is up, to put some of it elsewhere.</param>
    public static async Task<TestVillage> CreateAsync(Action<TestVillage> onDisk)
    {
        var village = TestVillage.Create();
        village.Configure("MAX_WORKERS=3\nCHECK=test -d .", "echo \"$VILLAGE_TASK\" >> \"$HOME/starts\"; echo \"$VILLAGE_TASK $VILLAGE_ATTEMPT\" > work.txt");
        Directory.CreateDirectory(Path.Combine(village.State, "locks"));
        File.WriteAllText(Path.Combine(village.State, "tasks.jsonl"), Tasks());
        File.WriteAllText(Path.Combine(village.State, "events.log"), Log());
        File.WriteAllText(village.LockPath("bd-failed"), Lease("bd-failed", "failed", "0123456789abcdef0123456789abcdef"));
        File.WriteAllText(village.LockPath("bd-stale"), Lease("bd-stale", "in_progress", Nonce));
        File.WriteAllText(Path.Combine(village.State, "locks", "bd-stale.1.live"), "");
        foreach (var task in new[] { "bd-done", "bd-stale" })
        {
            village.Git("worktree", "add", "--quiet", "-b", $"village/{task}", village.Workspace(task));
        }

        onDisk(village);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        return village;
    }

    /// <summary>Runs one of them; <c>signal</c> as the agent of <c>bd-stale</c> would. Nobody else carries the nonce, or a sweep would end it.</summary>
    public static async Task<CliResult> WriteAsync(this TestVillage village, string[] words)
    {
        if (words is ["signal", ..])
        {
            (village.Environment["VILLAGE_TASK"], village.Environment["VILLAGE_LEASE"]) = ("bd-stale", Nonce);
        }

        var result = await village.RunAsync(words);
        village.Environment.Remove("VILLAGE_TASK");
        village.Environment.Remove("VILLAGE_LEASE");
        return result;
    }

    /// <summary>Every file of the state directory with its bytes; links and what is no file by its name alone.</summary>
    public static IReadOnlyDictionary<string, byte[]> Contents(this TestVillage village) =>
        new DirectoryInfo(village.State).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Where(entry => entry.Name is not "filler" && entry.FullName.Contains("/filler/", StringComparison.Ordinal) is false)
            .ToDictionary(
                entry => Path.GetRelativePath(village.State, entry.FullName),
                entry => entry is FileInfo { LinkTarget: null } ? Bytes(entry.FullName) : [],
                StringComparer.Ordinal);

    /// <summary>What was there before and is no longer whole: a file that has gone or changed, a log that has not grown by whole lines.</summary>
    public static IReadOnlyList<string> Damage(this TestVillage village, IReadOnlyDictionary<string, byte[]> before)
    {
        var now = village.Contents();
        List<string> wrong = [];
        foreach (var (name, bytes) in before)
        {
            if (!now.TryGetValue(name, out var found))
            {
                wrong.Add($"{name} is gone");
            }
            else if (name is "events.log"
                ? !found.AsSpan().StartsWith(bytes) || (found.Length > bytes.Length && found[^1] is not (byte)'\n')
                : !found.AsSpan().SequenceEqual(bytes))
            {
                wrong.Add($"{name} has changed; it ends now in: {Encoding.UTF8.GetString(found)[^Math.Min(Encoding.UTF8.GetCharCount(found), 400)..].Trim()}");
            }
        }

        wrong.AddRange(now.Keys.Except(before.Keys).Where(name => Path.GetFileName(name) is ['.', not 'g', ..]).Select(name => $"{name} was left behind"));
        return wrong;
    }

    /// <summary>What no failed write may leave behind: a log that is not whole lines, a lock that does not parse, a task file that cannot be read.</summary>
    public static async Task IsReadableAsync(this TestVillage village)
    {
        Assert.Equal((byte)'\n', File.ReadAllBytes(Path.Combine(village.State, "events.log"))[^1]);
        Assert.Equal(0, (await village.RunAsync("status", "--json")).Succeed().Json().GetProperty("summary").GetProperty("locks_corrupt").GetInt32());
        Assert.True((await village.RunAsync("task", "list", "--all", "--json")).Succeed().Json().GetProperty("tasks").GetArrayLength() >= 7);
    }

    /// <summary>What is wrong with how a command failed: it ends with 1, or with 4 when it tells of several things, with a sentence, and without a trace of the program's inside.</summary>
    public static IReadOnlyList<string> Muddle(this CliResult result) =>
    [
        .. result.Exit is 1 or 4 ? Array.Empty<string>() : [$"exit {result.Exit}"],
        .. result.Exit is 1 && result.Out.Length is 0 && !Sentence().IsMatch(result.Error) ? ["not one sentence"] : Array.Empty<string>(),
        .. Inside().IsMatch(result.Out + result.Error) ? ["it shows the program's inside"] : Array.Empty<string>(),
    ];

    // A pipe or a device has no bytes to compare.
    private static byte[] Bytes(string path)
    {
        try
        {
            return NativeFile.TryReadAll(path) ?? [];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string Tasks() => string.Concat(new[] { "bd-done", "bd-failed", "bd-free", "bd-open", "bd-ready", "bd-shut", "bd-stale" }.Select(id =>
        $$"""{"id":"{{id}}","title":"Task {{id}}","status":"{{(id is "bd-done" or "bd-shut" ? "closed" : "open")}}","priority":2,"issue_type":"task","created_at":"2026-01-22T10:00:00Z"}""" + "\n"));

    private static string Log()
    {
        static string Line(string task, string from, string to, string more = "") =>
            $$"""{"ts":"{{Time}}","cmd":"worker","task":"{{task}}","result":"ok","from":"{{from}}","to":"{{to}}","generation":1,"attempt":1{{more}}}""" + "\n";
        return string.Concat(new[] { "bd-done", "bd-failed", "bd-stale" }.Select(task => Line(task, "queued", "claimed") + Line(task, "claimed", "in_progress")))
            + Line("bd-done", "in_progress", "completed")
            + Line("bd-failed", "in_progress", "failed", ",\"reason\":\"agent_exit\"");
    }

    private static string Lease(string task, string state, string nonce) =>
        $"id={task}\npane=%99\nwindow=build-1-{task}\nagent=build\nclaimed_at={Time}\nstate={state}\nattempt=1\ngeneration=1\nnonce={nonce}\nbranch=village/{task}\nzz=kept\n";

    [GeneratedRegex(@"\A([^\n]+\n)*error: [^\n]*[^.\n]\n(hint: [^\n]+\n)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"Exception|\bat Village\.|\bat System\.|[Uu]nhandled|bug in Village", RegexOptions.CultureInvariant)]
    private static partial Regex Inside();
}
