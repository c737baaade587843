using System.Diagnostics;
using Village.Beads;
using Village.Tests.Testing;

namespace Village.Tests.Beads;

/// <summary>The stand-in for bd answers as each version did, as far as Village asks it anything.</summary>
public sealed class StandInTests
{
    // Village never asks for these; the stand-in has no answer, or one that is only good enough to look at.
    private static readonly string[] NotAsked =
        ["ready", "list", "stats", "info", "where", "blocked", "count", "statuses", "types", "config", "defer", "undefer", "export", "import", "nosuchcmd"];

    private static readonly string[] NotAskedOf = ["dep tree", "dep list", "dep cycles", "label list"];

    // Flags that Village does not use. What they change is not compared from then on.
    private static readonly string[] NotUsed =
        ["--set-labels", "--deps", "--waits-for", "--ephemeral", "--suggest-next", "--readonly", "--external-ref", "-e", "-C"];

    [Theory]
    [InlineData("v0.49.6", "0.49.6", 80)]
    [InlineData("v1.0.3", "1.0.3", 80)]
    [InlineData("head", "head", 80)]
    [InlineData("head-2", "head", 25)]
    [InlineData("v0.49.6-2", "0.49.6", 25)]
    public async Task It_answers_as_was_recorded(string file, string version, int atLeast)
    {
        await using var village = TestVillage.Create("none", kind: null);
        village.InstallBd(version);
        List<string> differences = [];
        HashSet<string> others = [];
        var (compared, workspace) = (0, "");
        foreach (var (place, number, call) in Recorded.All(file))
        {
            if (place != workspace)
            {
                (workspace, others) = (place, []);
            }

            var ids = call.Args.Where(arg => arg.StartsWith("bd-", StringComparison.Ordinal)).ToList();
            if (!IsAsked(call) || ids.Any(others.Contains))
            {
                others.UnionWith(call.Args[0] is "show" or "ready" or "list" ? [] : ids);
                continue;
            }

            var answer = Run(village, workspace, call.Args, ActorOf(number, call));
            compared++;
            if (Facts(answer) is var mine && Facts(call) is var theirs && mine != theirs)
            {
                differences.Add($"{number:000} bd {string.Join(' ', call.Args)}\n  recorded  {theirs}\n  stand-in  {mine}");
            }
        }

        Assert.True(differences is [], string.Join('\n', differences));
        Assert.True(compared >= atLeast, $"only {compared} calls were compared");
    }

    // Part of an id, and a status of one's own, are not what Village writes; what happened to bd-one is not in the recordings.
    private static bool IsAsked(Recorded call) =>
        !NotAsked.Contains(call.Args[0])
        && !NotAskedOf.Contains(string.Join(' ', call.Args.Take(2)))
        && !(call.Args is ["comments", not "add", ..])
        && !call.Args.Intersect(NotUsed).Any()
        && !call.Args.Any(arg => arg is "aaa" or "aa" or "bd-one" or "review" or "qa" or "paused" or "plain" or "+1d" or "+2h" || arg.StartsWith("external:", StringComparison.Ordinal) || arg.StartsWith("$WS", StringComparison.Ordinal))
        && !(call.Args is ["delete", ..] && !call.Args.Contains("--force"));

    // Claims were made by w1, once again by w2; the name was in the environment.
    private static string ActorOf(int number, Recorded call) => call.Args.Contains("--claim") ? number is 45 ? "w2" : "w1" : "Ann Dev";

    // What Village decides by: the exit code, the tasks in the answer, and what the words mean when there are none.
    private static string Facts(Recorded call)
    {
        if (!call.Args.Contains("--json"))
        {
            return $"{call.Exit}";
        }

        var issues = BeadsIssue.ParseAll(call.Out);
        var tasks = (issues ?? []).Select(issue => issue.Task).Select(task =>
            $"{task.Id} {task.Status} {task.Priority} {task.Type} '{task.Assignee}' '{task.Title[..Math.Min(task.Title.Length, 20)]}' '{task.CloseReason}' [{string.Join(',', task.Labels)}] [{string.Join(',', task.Dependencies.Select(edge => $"{edge.Type}:{edge.DependsOn}"))}]");
        var words = call.Exit is 0 && call.Out is not "" ? "" : $"{BeadsTroubles.Of(call.Out, call.Error)}";
        return $"{call.Exit} {(call.Out is "" ? "nothing" : issues is null ? "no list" : string.Join("; ", tasks))} {words}";
    }

    private static Recorded Run(TestVillage village, string workspace, string[] args, string actor)
    {
        var root = Path.Combine(village.Root, workspace);
        Directory.CreateDirectory(Path.Combine(root, ".beads"));
        File.WriteAllText(Path.Combine(root, ".beads", "metadata.json"), "{}\n");
        var start = new ProcessStartInfo(Path.Combine(village.Sandbox, "bin", "bd"), args) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in village.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["BD_ACTOR"] = actor;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(args, process.ExitCode, output, error.Result);
    }
}
