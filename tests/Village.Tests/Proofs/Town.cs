using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>Two tasks whose agents do as they are told, a person who works in their workspaces, and a memory of every byte that was seen there.</summary>
internal sealed partial class Town(TestVillage village, Random random, IReadOnlyList<string> tasks, bool isJj) : IAsyncDisposable
{
    private static readonly string[] Names = ["README", "a b.txt", "new\nline", "it's \"quoted\"", "d/e/f.txt", "é.txt", "-dash", "run.sh", "d/link"];

    // The blobs that stood in a workspace as files that are not ignored, and what ignored files held, each with where it was seen.
    private readonly Dictionary<string, string> seen = [];
    private readonly Dictionary<string, string> ignored = [];
    private readonly List<string> done = [];
    private int counter;

    /// <summary>What has happened, with the exit codes of the commands.</summary>
    public string Story => string.Join(", ", done);

    /// <summary>A village with its tasks.</summary>
    public static async Task<Town> FoundAsync(Random random, string kind)
    {
        var village = await TestVillage.UpAsync(
            "[ -e .env ] || echo \"secret of $VILLAGE_TASK $VILLAGE_ATTEMPT $$\" > .env; echo \"$VILLAGE_TASK $VILLAGE_ATTEMPT\" > \"agent $VILLAGE_ATTEMPT.txt\"; case $(cat \"$HOME/mood\") in hang) touch \"$HOME/hanging-$VILLAGE_TASK-$VILLAGE_ATTEMPT\"; exec sleep 1000;; fail) exit 1;; esac",
            "MAX_WORKERS=2\nQUEUE_TTL_MINUTES=0\nDURABILITY=relaxed", kind: kind);
        File.WriteAllText(Path.Combine(village.Root, ".gitignore"), ".env\nbuild/\n");
        village.Git("add", "--all");
        village.Git("commit", "-qm", "ignore");
        return new(village, random, [await village.AddAsync("One"), await village.AddAsync("Two")], kind is "jj");
    }

    /// <summary>Something happens.</summary>
    public async Task StepAsync()
    {
        var task = tasks[random.Next(tasks.Count)];
        var act = random.Next(20);
        await NamedAsync(act switch
        {
            0 or 1 => ("work", () => WorkAsync(task, "done")),
            2 => ("fail", () => WorkAsync(task, "fail")),
            3 => ("pause", () => PauseAsync(task)),
            4 or 5 => ("rollback", () => SayAsync("rollback", task)),
            6 => ("cleanup", () => SayAsync("cleanup", "--apply")),
            7 => ("cleanup --force", () => SayAsync("cleanup", "--apply", "--force")),
            8 => ("unlock", () => SayAsync("unlock", task)),
            9 or 10 or 11 => ("undo", () => SayAsync("undo")),
            12 => ("undo one", () => SayAsync("undo", task)),
            13 => ("commit", () => InAsync(task, () => CommitAsync(task))),
            14 => ("detach", () => InAsync(task, () => Stray(task))),
            _ => ("edit", () => InAsync(task, () => Edit(task))),
        }, task);
    }

    /// <summary>Takes away what can be taken, some at a time, undoes exactly that, and compares.</summary>
    public async Task UndoingAllGivesTheSameAsync()
    {
        await CalmAsync();
        var before = Picture();
        var events = village.Events().Count;
        for (var i = 0; i < 3; i++)
        {
            var task = tasks[random.Next(tasks.Count)];
            string[] words = random.Next(3) switch { 0 => ["rollback", task], 1 => ["cleanup", "--apply", "--force"], _ => ["unlock", task] };
            await NamedAsync((string.Join(' ', words), () => SayAsync(words)), task);
        }

        var steps = village.Events().Skip(events).Count(e => Asking.Text(e, "result") is "ok"
            && (Asking.Text(e, "cmd") is "rollback" || Asking.Text(e, "lease") is not null || Asking.Text(e, "reason") is "workspace"));
        for (var i = 0; i < steps; i++)
        {
            (await village.RunAsync("undo")).Succeed();
        }

        Assert.True(before == Picture(), $"undoing {steps} steps gives another village after {string.Join(", ", done.TakeLast(25))}\n--- before\n{before}\n--- after\n{Picture()}");
    }

    /// <summary>Every byte that was seen is in a workspace or reachable from a ref; ignored ones in a workspace or in the trash.</summary>
    public void NothingIsLost()
    {
        Remember();
        var roots = village.Git("worktree", "list", "--porcelain").Split('\n').Where(line => line.StartsWith("HEAD ", StringComparison.Ordinal)).Select(line => line[5..]);
        var reachable = village.Tool("git", ["rev-list", "--objects", "--no-object-names", "--all", .. roots]).Split('\n').ToHashSet();
        var files = Workspaces().SelectMany(Files).Select(file => Blob(Bytes(file))).ToHashSet();
        var trash = Path.Combine(village.State, "trash");
        var kept = Directory.Exists(trash) ? Directory.EnumerateFiles(trash, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(file => Blob(Bytes(file))).ToHashSet() : [];
        Assert.All(seen, pair => Assert.True(reachable.Contains(pair.Key) || files.Contains(pair.Key), $"lost: {pair.Value}, after {string.Join(", ", done)}"));
        Assert.All(ignored, pair => Assert.True(files.Contains(pair.Key) || kept.Contains(pair.Key), $"lost, ignored: {pair.Value}, after {string.Join(", ", done)}"));
    }

    public ValueTask DisposeAsync() => village.DisposeAsync();

    private Task NamedAsync((string Name, Func<Task> Act) step, string task)
    {
        done.Add($"{step.Name} {tasks.ToList().IndexOf(task)}");
        return Soak.NamedAsync($"step {done.Count}, {string.Join(", ", done.TakeLast(30))}", step.Act);
    }

    // Refusals are answers; anything else is not. What stands in a workspace when a command of Village's begins must outlast it.
    private async Task SayAsync(params string[] words)
    {
        Remember();
        var answer = await village.RunAsync(words);
        Assert.True(answer.Exit is 0 or 1 or 3 or 4, answer.Transcript);
        Assert.DoesNotContain("bug in Village", answer.Transcript, StringComparison.Ordinal);
        done[^1] += $"={answer.Exit}";
    }

    private async Task WorkAsync(string task, string mood)
    {
        await CalmAsync();
        File.WriteAllText(Path.Combine(village.Home, "mood"), mood);
        var state = (await village.StateAsync(task)).State;
        if (state is "completed" or "failed")
        {
            await SayAsync("retry", task, "--force");
        }

        // `resume` keeps what is in the workspace, `queue` takes it away first.
        await (state is "paused" || random.Next(2) is 0 ? SayAsync("resume", task, "--detached") : SayAsync("queue", "1"));
        foreach (var other in tasks)
        {
            await TestVillage.EventuallyAsync(() => village.LoggedState(other) is not ("claimed" or "in_progress") || village.Lease(other).Count is 0 || Hangs(other) || IsStale(other), "the agent ends");
        }
    }

    private async Task PauseAsync(string task)
    {
        File.WriteAllText(Path.Combine(village.Home, "mood"), "hang");
        if ((await village.RunAsync("resume", task, "--detached")).Exit is 0)
        {
            await TestVillage.EventuallyAsync(() => Hangs(task), "the agent hangs");
        }

        await CalmAsync();
    }

    // Nobody works any more; what was at work is parked.
    private async Task CalmAsync()
    {
        foreach (var task in tasks.Where(task => Hangs(task) && !IsStale(task) && village.LoggedState(task) is "in_progress"))
        {
            village.TryTool("tmux", "kill-pane", "-t", village.Lease(task)["pane"]);
            await village.StateBecomesAsync(task, "paused");
        }

        await village.NothingIsLeftRunningAsync();
    }

    private bool Hangs(string task) => village.Lease(task) is { Count: > 0 } lease && File.Exists(Path.Combine(village.Home, $"hanging-{task}-{lease["attempt"]}"));

    private bool IsStale(string task) => village.Lease(task).GetValueOrDefault("worker") is not { } worker
        || !Asking.IsAlive(int.Parse(worker.Split(':')[0], CultureInfo.InvariantCulture));

    private async Task InAsync(string task, Action act)
    {
        await CalmAsync();
        if (Workspaces().Contains(village.Workspace(task)))
        {
            act();
        }
    }

    private void CommitAsync(string task)
    {
        if (isJj)
        {
            Jj(task, "commit", "--quiet", "-m", $"by hand {++counter}");

            // Refused where the work stands beside the bookmark.
            village.TryTool("jj", "-R", village.Workspace(task), "bookmark", "set", "--quiet", $"village/{task}", "-r", "@-");
            Jj(task, "git", "export", "--quiet");
            return;
        }

        Git(task, "add", "--all");
        Git(task, "commit", "-q", "--allow-empty", "-m", $"by hand {++counter}");
    }

    private void Stray(string task)
    {
        if (isJj)
        {
            Jj(task, "new", "--quiet", "main");
        }
        else
        {
            Git(task, "checkout", "-q", "--detach");
        }
    }

    private string Jj(string task, params string[] args) => village.Tool("jj", ["-R", village.Workspace(task), .. args]);

    private void Edit(string task)
    {
        var path = Path.Combine(village.Workspace(task), Names[random.Next(Names.Length)]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var text = $"{task} {++counter} {random.Next()}\n";

        // What a person writes over is the person's own loss.
        foreach (var own in new[] { path, $"{path}.moved" }.Where(own => File.Exists(own) || new FileInfo(own).LinkTarget is not null))
        {
            seen.Remove(Blob(Bytes(own)));
        }

        switch (random.Next(8))
        {
            case 0 when File.Exists(path):
                File.Delete(path);
                break;
            case 1:
                File.Delete(path);
                File.CreateSymbolicLink(path, $"to {counter}");
                break;
            // jj does not see a change of the mode alone (tried), so it cannot bring it back.
            case 2 when !isJj && File.Exists(path) && new FileInfo(path).LinkTarget is null:
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) ^ UnixFileMode.UserExecute);
                break;
            case 3 when File.Exists(path):
                if (isJj)
                {
                    File.Move(path, $"{path}.moved", overwrite: true);
                }
                else
                {
                    village.TryTool("git", "-C", village.Workspace(task), "mv", "-f", "--", path, $"{path}.moved");
                }

                break;
            case 4 when isJj:
                Jj(task, "util", "snapshot", "--quiet");
                break;
            case 4:
                Git(task, "add", "--all");
                break;
            case 5:
                var built = Directory.CreateDirectory(Path.Combine(village.Workspace(task), "build", $"{counter}")).FullName;
                File.WriteAllText(Path.Combine(built, "out"), text);
                break;
            default:
                File.Delete(path);
                File.WriteAllText(path, text);
                break;
        }
    }

    private void Git(string task, params string[] args) => village.Tool("git", ["-C", village.Workspace(task), .. args]);

    private IEnumerable<string> Workspaces() => tasks.Select(village.Workspace).Where(path => Path.Exists(Path.Combine(path, isJj ? ".jj" : ".git")));

    private static IEnumerable<string> Files(string workspace) => Directory.EnumerateFiles(workspace, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Where(file => Path.GetRelativePath(workspace, file) is not ".git" and var name && !name.StartsWith(".jj/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private void Remember()
    {
        foreach (var workspace in Workspaces())
        {
            foreach (var file in Files(workspace))
            {
                var (name, blob) = (Path.GetRelativePath(workspace, file), Blob(Bytes(file)));
                (name is ".env" || name.StartsWith("build/", StringComparison.Ordinal) ? ignored : seen).TryAdd(blob, $"{name} of {Path.GetFileName(workspace)}, seen before step {done.Count}");
            }
        }
    }

    private static byte[] Bytes(string file) => new FileInfo(file).LinkTarget is { } target ? Encoding.UTF8.GetBytes(target) : File.ReadAllBytes(file);

    // git's own name of these bytes.
    private static string Blob(byte[] bytes) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
}
