using Village.Adapters.Processes;
using Village.Beads;
using Village.Errors;
using Village.Tasks;

namespace Village.Adapters.Tasks;

/// <summary>What bd answered.</summary>
/// <param name="Issues">The tasks in it, or null when it was no such answer.</param>
/// <param name="Trouble">What its words mean when the content is not what was wanted.</param>
/// <param name="Sentence">Its words, in one line.</param>
internal sealed record BeadsAnswer(IReadOnlyList<BeadsIssue>? Issues, BeadsTrouble Trouble, string Sentence)
{
    /// <summary>Whether bd exited with 0, which is not the same as having done it.</summary>
    public bool Succeeded { get; init; }

    /// <summary>The task of an id in the answer, or null. Never a similar one: bd takes parts of ids.</summary>
    public BeadsIssue? Of(TaskId task) => Issues?.FirstOrDefault(issue => issue.Task.Id == task);
}

/// <summary>
/// Beads, through its program: one call at a time, in JSON, with a deadline. What counts is what an answer contains, since exit codes
/// mean different things in different versions.
/// </summary>
/// <param name="runner">Starts programs.</param>
/// <param name="place">The database.</param>
/// <param name="root">The repository.</param>
/// <param name="readTime">How long it may take to answer; twice as long to write. bd from 1.0.4 may wait for another writer for ever.</param>
internal sealed class BeadsTool(ProcessRunner runner, BeadsPlace? place, string root, TimeSpan readTime)
{
    /// <summary>How long bd may take to answer, for all but tests.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);

    // bd 1.0.0 to 1.0.3 refuses a second writer instead of waiting for the first.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private BeadsVersion? version;

    /// <summary>Whether bd is on PATH.</summary>
    public static bool IsInstalled(string root, IReadOnlyDictionary<string, string> environment) => AgentProcess.Find("bd", root, environment) is not null;

    /// <summary>The database, or null when none was found.</summary>
    public BeadsPlace? Place => place;

    /// <summary>Everything in the database, with one call whatever their number, in every version there has been.</summary>
    public async Task<TaskStore> ExportAsync(CancellationToken ct)
    {
        // `list` leaves gates out, and what waits for one would look ready. It is JSON without being told so.
        var result = await CallAsync(["export"], readTime, ct);
        if (!result.Succeeded)
        {
            throw Failure("export", result);
        }

        var store = TaskStore.Read(System.Text.Encoding.UTF8.GetBytes(result.Stdout));
        return store.BadLines is [var bad, ..]
            ? throw new VillageException(ErrorKind.Permanent, $"`bd export`: line {bad.Number} {bad.Problem}", "bd doctor")
            : store;
    }

    /// <summary>Tasks as they are now; those that are not there are left out.</summary>
    public async Task<BeadsAnswer> ShowAsync(IReadOnlyList<TaskId> tasks, CancellationToken ct)
    {
        var answer = Read(await CallAsync(["show", "--json", "--", .. tasks.Select(task => task.Value)], readTime, ct));
        return answer.Issues is null && answer.Trouble is not BeadsTrouble.NotFound ? throw Failure("show", answer) : answer;
    }

    /// <summary>Changes something, as <paramref name="actor"/>. Whether it did is for the caller to see in the answer.</summary>
    public async Task<BeadsAnswer> WriteAsync(IReadOnlyList<string> words, string actor, CancellationToken ct) =>
        Read(await CallAsync(With(words, ["--json", $"--actor={actor}"]), 2 * readTime, ct));

    /// <summary>Brings a file of tasks in.</summary>
    public async Task ImportAsync(string file, string actor, CancellationToken ct)
    {
        var result = (await VersionAsync(ct)).ImportsByName switch
        {
            true => await CallAsync(["import", $"--actor={actor}", "--json", "--", file], 2 * readTime, ct),
            false => await CallAsync(["import", $"--actor={actor}", "--json", "-i", file], 2 * readTime, ct),
            _ => throw new VillageException(ErrorKind.NotReady, $"bd {version} cannot import", "update it to 1.0 or later"),
        };
        if (!result.Succeeded)
        {
            throw Failure("import", result);
        }
    }

    /// <summary>Which bd it is; asked once.</summary>
    public async Task<BeadsVersion> VersionAsync(CancellationToken ct) =>
        version ??= BeadsVersion.Parse((await CallAsync(["version", "--json"], readTime, ct)).Stdout);

    /// <summary>Refuses a bd whose writes are not safe.</summary>
    public async Task RequireWritableAsync(CancellationToken ct)
    {
        var (support, remark) = await JudgeAsync(ct);
        if (support is not BeadsSupport.Full)
        {
            throw new VillageException(ErrorKind.NotReady, remark!, "update bd, or set TASKS=embedded in .village/config");
        }
    }

    /// <summary>What may be done with this bd, and what is to be said of it.</summary>
    public async Task<(BeadsSupport Support, string? Remark)> JudgeAsync(CancellationToken ct) =>
        (await VersionAsync(ct)).Judge(place?.UsesServer is true, place?.HasFile is true);

    /// <summary>The failure of a call in its own words.</summary>
    public static VillageException Failure(string call, BeadsAnswer answer) => new(
        answer.Trouble.Kind(),
        $"`bd {call}`: {answer.Sentence}",
        answer.Trouble switch
        {
            BeadsTrouble.Config when answer.Sentence.Contains("read-only", StringComparison.OrdinalIgnoreCase) => "unset BD_READONLY",
            BeadsTrouble.Config => "bd init --skip-hooks, or set TASKS=embedded in .village/config",
            BeadsTrouble.VersionMismatch => "this bd is not one that Village knows; village doctor",
            BeadsTrouble.Transient => "another process is writing; try again in a moment",
            BeadsTrouble.NotFound => "village task list",
            _ => null,
        });

    private static VillageException Failure(string call, ToolResult result) => Failure(call, Read(result));

    private static BeadsAnswer Read(ToolResult result) =>
        new(BeadsIssue.ParseAll(result.Stdout), BeadsTroubles.Of(result.Stdout, result.Stderr), BeadsTroubles.Sentence(result.Stdout, result.Stderr)) { Succeeded = result.Succeeded };

    // Flags stand before `--`, whatever follows it.
    private static IReadOnlyList<string> With(IReadOnlyList<string> words, IReadOnlyList<string> flags)
    {
        var end = words.TakeWhile(word => word is not "--").Count();
        return [.. words.Take(end), .. flags, .. words.Skip(end)];
    }

    private Task<ToolResult> CallAsync(IReadOnlyList<string> words, TimeSpan deadline, CancellationToken ct) => BackOff.OutlastAsync(
        spent => runner.RunAsync(
            new("bd", root, words)
            {
                Deadline = deadline - spent,
                InstallHint = "install Beads, or set TASKS=embedded in .village/config",
                Variables = new Dictionary<string, string?>
                {
                    ["BD_NON_INTERACTIVE"] = "1",
                    ["BD_NO_PAGER"] = "1",
                    ["NO_COLOR"] = "1",
                    ["BD_EXPORT_GIT_ADD"] = "false",
                    ["BEADS_NO_DAEMON"] = "1",
                    ["BEADS_DIR"] = place?.Path,
                    ["BD_JSON_ENVELOPE"] = null,
                    ["BD_ACTOR"] = null,
                    ["BEADS_ACTOR"] = null,
                    ["BEADS_DB"] = null,
                    ["BD_DB"] = null,
                },
            },
            ct),
        result => !result.Succeeded && BeadsTroubles.Of(result.Stdout, result.Stderr) is BeadsTrouble.Transient,
        Patience,
        ct);
}
