using System.Text;
using Village.Adapters.Processes;
using Village.Adapters.Scm;
using Village.Configuration;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Setup;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>
/// Prepares a workspace before its agent starts: the files of its branch, copies, links, the set-up's command. Once for each
/// workspace, and again when the set-up has changed or was cut short. What is there already is never overwritten.
/// </summary>
internal sealed class SetUp(VillageContext village, Lease lease, Action<string> say)
{
    private readonly string workspace = lease.Workspace!;
    private readonly WorkspaceSetUp wanted = village.Config.SetUpOf(lease.Agent);

    /// <summary>Why the workspace could not be prepared; null when it is. Throws when it is told to stop.</summary>
    public async Task<Verdict?> RunAsync(IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        try
        {
            if (await village.Scm.IsEmptyAsync(workspace, ct))
            {
                await village.Scm.FillAsync(workspace, lease.Branch!, ct);
            }

            var done = wanted.Fingerprint(lease.Ports);
            if ((wanted.IsEmpty && lease.Ports is []) || Mark(village, workspace).Done == done)
            {
                return null;
            }

            Remember(new(lease.Ports, null));
            await CopyAsync(ct);
            await LinkAsync(ct);
            if (await CommandAsync(environment, ct) is { } failed)
            {
                return failed;
            }

            // The mark must not outlast what it vouches for.
            village.Scm.Sync(workspace);
            Remember(new(lease.Ports, done));
            return null;
        }
        catch (Exception failure) when (failure is VillageException or IOException or UnauthorizedAccessException)
        {
            return Verdict.No(FailureReason.SetupFailed, failure);
        }
    }

    /// <summary>What a workspace remembers of its set-up.</summary>
    public static SetUpMark Mark(VillageContext village, string workspace)
    {
        try
        {
            return NativeFile.TryReadAll(MarkPath(village, workspace)) is { } bytes ? SetUpMark.Parse(Encoding.UTF8.GetString(bytes)) : SetUpMark.None;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // No workspace yet, or none any more.
            return SetUpMark.None;
        }
    }

    private static string MarkPath(VillageContext village, string workspace) => Path.Combine(village.Scm.PrivateDirectoryOf(workspace), "village-setup");

    private void Remember(SetUpMark mark) => DurableFile.Replace(MarkPath(village, workspace), mark.Format(), village.Config.Durability);

    private async Task CopyAsync(CancellationToken ct)
    {
        var files = new SetUpFiles(village);
        var found = Find(files, wanted.Copy, "copy").SelectMany(files.Leaves).DistinctBy(file => file.Path).ToList();
        var missing = (await MissingAsync(found, ct)).ToList();
        if (missing is [])
        {
            return;
        }

        await ExcludeAsync(missing, ct);

        // Beside the workspaces, and from there in one step: half of a file would never be written again.
        var half = Path.Combine(village.WorktreesDirectory, $".{lease.Task}.{Guid.NewGuid():N}");
        try
        {
            foreach (var file in missing)
            {
                ct.ThrowIfCancellationRequested();
                Place(file, half);
            }
        }
        finally
        {
            DurableFile.Discard(half);
        }

        say($"{lease.Task}: copied {missing.Count} file{(missing.Count is 1 ? "" : "s")}: {string.Join(", ", missing.Select(file => file.Below).Distinct().Take(5).Select(Printable.Line))}");
    }

    private void Place(SetUpFile file, string half)
    {
        var (from, to) = (Path.Combine(village.Root, file.Path), Path.Combine(workspace, file.Path));
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (file.Kind is FileKind.Link)
        {
            File.CreateSymbolicLink(to, new FileInfo(from).LinkTarget!);
            return;
        }

        File.Copy(from, half, overwrite: true);
        if (Libc.Rename(half, to) is not 0)
        {
            throw Libc.Failure("move a copy to", to);
        }
    }

    private async Task LinkAsync(CancellationToken ct)
    {
        var found = Find(new(village), wanted.Symlink, "symlink").Select(path => new SetUpFile(path, FileKind.Link, path)).ToList();
        var missing = (await MissingAsync(found, ct)).ToList();
        if (missing is [])
        {
            return;
        }

        await ExcludeAsync(missing, ct);
        foreach (var file in missing)
        {
            var to = Path.Combine(workspace, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.CreateSymbolicLink(to, Path.Combine(village.Root, file.Path));
        }

        say($"{lease.Task}: linked {string.Join(", ", missing.Select(file => Printable.Line(file.Path)))}");
    }

    private static IReadOnlyList<string> Find(SetUpFiles files, IReadOnlyList<PathPattern> patterns, string key) =>
    [
        .. patterns.SelectMany(pattern => files.Find(pattern) ?? throw new VillageException(
            ErrorKind.NotFound,
            $"{key}= of the set-up names '{Printable.Line(pattern.ToString())}', which is not in the main checkout or stands behind a symbolic link",
            "put it there, or take it out of .village/config")).Distinct(),
    ];

    // Neither there already nor the branch's own: what it has deleted must not come back.
    private async Task<IEnumerable<SetUpFile>> MissingAsync(IReadOnlyList<SetUpFile> files, CancellationToken ct)
    {
        if (files is [])
        {
            return [];
        }

        var tracked = await village.Scm.TrackedAsync(workspace, [.. files.Select(file => file.Below).Distinct()], ct);
        return files.Where(file => !tracked.Contains(file.Path) && NativeFile.KindOf(Path.Combine(workspace, file.Path)) is FileKind.Missing && IsInside(file.Path));
    }

    // A link of the branch's may lead anywhere; nothing is written behind it.
    private bool IsInside(string path)
    {
        for (var directory = Path.GetDirectoryName(path); directory is { Length: > 0 }; directory = Path.GetDirectoryName(directory))
        {
            if (NativeFile.KindOf(Path.Combine(workspace, directory)) is not (FileKind.Directory or FileKind.Missing))
            {
                throw new VillageException(
                    ErrorKind.Blocked, $"'{Printable.Line(path)}' cannot be put into the workspace: '{Printable.Line(directory)}' is no directory there", "take it out of .village/config");
            }
        }

        return true;
    }

    // Before the files are there, so that no agent and no rollback ever sees them as work.
    private async Task ExcludeAsync(IReadOnlyList<SetUpFile> files, CancellationToken ct)
    {
        var seen = await village.Scm.NotIgnoredAsync(workspace, [.. files.Select(file => file.Path)], ct);
        if (seen is [])
        {
            return;
        }

        var tracked = await village.Scm.TrackedAsync(workspace, [.. files.Select(file => file.Below).Distinct()], ct);
        var names = files.Where(file => seen.Contains(file.Path))
            .Select(file => tracked.Any(path => path.StartsWith(file.Below + "/", StringComparison.Ordinal)) ? file.Path : file.Below)
            .Distinct().ToList();
        using (village.TakeRepositoryGuard())
        {
            BringUp.AddExcludes(village, [.. names.Select(Git.ExcludeLine).OfType<string>()]);
        }

        if (await village.Scm.NotIgnoredAsync(workspace, seen, ct) is [var still, ..])
        {
            throw new VillageException(
                ErrorKind.Blocked,
                $"git would take '{Printable.Line(still)}' for the agent's work, although it is excluded",
                "take the line that un-ignores it out of .gitignore, or the name out of .village/config");
        }
    }

    private async Task<Verdict?> CommandAsync(IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        if (wanted.Run is [])
        {
            return null;
        }

        say($"{lease.Task}: set-up: {Printable.Line(string.Join(' ', wanted.Run))}");
        var before = await village.Scm.DirtyPathsAsync(workspace, untracked: true, ct);
        var (process, problem) = await AgentProcess.StartAsync(wanted.Run, workspace, "/dev/null", output: 1, environment, ct);
        if (process is null)
        {
            return No($"the set-up could not be started: {problem}");
        }

        var inTime = await Task.WhenAny(process.End, wanted.Timeout > TimeSpan.Zero ? Task.Delay(wanted.Timeout, ct) : Task.Delay(Timeout.Infinite, ct)) == process.End;
        await Leftovers.SweepBelowAsync(village, lease.Nonce!);
        ct.ThrowIfCancellationRequested();
        if (!inTime)
        {
            return No($"the set-up ran longer than {Duration.Text(wanted.Timeout)}");
        }

        // It would pass for the agent's work, and be the evidence of an agent that did nothing.
        var end = await process.End;
        var made = (await village.Scm.DirtyPathsAsync(workspace, untracked: true, ct)).Except(before).ToList();
        return end is not { ExitCode: 0 } ? No($"the set-up ended with {Verdict.Words(end)}")
            : made is not [] ? No($"the set-up changed files that git would commit: {string.Join(", ", made.Take(5).Select(Printable.Line))}; ignore them, or let run= leave them alone")
            : null;
    }

    private static Verdict No(string why) => Verdict.No(FailureReason.SetupFailed, why);
}
