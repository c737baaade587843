using Village.Adapters.Processes;
using Village.Agents;
using Village.Errors;
using Village.Hosting;
using Village.Reports;

namespace Village.Operations;

/// <summary>Finds out which agents there are on this machine, and what is missing for those that are configured.</summary>
internal static class LookAtAgents
{
    // A cold one loads 200 MB.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Looks; each program is asked for its version once, all at the same time, and only if that is wanted.</summary>
    public static async Task<AgentsReport> RunAsync(VillageContext village, bool asksVersions, CancellationToken ct)
    {
        var config = village.Config;
        var names = config.AgentNames.Append(config.DefaultAgent).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase);
        List<AgentRow> agents = [.. names.Select(name => OfAgent(village, name))];
        List<AgentRow> kinds = [.. AgentPresets.All.Where(preset => preset != AgentPresets.Command).Select(preset => OfKind(village, preset))];
        var versions = asksVersions ? await VersionsAsync(village, agents.Concat(kinds), ct) : [];
        return new(config.DefaultAgent, [.. agents.Select(row => Told(row, versions))], [.. kinds.Select(row => Told(row, versions))]);
    }

    private static AgentRow OfAgent(VillageContext village, string name)
    {
        var preset = village.Config.PresetOf(name);
        if (village.Config.AgentProblem(name) is { } problem)
        {
            return Row(village, name, preset, null, [new(problem, $"add command= to [agent.{name}] in .village/config")]);
        }

        var agent = village.Config.Agent(name);
        var environment = village.Host.Environment.Concat(agent.Environment).ToLookup(pair => pair.Key, pair => pair.Value).ToDictionary(pair => pair.Key, pair => pair.Last());
        var program = agent.ProgramWords(preset)[0];
        IEnumerable<AgentProblemRow> unread = agent.OpencodeArgs is not [] && preset != AgentPresets.Default
            ? [new($"opencode_args= means nothing to {preset.Name}", $"args= under [agent.{name}] in .village/config")]
            : [];

        // With another program in front, as in `npx codex`, nothing more can be known.
        return Row(village, name, preset, program, agent.Command is [_, _, ..] ? unread : unread.Concat(Unmet(preset, environment))) with
        {
            Mode = agent.Mode is AgentMode.Tui ? "tui" : "run",
        };
    }

    private static AgentRow OfKind(VillageContext village, AgentPreset preset) =>
        Row(village, preset.Name, preset, preset.Program, Unmet(preset, village.Host.Environment));

    private static IEnumerable<AgentProblemRow> Unmet(AgentPreset preset, IReadOnlyDictionary<string, string> environment) =>
        preset.Unmet(environment, File.Exists).Select(need => new AgentProblemRow($"{need.What} was not found", need.Hint));

    private static AgentRow Row(VillageContext village, string name, AgentPreset preset, string? program, IEnumerable<AgentProblemRow> problems)
    {
        var path = program is null ? null : AgentProcess.Find(program, village.Root, village.Host.Environment);
        return new()
        {
            Name = name,
            Type = preset.Name,
            Program = program,
            Path = path,
            Tried = preset.Tried is { Length: > 0 } tried ? tried : null,

            // What is not there needs no login yet. A path within a workspace comes with the task's branch.
            Problems = program is null || path is not null ? [.. problems]
                : ExamineGround.IsCertain(program) ? [Missing(name, preset, program)]
                : [],
        };
    }

    private static AgentProblemRow Missing(string name, AgentPreset preset, string program) => new(
        $"'{Printable.Line(program)}' {(Path.IsPathRooted(program) ? "is not there" : "is not on PATH")}",
        program == preset.Program ? preset.Install : $"put it there, or correct command= under [agent.{name}] in .village/config");

    // Only the agents themselves: what an unknown program does with --version is not known.
    private static bool IsAsked(AgentRow row) => row.Path is not null && row.Type != AgentPresets.Command.Name && Path.GetFileName(row.Path) == AgentPresets.Find(row.Type)!.Program;

    private static async Task<Dictionary<string, (string? Version, string? Problem)>> VersionsAsync(VillageContext village, IEnumerable<AgentRow> rows, CancellationToken ct)
    {
        var asked = rows.Where(IsAsked).Select(row => row.Path!).Distinct(StringComparer.Ordinal).Select(async path => (Path: path, Said: await AskAsync(village, path, ct)));
        return (await Task.WhenAll(asked)).ToDictionary(answer => answer.Path, answer => answer.Said, StringComparer.Ordinal);
    }

    private static async Task<(string? Version, string? Problem)> AskAsync(VillageContext village, string path, CancellationToken ct)
    {
        try
        {
            var result = await village.Runner.RunAsync(new(path, village.Root, ["--version"]) { Deadline = Patience }, ct);
            return result.Succeeded && AgentVersion.In($"{result.Stdout}\n{result.Stderr}") is { } version
                ? (version, null)
                : (null, $"`{path} --version` ended with exit code {result.ExitCode} and named no version");
        }
        catch (VillageException failure)
        {
            return (null, failure.Message);
        }
    }

    private static AgentRow Told(AgentRow row, Dictionary<string, (string? Version, string? Problem)> versions) =>
        !IsAsked(row) || !versions.TryGetValue(row.Path!, out var said) ? row
        : row with { Version = said.Version, Problems = said.Problem is null ? row.Problems : [.. row.Problems, new(said.Problem, null)] };
}
