using System.Text.Json;
using System.Text.RegularExpressions;
using Village.Tests.Agents;
using Village.Tests.Beads;
using Village.Tests.Testing;

namespace Village.Tests.Docs;

/// <summary>
/// A village in which everything happens once: keeps every JSON document that the program prints on the way, and the name of
/// every file that was seen under <c>.village</c>.
/// </summary>
public sealed partial class JsonScenario : IAsyncLifetime
{
    private readonly List<JsonElement> documents = [];
    private readonly HashSet<string> files = [];
    private TestVillage village = null!;

    internal IReadOnlyList<JsonElement> Documents => documents;

    internal IReadOnlySet<string> Files => files;

    public async ValueTask InitializeAsync()
    {
        village = TestVillage.Create();
        Directory.CreateDirectory(village.State);
        File.WriteAllText(Path.Combine(village.State, "config"), $"""
            [DEFAULT]
            MAX_WORKERS=8
            CHECK=test -e README
            [workspace]
            ports=PORT
            [agent.worker]
            command={village.Agent("worker", """village signal working --message reading --json > "$HOME/signal.json"; echo done > "$VILLAGE_TASK.txt" """)}
            [agent.breaks]
            command={village.Agent("breaks", "echo half > half.txt; exit 3")}
            ports=
            contract=gone.md
            {village.TalkingSection()}
            [agent.stays]
            command={village.Agent("stays", "echo begun > begun.txt; exec sleep 600")}
            """);
        await SayAsync(0, "up", "--no-dashboard");
        File.AppendAllText(Path.Combine(village.State, "events.log"), string.Concat(Enumerable.Repeat("not an event, but long enough for a checkpoint\n", 8000)));
        await SayAsync(3, "ready");
        await SayAsync(1, "task", "show", "bd-none");
        var first = await AddAsync("First", "--description", "What it is.", "--acceptance", "It is there.", "--label", "small");
        var second = await AddAsync("Second", "--depends-on", first);
        var fails = await AddAsync("Fails", "--label", "agent:breaks");
        var stays = await AddAsync("Stays", "--label", "agent:stays");
        await BookAsync(first, second);
        await WorkAsync(stays, second);
        await CrashAsync(stays);
        await DrainAsync(first, fails);
        await SayAsync(0, "inbox");
        await SayAsync(0, "why", fails);
        await SayAsync(0, "wait", fails);
        await SayAsync(0, "report");
        await CleanAsync(first);
        await SayAsync(0, "config", "list");
        await SayAsync(0, "agents", "--no-versions");
        await SayAsync(0, "completion", "fish");
        await SayAsync(0, "resume", stays);
        await SayAsync(0, "down", "--force");
        village.InstallBeads("1.0.3");
        await SayAsync(0, "task", "move", "--to", "beads");
        await SayAsync(0, "sync", "--to-beads");
    }

    public ValueTask DisposeAsync() => village.DisposeAsync();

    private async Task<string> AddAsync(string title, params string[] more) =>
        (await SayAsync(0, ["task", "add", title, .. more])).GetProperty("task").GetProperty("id").GetString()!;

    private async Task BookAsync(string first, string second)
    {
        await SayAsync(0, "ready");
        await SayAsync(0, "task", "list");
        await SayAsync(0, "task", "edit", first, "--priority", "1");
        await SayAsync(0, "task", "dep", "remove", second, first);
        await SayAsync(0, "task", "dep", "add", second, first);
        await SayAsync(0, "task", "close", second, "--reason", "Not now", "--force");
        await SayAsync(0, "task", "show", second);
        await SayAsync(0, "task", "reopen", second);
        await SayAsync(0, "task", "ready");
        await SayAsync(0, "task", "blocked");
        await SayAsync(0, "task", "dep", "tree", second);
        await SayAsync(0, "task", "dep", "cycles");
        await SayAsync(0, "graph");
        await SayAsync(0, "task", "label", "add", second, "small");
        await SayAsync(0, "task", "label", "remove", second, "small");
        await SayAsync(0, "task", "label", "list");
        await SayAsync(0, "task", "comment", second, "Seen");
        await SayAsync(0, "task", "stats");
        var list = Path.Combine(village.Home, "list.md");
        File.WriteAllText(list, "- Not wanted\n");
        var one = (await SayAsync(0, "task", "add", "--file", list)).GetProperty("tasks")[0].GetProperty("id").GetString()!;
        await SayAsync(0, "task", "delete", one);
        var (two, three) = (await AddAsync("Neither wanted"), await AddAsync("Nor this"));
        await SayAsync(0, "task", "close", two, three);
        await SayAsync(0, "task", "delete", two, three);
        var file = Path.Combine(village.Home, "issues.jsonl");
        await SayAsync(0, "task", "export", "--output", file);
        await SayAsync(0, "task", "import", file);
    }

    private async Task WorkAsync(string stays, string second)
    {
        await SayAsync(0, "resume");
        await SayAsync(0, "resume", stays, "--plan");
        await SayAsync(0, "contract", stays);
        await SayAsync(0, "resume", stays);

        // The supervisor marks its pane a moment after it has taken the claim over.
        await TestVillage.EventuallyAsync(() => village.RunAsync("attach", stays, "--json").Result.Exit is 0, "the pane is marked");
        await SayAsync(0, "attach", stays);
        await SayAsync(0, "attach");
        await SayAsync(0, "queue", "--plan");
        await SayAsync(0, "status");
        await SayAsync(0, "dashboard");
        await MeetAsync(stays, second);
        await SayAsync(0, "pause", stays);
        await SayAsync(0, "resume-task", stays);
        await TalkAsync();
        File.AppendAllText(Path.Combine(village.State, "events.log"), $$"""{"ts":"2026-01-22T10:41:12Z","cmd":"worker","task":"bd-old","to":"failed","agent":"stays","input_tokens":10,"output_tokens":1,"cost_usd":0.5}""" + "\n");
        await SayAsync(0, "usage");
        await SayAsync(0, "unlock", stays, "--force");
    }

    private async Task TalkAsync()
    {
        var talks = await village.TalkAsync();
        await SayAsync(0, "send", talks, "more");
        await TestVillage.EventuallyAsync(() => Directory.Exists(Path.Combine(village.State, "limits")), "the agent told of a limit");
        await SayAsync(0, "unlock", talks, "--force");
        await SayAsync(0, "task", "close", talks);
    }

    // Another workspace with a file of the same name.
    private async Task MeetAsync(string stays, string other)
    {
        await TestVillage.EventuallyAsync(() => File.Exists(Path.Combine(village.Workspace(stays), "begun.txt")), "the agent has begun");
        village.Git("worktree", "add", "--quiet", "-b", $"village/{other}", village.Workspace(other));
        File.WriteAllText(Path.Combine(village.Workspace(other), "begun.txt"), "otherwise\n");
        await SayAsync(0, "conflicts");
        await SayAsync(0, "queue", "--plan", "--conflicts");
        village.Git("worktree", "remove", "--force", village.Workspace(other));
        village.Git("branch", "--quiet", "-D", $"village/{other}");
    }

    private async Task CrashAsync(string stays)
    {
        await SayAsync(0, "resume", stays);
        var lease = File.ReadAllText(Path.Combine(village.State, "locks", $"{stays}.lock"));
        System.Diagnostics.Process.GetProcessById(int.Parse(Supervisor().Match(lease).Groups[1].Value)).Kill();
        File.WriteAllText(Path.Combine(village.State, "locks", "no id.lock"), "junk\n");
        await TestVillage.EventuallyAsync(
            () => village.RunAsync("locks").Result.Out.Contains("STALE", StringComparison.Ordinal), "the lease of the dead worker reads STALE");
        await SayAsync(0, "status");
        await SayAsync(0, "resume", "--all", "--plan");
        await SayAsync(0, "cleanup", "--plan");
        await SayAsync(4, "cleanup");
        await SayAsync(1, "doctor");
        await SayAsync(4, "doctor", "--fix");
        File.Delete(Path.Combine(village.State, "locks", "no id.lock"));

        // Parked, so that the drain that follows leaves it alone.
        var pane = (await SayAsync(0, "resume", stays)).GetProperty("pane_id").GetString()!;
        village.Tool("tmux", "kill-pane", "-t", pane);
        await TestVillage.EventuallyAsync(
            () => village.RunAsync("locks").Result.Out.Contains("PARKED", StringComparison.Ordinal), "the killed pane parks its task");
    }

    private async Task DrainAsync(string first, string fails)
    {
        await SayAsync(4, "queue", "--drain");
        documents.Add(JsonDocument.Parse(File.ReadAllText(Path.Combine(village.Environment["HOME"], "signal.json"))).RootElement);
        await SayAsync(0, "locks");
        await SayAsync(0, "state", fails);
        await SayAsync(0, "state", fails, "--at", "2200-01-01");
        await SayAsync(0, "state", "--at", "2200-01-01");
        await SayAsync(0, "metrics");
        await SayAsync(0, "logs", first);
        await SayAsync(0, "exec", first, "--", "git", "status");
        await SayAsync(0, "events");
        await SayAsync(0, "task", "show", first);
    }

    private async Task CleanAsync(string first)
    {
        File.WriteAllText(Path.Combine(village.Root, ".worktrees", first, "left.txt"), "left\n");
        await SayAsync(0, "changes", first);
        await SayAsync(4, "cleanup", "--apply");
        await SayAsync(0, "rollback", first);
        await SayAsync(0, "undo", first);
        File.AppendAllText(Path.Combine(village.Root, ".git", "info", "exclude"), "*.log\n");
        File.WriteAllText(Path.Combine(village.Root, ".worktrees", first, "build.log"), "ignored\n");
        await SayAsync(0, "cleanup", "--apply", "--force");
        var name = (await SayAsync(0, "trash", "list")).GetProperty("trash").EnumerateArray().Last().GetProperty("name").GetString()!;
        await SayAsync(0, "trash", "show", name);
        await SayAsync(0, "trash", "drop", name, "--yes");
        await SayAsync(0, "retry", (await village.RunAsync("locks", "--json")).Json().GetProperty("locks").EnumerateArray()
            .First(row => row.GetProperty("status").GetString() is "ENDED").GetProperty("task").GetString()!);
        await SayAsync(0, "queue", "1");
    }

    private async Task<JsonElement> SayAsync(int exit, params string[] args)
    {
        var answer = (await village.RunAsync(["--json", .. args])).ExitsWith(exit).Json();
        documents.Add(answer);
        files.UnionWith(Directory.EnumerateFiles(village.State, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(village.Root, path))
            .Where(path => !BeingWritten().IsMatch(path)));
        return answer;
    }

    [GeneratedRegex("/\\.[^/]+\\.[0-9a-f]{32}$", RegexOptions.CultureInvariant)]
    private static partial Regex BeingWritten();

    [GeneratedRegex("^worker=([0-9]+):", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Supervisor();
}
