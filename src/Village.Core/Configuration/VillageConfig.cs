using System.Globalization;
using Village.Agents;
using Village.Errors;
using Village.Setup;

namespace Village.Configuration;

/// <summary>A setting's value and where it came from.</summary>
/// <param name="Name">The setting, as <c>config list</c> prints it.</param>
/// <param name="Text">The value as text.</param>
/// <param name="Origin"><c>--max-workers</c>, <c>$VILLAGE_MAX_WORKERS</c>, <c>.village/config:3</c> or <c>default</c>.</param>
public sealed record SettingValue(string Name, string Text, string Origin);

/// <summary>The configuration in force: flags, then environment, then the repository's file, then the user's, then defaults.</summary>
public sealed class VillageConfig
{
    // What a timer can hold.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);
    private readonly Dictionary<string, SettingValue> values = new(StringComparer.OrdinalIgnoreCase);

    private VillageConfig()
    {
    }

    /// <summary>What is odd but stops nothing: unknown keys and sections, with the nearest known name.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Every value, settings in the order of the table, then agents by name.</summary>
    public IReadOnlyList<SettingValue> Values =>
        [.. Settings.All.Where(IsPlain).Select(Get), .. values.Values.Where(IsAgentValue).OrderBy(v => v.Name, StringComparer.Ordinal)];

    /// <summary>The names of the agents that have a section, sorted.</summary>
    public IReadOnlyList<string> AgentNames =>
        [.. values.Values.Where(IsAgentValue).Select(v => v.Name[6..v.Name.LastIndexOf('.')]).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];

    /// <summary>Which version control system.</summary>
    public string Scm => Text(Settings.Scm);

    /// <summary>Whether workspaces are jj's.</summary>
    public bool UsesJujutsu => Scm.Equals("jj", StringComparison.OrdinalIgnoreCase);

    /// <summary>The workspaces' directory, perhaps relative to the repository.</summary>
    public string WorktreesDir => Text(Settings.WorktreesDir);

    /// <summary>The tmux session.</summary>
    public string Session => Text(Settings.Session);

    /// <summary>The tmux server's socket name.</summary>
    public string TmuxSocket => Text(Settings.TmuxSocket);

    /// <summary>The worker limit, from 1.</summary>
    public int MaxWorkers => Number(Settings.MaxWorkers);

    /// <summary>The agent of a task that names none.</summary>
    public string DefaultAgent => Text(Settings.DefaultAgent);

    /// <summary>The branch that tasks start from, or null for the one checked out.</summary>
    public string? BaseBranch => Text(Settings.BaseBranch) is { Length: > 0 } branch ? branch : null;

    /// <summary>What the names of the tasks' branches begin with.</summary>
    public string BranchPrefix => Text(Settings.BranchPrefix);

    /// <summary>How long a started task is not started again.</summary>
    public TimeSpan QueueTtl => TimeSpan.FromMinutes(Number(Settings.QueueTtlMinutes));

    /// <summary>Whether failed attempts are taken back.</summary>
    public bool RollbackOnFailure => Settings.IsTrue(Text(Settings.RollbackOnFailure));

    /// <summary>Whether leftovers are committed.</summary>
    public bool CommitLeftovers => Text(Settings.Commit).Equals("auto", StringComparison.OrdinalIgnoreCase);

    /// <summary>How often a failed task starts again by itself.</summary>
    public int Retries => Number(Settings.Retries);

    /// <summary>Whether queue looks for conflicts.</summary>
    public bool DetectsConflicts => Settings.IsTrue(Text(Settings.ConflictDetectionEnabled));

    /// <summary>Whether conflicts keep a task from starting.</summary>
    public bool BlockOnConflict => DetectsConflicts && Settings.IsTrue(Text(Settings.BlockOnConflict));

    /// <summary>Where tasks are kept: <c>auto</c>, <c>beads</c> or <c>embedded</c>.</summary>
    public string TaskStore => Text(Settings.Tasks).ToLowerInvariant();

    /// <summary>Whether Beads is told of each transition.</summary>
    public bool Syncs => Settings.IsTrue(Text(Settings.Sync));

    /// <summary>Whether completed tasks that are open in the store count as done.</summary>
    public bool CompletedCounts => Settings.IsTrue(Text(Settings.CompletedCounts));

    /// <summary>What ids of new tasks begin with.</summary>
    public string TaskPrefix => Text(Settings.TaskPrefix);

    /// <summary>Whether up makes the dashboard window.</summary>
    public bool DashboardEnabled => Settings.IsTrue(Text(Settings.DashboardEnabled));

    /// <summary>How often the dashboard looks.</summary>
    public TimeSpan DashboardRefresh => TimeSpan.FromSeconds(Number(Settings.DashboardRefresh));

    /// <summary>How metrics are exported.</summary>
    public MetricsConfig Metrics => MetricsConfig.Of(Text);

    /// <summary>Whether a file system without known locks is accepted.</summary>
    public bool AllowRemoteFs => Settings.IsTrue(Text(Settings.AllowRemoteFs));

    /// <summary>What an acknowledged write outlives.</summary>
    public Durability Durability =>
        Text(Settings.Durability).Equals("relaxed", StringComparison.OrdinalIgnoreCase) ? Durability.Relaxed : Durability.Full;

    /// <summary>Whether the bell rings when an agent waits for a person.</summary>
    public bool NotifyBell => Settings.IsTrue(Text(Settings.NotifyBell));

    /// <summary>Whether tmux shows a message then.</summary>
    public bool NotifyTmux => Settings.IsTrue(Text(Settings.NotifyTmux));

    /// <summary>The command that is run then; empty for none.</summary>
    public IReadOnlyList<string> NotifyCommand => CommandWords.Split(Text(Settings.NotifyCommand))!;

    /// <summary>How long a check may run.</summary>
    public TimeSpan CheckTimeout => Limit(Text(Settings.CheckTimeout));

    /// <summary>
    /// Puts the layers together. Throws a Config error with file and line, or the variable's name, at the first bad value.
    /// </summary>
    public static VillageConfig Of(
        IReadOnlyList<IniEntry> user, IReadOnlyList<IniEntry> repository, IReadOnlyDictionary<string, string> environment)
    {
        var config = Read(user, repository, environment, out var problems);
        return problems is [var first, ..] ? throw first : config;
    }

    /// <summary>Puts the layers together, bad values left out: each is an error in <paramref name="problems"/>.</summary>
    public static VillageConfig Read(
        IReadOnlyList<IniEntry> user, IReadOnlyList<IniEntry> repository, IReadOnlyDictionary<string, string> environment, out IReadOnlyList<VillageException> problems)
    {
        List<string> warnings = [];
        List<VillageException> bad = [];
        var config = new VillageConfig { Warnings = warnings };
        void Take(Setting setting, string section, string value, string where, string origin, string hint)
        {
            if (setting.IsValid(value))
            {
                config.Set(setting, section, value, origin);
            }
            else
            {
                bad.Add(Invalid(ErrorKind.Config, setting, value, where, hint));
            }
        }

        foreach (var entry in user.Concat(repository))
        {
            if (Find(entry, warnings) is { } setting)
            {
                Take(setting, entry.Section, entry.Value, $"{entry.Place}: {entry.Key}", entry.Place, InFile(setting, entry.Key));
            }
        }

        foreach (var setting in Settings.All)
        {
            if (setting.Variable is { } variable && environment.TryGetValue(variable, out var value))
            {
                Take(setting, setting.Section, value, variable, $"${variable}", $"unset {variable}");
            }
        }

        problems = bad;
        return config;
    }

    /// <summary>The same configuration with a value from the command line.</summary>
    public VillageConfig With(Setting setting, string value, string flag)
    {
        if (!setting.IsValid(value))
        {
            throw Invalid(ErrorKind.UserInput, setting, value, flag, $"for example: {flag} {setting.Default}");
        }

        Set(setting, setting.Section, value, flag);
        return this;
    }

    /// <summary>The agent of that name. A name without a section is opencode with defaults.</summary>
    public AgentConfig Agent(string name)
    {
        string Own(Setting setting) => values.GetValueOrDefault($"agent.{name}.{setting.Key}")?.Text ?? "";
        string Or(Setting own, Setting common) => values.GetValueOrDefault($"agent.{name}.{own.Key}")?.Text ?? Text(common);
        if (AgentProblem(name) is { } problem)
        {
            throw new VillageException(ErrorKind.Config, problem, $"add command= to [agent.{name}] in .village/config");
        }

        var command = CommandWords.Split(Own(AgentSettings.Command))!;
        return new(name, PresetOf(name))
        {
            Mode = Own(AgentSettings.Mode).Equals("tui", StringComparison.OrdinalIgnoreCase) ? AgentMode.Tui : AgentMode.Run,
            Command = command,
            Args = CommandWords.Split(Own(AgentSettings.Args))!,
            OpencodeArgs = CommandWords.Split(Own(AgentSettings.OpencodeArgs))!,
            Model = Own(AgentSettings.Model),
            Environment = CommandWords.Split(Own(AgentSettings.Env))!.Select(word => word.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[1]).ToDictionary(pair => pair.Key, pair => pair.Last()),
            BudgetUsd = Settings.Money(Own(AgentSettings.Budget)),
            Timeout = Duration.Parse(Or(AgentSettings.Timeout, Settings.Timeout)) ?? TimeSpan.Zero,
            Check = Or(AgentSettings.Check, Settings.Check),
            Contract = ContractSource.Of(
                Or(ContractSettings.AgentFile, ContractSettings.File),
                Or(ContractSettings.AgentPpcMode, ContractSettings.PpcMode),
                Or(ContractSettings.AgentPpcTraits, ContractSettings.PpcTraits),
                Or(ContractSettings.AgentPpcFormat, ContractSettings.PpcFormat)),
        };
    }

    /// <summary>The kind of agent of that name, also where it is not usable.</summary>
    public AgentPreset PresetOf(string name)
    {
        string Own(Setting setting) => values.GetValueOrDefault($"agent.{name}.{setting.Key}")?.Text ?? "";
        return Own(AgentSettings.Type) is { Length: > 0 } type ? AgentPresets.Find(type)!
            : Own(AgentSettings.Command).Trim().Length > 0 ? AgentPresets.Command
            : AgentPresets.Find(name) is { } own && own != AgentPresets.Command ? own
            : AgentPresets.Default;
    }

    /// <summary>The set-up of a workspace for the agent of that name: its own values where it has some, else those of all.</summary>
    public WorkspaceSetUp SetUpOf(string name)
    {
        string Or(Setting own, Setting common) => values.GetValueOrDefault($"agent.{name}.{own.Key}")?.Text ?? Text(common);
        return new(
            PathPattern.TryParseAll(Or(AgentSettings.Copy, Settings.WorkspaceCopy))!,
            PathPattern.TryParseAll(Or(AgentSettings.Symlink, Settings.WorkspaceSymlink))!,
            CommandWords.Split(Or(AgentSettings.Run, Settings.WorkspaceRun))!,
            PortWish.TryParseAll(Or(AgentSettings.Ports, Settings.WorkspacePorts))!,
            Limit(Or(AgentSettings.SetupTimeout, Settings.WorkspaceTimeout)));
    }

    /// <summary>Why an agent cannot be started as it is configured, or null.</summary>
    public string? AgentProblem(string name)
    {
        string Own(Setting setting) => values.GetValueOrDefault($"agent.{name}.{setting.Key}")?.Text ?? "";
        return Own(AgentSettings.Type).Equals("command", StringComparison.OrdinalIgnoreCase) && Own(AgentSettings.Command).Trim().Length is 0
            ? $"agent '{name}' has type=command and no command="
            : null;
    }

    /// <summary>A time as a timer can hold it: not negative, not too long.</summary>
    public static TimeSpan Timer(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time < LongestTimer ? time : LongestTimer;

    private static TimeSpan Limit(string text) =>
        (Duration.Parse(text) ?? TimeSpan.Zero) is var limit && limit < LongestTimer ? limit : LongestTimer;

    private static bool IsPlain(Setting setting) => !setting.Section.EndsWith(".*", StringComparison.Ordinal);

    private static bool IsAgentValue(SettingValue value) => value.Name.StartsWith("agent.", StringComparison.OrdinalIgnoreCase);

    private static Setting? Find(IniEntry entry, List<string> warnings)
    {
        var isAgent = entry.Section.StartsWith("agent.", StringComparison.OrdinalIgnoreCase);
        if (isAgent && !Settings.IsAgent(entry.Section[6..]))
        {
            warnings.Add($"{entry.Place}: '{Printable.Line(entry.Section[6..])}' is not an agent's name");
            return null;
        }

        var section = isAgent ? "agent.*" : entry.Section;
        var inSection = Settings.All.Where(s => s.Section.Equals(section, StringComparison.OrdinalIgnoreCase)).ToList();
        var found = inSection.FirstOrDefault(s =>
            s.Aliases.Prepend(s.Key).Contains(entry.Key, StringComparer.OrdinalIgnoreCase));
        if (found is not null)
        {
            return found;
        }

        var (kind, text, known) = inSection is []
            ? ("section", entry.Section, Settings.All.Select(s => s.Section).Distinct())
            : ("key", entry.Key, inSection.Select(s => s.Key));
        var hint = Nearest.Of(text, known) is { } near ? $"; did you mean '{near}'?" : "";
        warnings.Add($"{entry.Place}: unknown {kind} '{Printable.Line(text)}'{hint}");
        return null;
    }

    private static VillageException Invalid(ErrorKind kind, Setting setting, string value, string where, string hint) =>
        new(kind, $"{where}: '{Printable.Line(value)}' is not {setting.Kind}", hint);

    private static string InFile(Setting setting, string key) =>
        setting.Default is "" ? "fix that line, or put a '#' before it" : $"for example: {key}={setting.Default}";

    private void Set(Setting setting, string section, string text, string origin)
    {
        var name = IsPlain(setting) ? setting.Name : $"agent.{section[6..]}.{setting.Key}";
        values[name] = new(name, text, origin);
    }

    private SettingValue Get(Setting setting) =>
        values.GetValueOrDefault(setting.Name) ?? new(setting.Name, setting.Default, "default");

    private string Text(Setting setting) => Get(setting).Text;

    private int Number(Setting setting) => int.Parse(Text(setting), NumberStyles.None, CultureInfo.InvariantCulture);
}
