using System.Globalization;
using System.Text.RegularExpressions;

namespace Village.Diagnosis;

/// <summary>The rules about configuration, tools and machine.</summary>
public static partial class GroundRules
{
    private const long LeastBytes = 256L << 20;
    private const long LeastInodes = 10_000;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DiagnosisRule> All { get; } =
        [ToolsAreThere, ToolsAreNewEnough, TasksAreRead, GitOpens, ConfigIsRead, SettingsAreValid, SettingsAreKnown, ProgramsAreThere, ContractsAreThere, HooksAreFound, HooksWork, DiskHasRoom, ExcludesAreThere, NobodyElseReads, LocksHold];

    private static IEnumerable<Finding> ToolsAreThere(Facts facts) =>
    [
        .. from tool in facts.Ground.Tools
           where tool.Version is null
           select Finding.Error(FindingKind.MissingTool, tool.Name, $"{tool.Name} is not installed or not on PATH; {tool.Install ?? $"for example: sudo apt-get install {tool.Name}"}"),
        .. from library in facts.Ground.MissingLibraries
           select Finding.Error(FindingKind.MissingTool, library.Subject, library.Text),
    ];

    private static IEnumerable<Finding> ToolsAreNewEnough(Facts facts) =>
        from tool in facts.Ground.Tools
        let said = tool.Version ?? ""
        where VersionOf(said) is { } version && version < tool.Least
        select Finding.Error(
            FindingKind.OldTool, tool.Name, $"{tool.Name} is {Printable.Line(said)}, and Village needs {tool.Least} or newer, for {tool.Needs}");

    /// <summary>The number in what a tool says of itself: <c>git version 2.39.5</c>, <c>tmux 3.3a</c>, <c>tmux next-3.6</c>; null when there is none.</summary>
    public static Version? VersionOf(string text) => Number().Match(text) is { Success: true } match
        ? new(int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
        : null;

    private static IEnumerable<Finding> TasksAreRead(Facts facts) =>
        facts.Ground.TaskStoreProblem is { } problem ? [Finding.Error(FindingKind.TaskStore, "bd", problem)]
        : facts.Ground.TaskStoreRemark is { } remark ? [Finding.Warning(FindingKind.TaskStore, "bd", remark)]
        : [];

    private static IEnumerable<Finding> GitOpens(Facts facts) => facts.Ground.GitProblem is { } problem
        ? [Finding.Error(FindingKind.GitRefuses, "git", problem)]
        : [];

    private static IEnumerable<Finding> ConfigIsRead(Facts facts) =>
        from file in facts.Ground.UnreadableConfigs
        select Finding.Error(FindingKind.UnreadableConfig, file.Subject, file.Text);

    private static IEnumerable<Finding> SettingsAreValid(Facts facts) =>
        facts.Ground.BadSettings.Select(problem => Finding.Error(FindingKind.BadSetting, PlaceOf(problem), problem));

    private static IEnumerable<Finding> SettingsAreKnown(Facts facts) =>
        facts.Ground.UnknownSettings.Select(problem => Finding.Warning(FindingKind.UnknownSetting, PlaceOf(problem), problem));

    private static IEnumerable<Finding> ProgramsAreThere(Facts facts) =>
        from missing in facts.Ground.MissingPrograms
        select Finding.Warning(
            FindingKind.MissingProgram, missing.Where, $"{missing.Where} runs '{Printable.Line(missing.Program)}', which is not installed or not on PATH");

    private static IEnumerable<Finding> ContractsAreThere(Facts facts) =>
        from agent in facts.Ground.ContractFiles
        select Finding.Warning(FindingKind.ContractFile, agent.Subject, $"agent '{agent.Subject}' is told something else than it should: {agent.Text}");

    private static IEnumerable<Finding> HooksAreFound(Facts facts) => facts.Ground.LooseHooksPath is { } path
        ? [Finding.Warning(FindingKind.HooksPath, "core.hooksPath", $"core.hooksPath is '{Printable.Line(path)}', which git looks for in each workspace, and it is in no commit: no hook runs there")]
        : [];

    private static IEnumerable<Finding> HooksWork(Facts facts)
    {
        foreach (var hook in facts.Ground.Hooks)
        {
            if (!hook.IsExecutable)
            {
                yield return Finding.Warning(FindingKind.BadHook, hook.Name, $"the hook {hook.Name} is not executable, so git does not run it");
            }
            else if (GitAsDirectory().Match(hook.Text) is { Success: true } use)
            {
                yield return Finding.Warning(
                    FindingKind.BadHook, hook.Name,
                    $"the hook {hook.Name} uses '{Printable.Line(use.Value)}', and in a workspace .git is a file; `git rev-parse --git-path` finds such paths everywhere");
            }
        }
    }

    private static IEnumerable<Finding> DiskHasRoom(Facts facts)
    {
        if (facts.Ground.FreeBytes is { } bytes && bytes < LeastBytes)
        {
            yield return Finding.Warning(
                FindingKind.LowDisk, "bytes", string.Create(CultureInfo.InvariantCulture, $"the disk of the repository has only {bytes >> 20} MiB free"));
        }

        if (facts.Ground.FreeInodes is { } inodes && inodes < LeastInodes)
        {
            yield return Finding.Warning(
                FindingKind.LowDisk, "inodes", string.Create(CultureInfo.InvariantCulture, $"the file system of the repository has room for only {inodes} more files"));
        }
    }

    private static IEnumerable<Finding> ExcludesAreThere(Facts facts) =>
        from entry in facts.Ground.MissingExcludes
        select Finding.Error(
            FindingKind.MissingExclude, entry, $"the repository's private exclude file lacks {entry}, so `git add --all` would take Village's files", "add the entry");

    private static IEnumerable<Finding> NobodyElseReads(Facts facts) =>
        from name in facts.Ground.Open
        select Finding.Warning(
            FindingKind.OpenDirectory, name, $"other users may read or change '{name}', which may hold texts of tasks and of agents", "close it to other users");

    private static IEnumerable<Finding> LocksHold(Facts facts) => facts.Ground.RemoteFileSystem is { } name
        ? [Finding.Warning(FindingKind.RemoteFileSystem, name, $"the repository is on {name}, where the locks that keep two workers apart are not known to hold; move it to a local disk")]
        : [];

    // ".village/config:3: MAX_WORKERS: …" is about ".village/config:3"; "VILLAGE_MAX_WORKERS: …" about the variable.
    private static string PlaceOf(string problem) => problem.Split(": ")[0];

    [GeneratedRegex(@"(\d{1,6})\.(\d{1,6})", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    // Not in a comment, and not at the end of a longer name such as "$dir.git/".
    [GeneratedRegex(@"(?m)(?<=^[^#\n]*)(?<![\w.$}])\.git/[\w./-]+", RegexOptions.CultureInvariant)]
    private static partial Regex GitAsDirectory();
}
