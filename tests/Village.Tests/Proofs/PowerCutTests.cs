using System.Globalization;
using System.Text;
using System.Text.Json;
using Village.Events;
using Village.Leases;
using Village.Tasks;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>
/// What a command has acknowledged is there after a power cut (invariant I8). The disk is played back from a record of what was
/// done to it; <c>scripts/power-cut</c> does the same to a whole machine with ext4.
/// </summary>
public sealed class PowerCutTests
{
    // Each acknowledgement is a line in a file outside of .village, written after the command has ended well.
    private const string Session = """
        ack() { echo "$*" >> "$HOME/acknowledged"; }
        quiet() { "$@" > /dev/null; }
        quiet village up --no-dashboard
        one=$(village task add One); ack add $one
        two=$(village task add Two); ack add $two
        quiet village task edit $two --priority 0; quiet village task close $two; ack close $two
        quiet village queue --drain; ack done $one
        quiet village retry $one --force; ack retry $one
        quiet village queue 1 --force; ack start $one 2; ack lease $one 2
        until [ -e "$HOME/hanging" ]; do sleep 0.02; done
        quiet village unlock $one --force; ack unlock $one
        three=$(village task add Three); ack add $three
        quiet village resume $three --detached; ack start $three 1; ack lease $three 1
        tmux kill-server
        """;

    private const string Agent = "[ $VILLAGE_ATTEMPT = 1 ] && [ ! -e \"$HOME/first\" ] && touch \"$HOME/first\" && echo work > work.txt && exit 0; touch \"$HOME/hanging\"; sleep 1000";

    [Fact]
    public async Task At_whatever_step_the_power_is_cut_everything_acknowledged_is_there_and_every_lease_has_its_event()
    {
        await using var village = TestVillage.Create();
        File.CreateSymbolicLink(Path.Combine(village.Sandbox, "bin", "village"), TestVillage.Binary);
        village.Agent("agent", Agent);
        var config = Directory.CreateDirectory(Path.Combine(village.Home, ".config", "village")).FullName;
        File.WriteAllText(Path.Combine(config, "config"), "[DEFAULT]\nDEFAULT_AGENT=build\n[agent.build]\ncommand=agent\n");
        var steps = DiskRecord.Of(village, Session);
        var acknowledged = village.Note("acknowledged")!.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(11, acknowledged.Length);
        Assert.Equal([], Problems(village, steps, out var files).Take(5));

        // The play is the real one: it ends with the files that are there.
        Assert.All(
            Directory.EnumerateFiles(village.State, "*", SearchOption.AllDirectories).Where(path => !path.Contains("/logs/", StringComparison.Ordinal)),
            path => Assert.Equal(File.ReadAllText(path), Encoding.UTF8.GetString(files[path])));

        // And it is worth something: whichever kind of sync is left out of the record, something is missing or torn.
        foreach (var name in (string[])["/events.log", "/.tasks.jsonl.", ".lock.", "/.village", "/locks"])
        {
            var without = steps.Where(step => step.Call is not "fsync" || !(name is "/.village" or "/locks" ? step.Path.EndsWith(name, StringComparison.Ordinal) : step.Path.Contains(name, StringComparison.Ordinal))).ToList();
            Assert.True(without.Count < steps.Count && Problems(village, without, out _).Count > 0, $"nobody would miss the syncs of '{name}'");
        }
    }

    [Fact]
    public async Task Gits_branches_commits_and_registrations_are_synced_before_anybody_relies_on_them()
    {
        await using var village = await TestVillage.UpAsync("echo one > one.txt; git add one.txt; git commit -qm one; echo two > two.txt");
        var task = await village.AddAsync("One");
        village.Tool("tmux", "kill-server");

        var steps = DiskRecord.Of(village, $"{TestVillage.Binary} up --no-dashboard > /dev/null; {TestVillage.Binary} queue --drain > /dev/null; tmux kill-server");

        bool Synced(string end) => steps.Any(step => step.Call is "fsync" && step.Path.EndsWith(end, StringComparison.Ordinal));
        Assert.True(Synced($"/refs/heads/village/{task}.lock"), "the branch");
        Assert.All((string[])["commondir", "gitdir", "HEAD"], file => Assert.True(Synced($"/worktrees/{task}/{file}"), file));
        Assert.True(Synced($"/worktrees/{task}/index.lock"), "the index");
        Assert.InRange(steps.Count(step => step.Call is "fsync" && step.Path.Contains("/.git/objects/", StringComparison.Ordinal)), 2, 100);
        Assert.Equal(3, steps.Count(step => step.Call is "fsync" && step.Path.EndsWith($"/refs/heads/village/{task}.lock", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("commondir")]
    [InlineData("gitdir")]
    [InlineData("HEAD")]
    [InlineData(".git")]
    [InlineData("commondir", "gitdir", "HEAD", ".git", "index")]
    public async Task A_workspace_whose_registration_a_power_cut_has_emptied_is_mended_by_the_next_queue(params string[] torn)
    {
        await using var village = await TestVillage.UpAsync("ls > \"$HOME/seen\"; echo work > work.txt", "QUEUE_TTL_MINUTES=0");
        var (task, other) = (await village.AddAsync("One"), await village.AddAsync("Two"));
        village.Git("worktree", "add", "-q", village.Workspace(task), "-b", $"village/{task}");
        foreach (var file in torn)
        {
            var path = file is ".git" ? Path.Combine(village.Workspace(task), file) : Path.Combine(village.Root, ".git", "worktrees", task, file);
            File.WriteAllText(path, file is "HEAD" ? new string('\0', 41) : "");
        }

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("README\n", village.Note("seen"));
        Assert.Equal("completed", (await village.StateAsync(task)).State);
        Assert.Equal("completed", (await village.StateAsync(other)).State);
        Assert.Contains(village.Workspace(task), village.Git("worktree", "list"), StringComparison.Ordinal);
        Assert.Equal("", village.Git("fsck", "--full", "--no-dangling"));
    }

    // What is wrong after a cut behind any step, in each of the four ways in which a disk may keep what was not synced.
    private static IReadOnlyList<string> Problems(TestVillage village, IReadOnlyList<DiskStep> steps, out IReadOnlyDictionary<string, byte[]> files)
    {
        var disk = new ForgetfulDisk(village.State);
        List<string> problems = [];
        HashSet<string> acknowledged = [];
        var told = Path.Combine(village.Home, "acknowledged");
        foreach (var (n, step) in steps.Index())
        {
            if (step.Call is "write" && step.Path == told)
            {
                acknowledged.Add(Encoding.UTF8.GetString(step.Bytes).Trim());
            }
            else if (!disk.Do(step))
            {
                continue;
            }

            for (var way = 0; way < 4; way++)
            {
                var found = Found(village, disk.AfterCut(namesSurvive: way is 1 or 3, bytesSurvive: way is 2 or 3), problems);
                problems.AddRange(acknowledged.Except(found).Select(lost => $"way {way}, step {n}, {step.Call} {step.Path}: lost: {lost}"));
            }
        }

        files = disk.Files();
        return problems;
    }

    // What stands in the files, in the words of the acknowledgements; what must never be there goes to the problems.
    private static HashSet<string> Found(TestVillage village, IReadOnlyDictionary<string, byte[]> files, List<string> problems)
    {
        HashSet<string> found = [];
        foreach (var line in Lines(files, Path.Combine(village.State, "tasks.jsonl")))
        {
            var (id, status) = JsonDocument.Parse(line).RootElement is var task ? (Asking.Text(task, "id"), Asking.Text(task, "status")) : default;
            found.Add($"add {id}");
            found.Add(status is "closed" ? $"close {id}" : "");
        }

        HashSet<(string?, TaskState?, long?)> moves = [];
        foreach (var line in Lines(files, Path.Combine(village.State, "events.log")))
        {
            if (EventLine.TryParse(Encoding.UTF8.GetBytes(line)) is not { } e)
            {
                problems.Add($"the log holds '{line}'");
                continue;
            }

            moves.Add((e.Task, e.To, e.Generation));
            found.Add(e.To switch { TaskState.InProgress => $"start {e.Task} {e.Attempt}", TaskState.Completed => $"done {e.Task}", _ => "" });
            found.Add($"{e.Cmd} {e.Task}");
            if (e.Cmd is "unlock")
            {
                found.UnionWith(Enumerable.Range(1, 9).Select(attempt => $"lease {e.Task} {attempt}"));
            }
        }

        foreach (var (path, bytes) in files.Where(file => file.Key.EndsWith(".lock", StringComparison.Ordinal) && file.Key.Contains("/locks/", StringComparison.Ordinal)))
        {
            if (LeaseFile.TryParse(Encoding.UTF8.GetString(bytes), out var problem) is not { } lease)
            {
                problems.Add($"{path} {problem}");
            }
            else
            {
                found.Add(string.Create(CultureInfo.InvariantCulture, $"lease {lease.Task} {lease.Attempt}"));
                if (!moves.Contains((lease.Task.Value, lease.State, lease.Generation)))
                {
                    problems.Add($"{path} is {lease.State} in generation {lease.Generation}, and the log does not know of it");
                }
            }
        }

        return found;
    }

    // The last line may be torn.
    private static IEnumerable<string> Lines(IReadOnlyDictionary<string, byte[]> files, string path) =>
        files.TryGetValue(path, out var bytes) ? Encoding.UTF8.GetString(bytes).Split('\n')[..^1] : [];
}
