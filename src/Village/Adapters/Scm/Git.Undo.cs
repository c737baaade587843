using System.Globalization;
using Village.Errors;

namespace Village.Adapters.Scm;

/// <summary>Looking into the trash, and bringing back what is in it.</summary>
internal sealed partial class Git
{
    /// <summary>What <see cref="StandsOnAsync"/> says of a detached HEAD.</summary>
    public const string Detached = "HEAD";

    /// <inheritdoc/>
    public async Task<string?> StandsOnAsync(string workspace, CancellationToken ct) =>
        (await RunAsync(workspace, ct, "symbolic-ref", "--quiet", "--short", "HEAD")) is { Succeeded: true } on ? on.Stdout.Trim() : Detached;

    /// <inheritdoc/>
    public async Task<string?> WhyNotRestoredAsync(string root, string saved, string? standing, CancellationToken ct)
    {
        var head = await CommitOfAsync(root, $"{saved}^1", ct);
        return head is null || standing is null or Detached || await BranchTipAsync(root, standing, ct) == head ? null
            : $"branch {standing} has moved since";
    }

    /// <inheritdoc/>
    public async Task RestoreAsync(string workspace, string saved, string? standing, CancellationToken ct)
    {
        // "COMMIT HEAD [INDEX] [TIP]"; the index's own commit is a child of HEAD, which no tip's first parent has as its message.
        var parents = (await RunAsync(workspace, ct, "rev-list", "--parents", "-n", "1", saved)).Require().Trim().Split(' ')[1..];
        var head = parents[0];
        var isIndex = parents.Length > 1 && (await RunAsync(workspace, ct, "log", "-n", "1", "--format=%P %s", parents[1])).Require().Trim() is var line
            && line.StartsWith($"{head} ", StringComparison.Ordinal) && line.EndsWith(": index", StringComparison.Ordinal);
        if (standing is Detached)
        {
            (await RunAsync(workspace, ct, [.. NoHooks, "checkout", "--quiet", "--detach", head])).Require();
        }
        else if (standing is not null && standing != await StandsOnAsync(workspace, ct))
        {
            (await RunAsync(workspace, ct, [.. NoHooks, "checkout", "--quiet", standing])).Require();
        }

        // The files first; git itself refuses to write over one that it does not know. Then the index, without touching a file.
        (await RunAsync(workspace, ct, "read-tree", "-m", "-u", head, saved)).Require();
        (await RunAsync(workspace, ct, "read-tree", isIndex ? parents[1] : head)).Require();
        await RunAsync(workspace, ct, "update-index", "-q", "--refresh");
        Sync(workspace);
    }

    /// <inheritdoc/>
    public async Task<bool> IsSameWorkAsync(string root, string one, string other, CancellationToken ct)
    {
        // The files, where HEAD stood, and the index if there is one: a name that means nothing is said back, and ends the answer.
        async Task<string[]> IdsAsync(string name) =>
            (await RunAsync(root, ct, "rev-parse", $"{name}^{{tree}}", $"{name}^1", $"{name}^2^{{tree}}")).Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeWhile(line => !line.Contains('^', StringComparison.Ordinal)).ToArray();
        return await IdsAsync(one) is { Length: > 1 } ids && await IdsAsync(other) is var others && Enumerable.SequenceEqual(ids, others);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FilesOfAsync(string root, string commit, CancellationToken ct) =>
        (await RunAsync(root, ct, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)).Require().Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TrashRef>> TrashAsync(string root, CancellationToken ct)
    {
        // "refs/village/trash/bd-a3f8/1-1 3f2a… 1769078472 915c… 77d1…"
        var refs = (await RunAsync(root, ct, "for-each-ref", "--sort=committerdate", "--format=%(refname) %(objectname) %(committerdate:unix) %(parent)", TrashPrefix)).Require()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(part => part.Length > 3).ToList();
        if (refs is [])
        {
            return [];
        }

        var changed = await ChangedBlobsAsync(root, refs.Select(part => (Commit: part[1], Parent: part[3])).Distinct(), ct);
        var sizes = await SizesAsync(root, changed.Values.SelectMany(blobs => blobs).Distinct(), ct);
        return
        [
            .. from part in refs
               let blobs = changed.GetValueOrDefault(part[1]) ?? []
               select new TrashRef(
                   part[0], part[1], DateTimeOffset.FromUnixTimeSeconds(long.Parse(part[2], CultureInfo.InvariantCulture)),
                   blobs.Count, blobs.Distinct().Sum(blob => sizes.GetValueOrDefault(blob))),
        ];
    }

    /// <inheritdoc/>
    public async Task<string> TrashTextAsync(string root, string commit, bool patch, CancellationToken ct) =>
        (await RunAsync(root, ct, "diff", patch ? "--patch" : "--stat", "--no-ext-diff", "--no-textconv", $"{commit}^1", commit)).Require();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> TrashPathsAsync(string root, string commit, CancellationToken ct) =>
        (await RunAsync(root, ct, "diff", "--name-only", "-z", "--no-renames", $"{commit}^1", commit)).Require().Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public async Task DropAsync(string root, string reference, string commit, CancellationToken ct)
    {
        if (!reference.StartsWith(TrashPrefix, StringComparison.Ordinal))
        {
            throw new VillageException(ErrorKind.Permanent, $"'{reference}' is not in the trash");
        }

        (await RunAsync(root, ct, "update-ref", "-d", reference, commit)).Require();
    }

    // What differs from the first parent, by commit: one process for all. "COMMIT\0" and then per file
    // ":100644 100644 OLD NEW M\0path\0".
    private async Task<Dictionary<string, List<string>>> ChangedBlobsAsync(string root, IEnumerable<(string Commit, string Parent)> pairs, CancellationToken ct)
    {
        var answer = await runner.RunAsync(
            Call(root, Quiet, "diff-tree", "--stdin", "-r", "-z", "--no-renames", "--raw", "--no-abbrev") with { Input = string.Concat(pairs.Select(pair => $"{pair.Commit} {pair.Parent}\n")) }, ct);
        var found = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> current = [];
        var fields = answer.Require().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].StartsWith(':'))
            {
                current.Add(fields[i++].Split(' ')[3]);
            }
            else
            {
                found[fields[i].Split([' ', '\n'])[0]] = current = [];
            }
        }

        return found;
    }

    private async Task<Dictionary<string, long>> SizesAsync(string root, IEnumerable<string> objects, CancellationToken ct)
    {
        // "3f2a… 1234\n", "0000… missing\n" for a file that was deleted.
        var answer = await runner.RunAsync(
            Call(root, Quiet, "cat-file", "--batch-check=%(objectname) %(objectsize)") with { Input = string.Concat(objects.Select(id => id + "\n")) }, ct);
        return answer.Require().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Where(part => long.TryParse(part[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .ToDictionary(part => part[0], part => long.Parse(part[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
