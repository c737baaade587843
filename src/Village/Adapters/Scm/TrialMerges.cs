using Village.Adapters.Processes;
using Village.Conflicts;
using Village.Errors;

namespace Village.Adapters.Scm;

/// <summary>
/// Tries work against work and touches none of it: every workspace as a commit (<see cref="TrialCommits"/>), then all merges in
/// one process. New objects go to the store. The number of processes does not grow with the number of pairs.
/// </summary>
internal sealed class TrialMerges(ProcessRunner runner, TrialGround ground, TrialStore store, JujutsuMerges? jujutsu)
{
    /// <summary>
    /// The work of each task and how the merges of all pairs end; with <paramref name="wanted"/> only pairs with one of those
    /// tasks. A workspace that is removed meanwhile is left out.
    /// </summary>
    public static async Task<ConflictMatrix> PredictAsync(
        ProcessRunner runner, TrialGround ground, IReadOnlyList<TrialWork> works, IReadOnlySet<string> wanted, JujutsuMerges? jujutsu, CancellationToken ct)
    {
        using var store = TrialStore.Open(ground);
        try
        {
            return await new TrialMerges(runner, ground, store, jujutsu).PredictAsync(works, wanted, ct);
        }
        catch (Exception failure) when (store.Lasts && failure is VillageException or IOException)
        {
            // What was kept may be broken or the disk full: once more, from nothing, elsewhere.
            store.Clear();
            using var fresh = TrialStore.Open(ground with { CacheHome = null });
            return await new TrialMerges(runner, ground, fresh, jujutsu).PredictAsync(works, wanted, ct);
        }
    }

    private async Task<ConflictMatrix> PredictAsync(IReadOnlyList<TrialWork> works, IReadOnlySet<string> wanted, CancellationToken ct)
    {
        var commits = new TrialCommits(runner, ground, store);
        var tried = await commits.MakeAsync(works, ct);
        var bases = await BasesAsync(tried, ct);
        await LearnChangesAsync([.. tried.Where(trial => trial.Commit is not null).Select(trial => (From: bases[trial.Task], To: trial.Commit!))], ct);
        IReadOnlyList<TaskWork> compared =
        [
            .. from trial in tried
               orderby trial.Task
               select new TaskWork(
                   trial.Task, trial.Path, trial.Commit, trial.Commit is { } commit ? store.Memory.Changes(bases[trial.Task], commit)! : [], trial.Problem),
        ];
        var pairs = ConflictMatrix.ToCompare(compared, wanted);
        await LearnMergesAsync([.. pairs.Where(Meet).Select(pair => (pair.One.Commit!, pair.Other.Commit!))], ct);
        var matrix = ConflictMatrix.Of(compared, pairs.Select(pair => (pair.One, pair.Other, store.Memory.Merge(pair.One.Commit!, pair.Other.Commit!) ?? [])));
        if (store.Lasts)
        {
            store.Keep(tried.Select(trial => trial.Commit).OfType<string>().ToHashSet(), commits.HasMade);
        }

        return matrix;
    }

    // One process for all, and one more for each whose history is not a line.
    private async Task<IReadOnlyDictionary<string, string>> BasesAsync(IReadOnlyList<TrialCommit> tried, CancellationToken ct)
    {
        var known = tried.Where(trial => trial.Head is not null).ToList();
        var bases = tried.ToDictionary(trial => trial.Task, _ => ground.Base, StringComparer.Ordinal);
        if (known is [])
        {
            return bases;
        }

        var names = known.SelectMany(trial => trial.Bases.Prepend(trial.Head!)).Distinct(StringComparer.Ordinal);
        var parents = TrialBases.Parse((await RunAsync(null, ["rev-list", "--parents", "--ignore-missing", .. names, "--not", ground.Base], ct)).Require());
        foreach (var trial in known)
        {
            if (TrialBases.Of(parents, trial.Head!, trial.Bases) is { } only)
            {
                bases[trial.Task] = only.Length > 0 ? only : ground.Base;
                continue;
            }

            // Several: git takes the best. None, and exit code 1, when the histories have nothing in common.
            var best = await RunAsync(null, ["merge-base", trial.Head!, ground.Base, .. trial.Bases.Where(parents.ContainsKey)], ct);
            bases[trial.Task] = best.Succeeded ? best.Stdout.Trim() : ground.Base;
        }

        return bases;
    }

    private async Task LearnChangesAsync(IReadOnlyList<(string From, string To)> pairs, CancellationToken ct)
    {
        var open = pairs.Where(pair => store.Memory.Changes(pair.From, pair.To) is null).Distinct().ToList();
        if (open is [])
        {
            return;
        }

        var output = await RunAsync(
            Lines(open.Select(pair => $"{pair.To} {pair.From}")), ["diff-tree", "--stdin", "-r", "-z", "--name-only", "--no-renames"], ct);
        foreach (var (pair, files) in ParseChanges(output.Require(), open))
        {
            store.Memory.KeepChanges(pair.From, pair.To, files);
        }
    }

    private async Task LearnMergesAsync(IReadOnlyList<(string One, string Other)> pairs, CancellationToken ct)
    {
        var open = pairs.Where(pair => store.Memory.Merge(pair.One, pair.Other) is null).Distinct().ToList();
        if (open is [])
        {
            return;
        }

        if (jujutsu is not null)
        {
            foreach (var (pair, files) in await jujutsu.MergeAsync(store, open, ct))
            {
                store.Memory.KeepMerge(pair.One, pair.Other, files);
            }

            return;
        }

        // Histories without a common commit: git merge would refuse, and one such pair would end the process for all.
        var output = await RunAsync(
            Lines(open.Select(pair => $"{pair.One} {pair.Other}")),
            ["merge-tree", "--write-tree", "--name-only", "--no-messages", "--allow-unrelated-histories", "-z", "--stdin"],
            ct);
        foreach (var (pair, files) in ParseMerges(output.Require(), open))
        {
            store.Memory.KeepMerge(pair.One, pair.Other, files);
        }
    }

    // Without renames work can only meet where both changed a file, or one made a directory of what the other has as a file.
    private bool Meet((TaskWork One, TaskWork Other) pair) => jujutsu is null || pair.One.Commit != pair.Other.Commit
        && (pair.One.Changed.Intersect(pair.Other.Changed, StringComparer.Ordinal).Any() || IsBelow(pair.One, pair.Other) || IsBelow(pair.Other, pair.One));

    private static bool IsBelow(TaskWork one, TaskWork other)
    {
        var files = other.Changed.ToHashSet(StringComparer.Ordinal);
        return one.Changed.Any(path =>
        {
            for (var above = Path.GetDirectoryName(path); above is { Length: > 0 }; above = Path.GetDirectoryName(above))
            {
                if (files.Contains(above))
                {
                    return true;
                }
            }

            return false;
        });
    }

    /// <remarks>
    /// For each commit that differs, in the order of the questions, its id and the files, a zero (here <c>|</c>) behind each:
    /// <code>
    /// 3e3fbac54074602b096299cc5432dcb51f66b6d7|src/a.txt|src/b.txt|52a116a0cc305dbbbcc71cfeb8e0f810f69b4a24|src/a.txt|
    /// </code>
    /// </remarks>
    internal static IEnumerable<((string From, string To) Pair, IReadOnlyList<string> Files)> ParseChanges(
        string output, IReadOnlyList<(string From, string To)> asked)
    {
        var fields = output.Split('\0');
        var at = 0;
        for (var i = 0; i < asked.Count; i++)
        {
            List<string> files = [];
            if (fields[at] == asked[i].To)
            {
                var later = asked.Skip(i + 1).Select(pair => pair.To).ToHashSet(StringComparer.Ordinal);
                for (at++; at < fields.Length - 1 && !later.Contains(fields[at]); at++)
                {
                    files.Add(fields[at]);
                }
            }

            yield return (asked[i], files);
        }
    }

    /// <remarks>
    /// For each pair 1 (it merges) or 0, the tree, the files that conflict, and an empty field; a zero (here <c>|</c>) behind
    /// each. A file in the way of a directory is named after its commit:
    /// <code>
    /// 0|dcd1f9cdb9b4abcb477509286bc2098e119c5253|f|d~3e3fbac54074602b096299cc5432dcb51f66b6d7||1|a8d2c45625b09aaf00576ec48fdf88645b0ff75b||
    /// </code>
    /// </remarks>
    internal static IEnumerable<((string One, string Other) Pair, IReadOnlyList<string> Files)> ParseMerges(
        string output, IReadOnlyList<(string One, string Other)> asked)
    {
        var fields = output.Split('\0');
        var at = 0;
        foreach (var pair in asked)
        {
            if (at + 2 >= fields.Length || fields[at] is not ("0" or "1"))
            {
                throw new VillageException(ErrorKind.Permanent, $"`git merge-tree` printed what is no answer: '{Printable.Line(fields[int.Min(at, fields.Length - 1)])}'");
            }

            var merges = fields[at] is "1";
            HashSet<string> files = new(StringComparer.Ordinal);
            for (at += 2; fields[at].Length > 0; at++)
            {
                var name = fields[at];
                files.Add(new[] { pair.One, pair.Other }.FirstOrDefault(id => name.EndsWith("~" + id, StringComparison.Ordinal)) is { } id ? name[..^(id.Length + 1)] : name);
            }

            at++;
            yield return (pair, merges ? [] : [.. files]);
        }
    }

    private Task<ToolResult> RunAsync(string? input, IReadOnlyList<string> arguments, CancellationToken ct) =>
        runner.RunAsync(TrialCommits.Call(ground, store, null, arguments) with { Input = input }, ct);

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
