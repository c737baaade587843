using Village.Tests.Testing;

namespace Village.Tests.Conflicts;

/// <summary>What is predicted is what <c>git merge</c> then says, for every pair of any work.</summary>
public sealed class PredictionTests
{
    private static readonly string[] Names = ["long.txt", "dir/inner", "dir/other", "with space", "new\nline", "quote\"x", "ü", "*", "-n", "binary", "deep/er/file"];
    private static readonly string[] Spots = ["spot", "spot/below", "dir/spot", "deep", "neu ü"];

    [Fact]
    public Task Every_pair_is_predicted_as_git_merge_then_finds_it() => Soak.WithSeedsAsync(Soak.Times(3, 100), async random =>
    {
        await using var village = await TestVillage.UpAsync();
        village.Commit([.. Names.Select(name => (name, Original(name)))]);
        List<string> tasks = [];
        for (var n = 0; n < 6; n++)
        {
            tasks.Add(await village.WorkspaceAsync());
            Work(village, tasks[^1], random);
        }

        var before = village.Everything();
        var told = (await village.PairsAsync()).ToDictionary(pair => pair.Tasks);
        Assert.Equal(before, village.Everything());

        var conflicts = 0;
        var truth = Copy(village, tasks);
        foreach (var (one, two) in from one in tasks from two in tasks where string.CompareOrdinal(one, two) < 0 select (one, two))
        {
            var expected = Merge(village, truth, one, two);
            Assert.Equal(expected, told.GetValueOrDefault($"{one} {two}")?.Conflicts ?? []);
            conflicts += expected.Count;
        }

        Soak.Say($"{conflicts} conflicts");
    });

    [Fact]
    public Task With_jj_every_pair_is_predicted_as_jj_then_finds_it() => Soak.WithSeedsAsync(Soak.Times(3, 100), async random =>
    {
        await using var village = await TestVillage.UpAsync("sleep 1000", "MAX_WORKERS=6", kind: "jj");
        village.Commit([.. Names.Select(name => (name, Original(name)))]);
        List<string> tasks = [];
        for (var n = 0; n < 6; n++)
        {
            tasks.Add(await village.AddAsync($"Task {n}"));
        }

        (await village.RunAsync("queue", "6")).Succeed();
        foreach (var task in tasks)
        {
            await TestVillage.EventuallyAsync(() => File.Exists(Path.Combine(village.Workspace(task), "README")), "it is filled");
            for (var edits = random.Next(2, 7); edits > 0; edits--)
            {
                Edit(village.Workspace(task), random);
                if (random.Next(3) is 0)
                {
                    village.Tool("jj", "-R", village.Workspace(task), "commit", "--quiet", "-m", "work");
                }
            }
        }

        var before = village.Tool("jj", "--ignore-working-copy", "op", "log", "--no-graph", "-T", "id ++ \"\\n\"");
        var told = (await village.PairsAsync()).ToDictionary(pair => pair.Tasks);
        Assert.Equal(before, village.Tool("jj", "--ignore-working-copy", "op", "log", "--no-graph", "-T", "id ++ \"\\n\""));

        var conflicts = 0;
        foreach (var task in tasks)
        {
            village.Tool("jj", "-R", village.Workspace(task), "util", "snapshot");
        }

        foreach (var (one, two) in from one in tasks from two in tasks where string.CompareOrdinal(one, two) < 0 select (one, two))
        {
            string Jj(params string[] args) => village.Tool("jj", ["-R", village.Workspace(one), "--ignore-working-copy", .. args]);
            Jj("new", "--quiet", "--no-edit", "-m", $"{one} {two}", $"{one}@", $"{two}@");
            var expected = Jj("log", "--no-graph", "-r", $"description(exact:\"{one} {two}\\n\")", "-T", "conflicted_files.map(|e| e.path() ++ \"\\0\").join(\"\")")
                .Split('\0', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToList();
            Assert.Equal(expected, told.GetValueOrDefault($"{one} {two}")?.Conflicts ?? []);
            conflicts += expected.Count;
        }

        Soak.Say($"{conflicts} conflicts");
    });

    private static string Original(string name) => name is "binary" ? "\0\u0001\u0002binary" : string.Concat(Enumerable.Range(1, 40).Select(n => $"{name.Length} line {n}\n"));

    // Some edits, some of them committed, some staged, the rest as they are.
    private static void Work(TestVillage village, string task, Random random)
    {
        for (var edits = random.Next(2, 7); edits > 0; edits--)
        {
            Edit(village.Workspace(task), random);
            switch (random.Next(4))
            {
                case 0:
                    village.GitIn(task, "add", "--all");
                    break;
                case 1:
                    village.GitIn(task, "add", "--all");
                    village.GitIn(task, "commit", "--quiet", "--allow-empty", "-m", "work");
                    break;
            }
        }
    }

    private static void Edit(string workspace, Random random)
    {
        var name = Names[random.Next(Names.Length)];
        var path = Path.Combine(workspace, name);
        switch (random.Next(9))
        {
            case 0 or 1 or 2 when IsRegular(path) && name is not "binary":
                var lines = File.ReadAllLines(path);
                lines[(random.Next(3) * 15) % lines.Length] = random.Next(2) is 0 ? "changed" : "otherwise";
                File.WriteAllLines(path, lines);
                break;
            case 3 when File.Exists(path):
                File.Delete(path);
                break;
            case 4 when File.Exists(path):
                var target = Path.Combine(workspace, random.Next(2) is 0 ? $"renamed-{random.Next(2)}" : $"moved/{Path.GetFileName(name)}");
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Move(path, target, overwrite: true);
                break;
            case 5 when IsRegular(path):
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
                break;
            case 6:
                Place(Path.Combine(workspace, "binary"), $"\0\u0001{random.Next(3)}");
                break;
            case 7 when File.Exists(path):
                File.Delete(path);
                File.CreateSymbolicLink(path, $"to-{random.Next(2)}");
                break;
            default:
                Place(Path.Combine(workspace, Spots[random.Next(Spots.Length)]), $"new {random.Next(2)}\n");
                break;
        }
    }

    private static bool IsRegular(string path) => File.Exists(path) && new FileInfo(path).LinkTarget is null;

    // A file takes the place of what is in its way: a directory, or a file where it needs a directory.
    private static void Place(string path, string text)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        var above = Path.GetDirectoryName(path)!;
        if (File.Exists(above))
        {
            File.Delete(above);
        }

        Directory.CreateDirectory(above);
        File.WriteAllText(path, text);
    }

    // A clone in which everything that stands in a workspace is committed on a branch of its task.
    private static string Copy(TestVillage village, IReadOnlyList<string> tasks)
    {
        var truth = Path.Combine(village.Sandbox, "truth");
        village.Tool("git", "clone", "--quiet", "--no-local", village.Root, truth);
        foreach (var task in tasks)
        {
            Git(village, truth, "checkout", "--quiet", "-B", task, $"origin/village/{task}");
            village.Tool("sh", "-c", "cd \"$1\" && find . -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf {} + && cd \"$2\" && find . -mindepth 1 -maxdepth 1 ! -name .git -exec cp -a {} \"$1\" ';'", "sh", truth, village.Workspace(task));
            // All anew: within a second, git takes a copied file with the size, the time and the inode of an earlier one for it.
            Git(village, truth, "read-tree", "--empty");
            Git(village, truth, "add", "--all");
            Git(village, truth, "commit", "--quiet", "--allow-empty", "-m", "all");
        }

        return truth;
    }

    // The files that a merge leaves unmerged. One that was moved out of the way is named after its side: "spot~HEAD".
    private static IReadOnlyList<string> Merge(TestVillage village, string truth, string one, string two)
    {
        Git(village, truth, "checkout", "--quiet", "--force", "--detach", one);
        var exit = village.TryTool("git", ["-C", truth, "merge", "--quiet", "--no-commit", two]).Exit;
        var files = Git(village, truth, "diff", "--name-only", "--diff-filter=U", "-z").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(exit is not 0, files is not []);
        Git(village, truth, "reset", "--quiet", "--hard", one);
        Git(village, truth, "clean", "-ffdq");
        return [.. files.Select(file => file.EndsWith("~HEAD", StringComparison.Ordinal) ? file[..^5] : file.EndsWith($"~{two}", StringComparison.Ordinal) ? file[..^(two.Length + 1)] : file)
            .Distinct().Order(StringComparer.Ordinal)];
    }

    private static string Git(TestVillage village, string directory, params string[] args) => village.Tool("git", ["-C", directory, .. args]);
}
