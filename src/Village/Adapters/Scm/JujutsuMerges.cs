using Village.Adapters.Processes;

namespace Village.Adapters.Scm;

/// <summary>
/// How jj would merge: it follows no renames and cuts hunks its own way, so git's answer is not its answer. The trial commits are
/// brought into a repository of jj's that lives for this one call, in the store: the person's is never asked. Three processes,
/// and two for each pair that touches the same files.
/// </summary>
internal sealed class JujutsuMerges(Func<string, string?, IReadOnlyList<string>, CancellationToken, Task<ToolResult>> jj, Func<TrialStore, IReadOnlyList<string>, string?, CancellationToken, Task<ToolResult>> git)
{
    /// <summary>The files that conflict in each pair of commits.</summary>
    public async Task<IReadOnlyList<((string One, string Other) Pair, IReadOnlyList<string> Files)>> MergeAsync(
        TrialStore store, IReadOnlyList<(string One, string Other)> pairs, CancellationToken ct)
    {
        if (pairs is [])
        {
            return [];
        }

        var place = Path.Combine(store.Location, $"jj-{Guid.NewGuid():N}");
        var (backing, repository) = (Path.Combine(place, "git"), Path.Combine(place, "repo"));
        try
        {
            var sides = await LeanAsync(store, place, pairs, ct);
            await BackAsync(store, backing, sides, isLong: pairs[0].One.Length is 64, ct);
            Directory.CreateDirectory(repository);
            (await jj(place, null, ["git", "init", "--quiet", "--git-repo", backing, repository], ct)).Require();
            foreach (var (index, side) in sides.Index().Where(pair => pair.Item.One != pair.Item.Other))
            {
                (await jj(place, repository, ["--ignore-working-copy", "new", "--quiet", "--no-edit", "-m", $"pair {index}", side.One, side.Other], ct)).Require();
            }

            // "pair 3\0src/a.txt\0src/b.txt\0\0" for each that conflicts.
            var told = (await jj(
                place,
                repository,
                ["--ignore-working-copy", "log", "--no-graph", "-r", "conflicts() & description(glob:\"pair *\")", "-T", "description.first_line() ++ \"\\0\" ++ conflicted_files.map(|e| e.path() ++ \"\\0\").join(\"\") ++ \"\\0\""],
                ct)).Require();
            return Parse(told, pairs);
        }
        finally
        {
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }
        }
    }

    // A bare repository that has the objects of the store and shows the sides as branches. By hand: `git init` would take the
    // environment's word for where the repository is.
    private static async Task BackAsync(TrialStore store, string backing, IReadOnlyList<(string One, string Other)> sides, bool isLong, CancellationToken ct)
    {
        foreach (var directory in new[] { "objects/info", "objects/pack", "refs/heads" })
        {
            Directory.CreateDirectory(Path.Combine(backing, directory), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var format = isLong ? "1\n[extensions]\n\tobjectformat = sha256" : "0";
        (string, string)[] files =
        [
            ("HEAD", "ref: refs/heads/none\n"),
            ("config", $"[core]\n\tbare = true\n\trepositoryformatversion = {format}\n"),
            ("objects/info/alternates", store.Objects + "\n"),
            ("packed-refs", string.Concat(sides.SelectMany(side => new[] { side.One, side.Other }).Distinct().Order(StringComparer.Ordinal).Select(id => $"{id} refs/heads/{id}\n"))),
        ];
        foreach (var (name, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(backing, name), text, ct);
        }
    }

    internal static IReadOnlyList<((string One, string Other) Pair, IReadOnlyList<string> Files)> Parse(string output, IReadOnlyList<(string One, string Other)> asked)
    {
        var found = output.Split("\0\0", StringSplitOptions.RemoveEmptyEntries).Select(record => record.Split('\0'))
            .ToDictionary(fields => fields[0], fields => (IReadOnlyList<string>)fields[1..], StringComparer.Ordinal);
        return [.. asked.Select((pair, index) => (pair, found.GetValueOrDefault($"pair {index}") ?? []))];
    }

    // jj reads all of the history that it is shown. So each side is shown on top of one commit without a past: what the two come from.
    private async Task<IReadOnlyList<(string One, string Other)>> LeanAsync(
        TrialStore store, string place, IReadOnlyList<(string One, string Other)> pairs, CancellationToken ct)
    {
        List<(string One, string Other, string? Base)> known = [];
        foreach (var (one, other) in pairs)
        {
            // Exit code 1 and nothing when they have no past in common.
            known.Add((one, other, (await git(store, ["merge-base", one, other], null, ct)).Stdout.Trim() is { Length: > 0 } from ? from : null));
        }

        var names = known.SelectMany(pair => new[] { pair.One, pair.Other, pair.Base }).OfType<string>().Distinct().ToList();
        var trees = names.Zip((await git(store, ["rev-parse", .. names.Select(name => $"{name}^{{tree}}")], null, ct)).Require().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        var roots = await CommitAsync(store, place, [.. known.Select(pair => pair.Base).OfType<string>().Distinct().Select(from => (trees[from], (string?)null))], ct);
        var sides = await CommitAsync(
            store, place, [.. known.SelectMany(pair => new[] { Side(pair.One, pair.Base), Side(pair.Other, pair.Base) }).Distinct()], ct);
        return [.. known.Select(pair => (sides[Side(pair.One, pair.Base)], sides[Side(pair.Other, pair.Base)]))];

        (string, string?) Side(string commit, string? from) => (trees[commit], from is null ? null : roots[(trees[from], null)]);
    }

    // One process, however many.
    private async Task<IReadOnlyDictionary<(string Tree, string? Parent), string>> CommitAsync(
        TrialStore store, string place, IReadOnlyList<(string Tree, string? Parent)> wanted, CancellationToken ct)
    {
        if (wanted is [])
        {
            return new Dictionary<(string, string?), string>();
        }

        Directory.CreateDirectory(place, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        List<string> paths = [];
        foreach (var (index, commit) in wanted.Index())
        {
            var path = Path.Combine(place, $"commit-{index}");
            await File.WriteAllTextAsync(
                path,
                $"tree {commit.Tree}\n{(commit.Parent is null ? "" : $"parent {commit.Parent}\n")}author Village <village@localhost> 1 +0000\ncommitter Village <village@localhost> 1 +0000\n\nside\n", ct);
            paths.Add(path + "\n");
        }

        var ids = (await git(store, ["hash-object", "-t", "commit", "-w", "--stdin-paths"], string.Concat(paths), ct)).Require().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return wanted.Zip(ids).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
