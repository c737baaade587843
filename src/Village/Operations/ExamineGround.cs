using System.Runtime.InteropServices;
using System.Text;
using Village.Adapters.Agents;
using Village.Adapters.Machine;
using Village.Adapters.Processes;
using Village.Adapters.Scm;
using Village.Adapters.Tmux;
using Village.Beads;
using Village.Configuration;
using Village.Diagnosis;
using Village.Errors;
using Village.Hosting;
using Village.Scheduling;

namespace Village.Operations;

/// <summary>Looks at configuration, tools and machine; each tool is asked once what it is. Writes nothing.</summary>
internal static class ExamineGround
{
    private const int HookSize = 64 << 10;
    private static readonly string[] Hooks =
        ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-checkout", "post-merge", "post-rewrite", "pre-rebase", "pre-push", "reference-transaction"];

    // What task ids are made with; the framework loads one of these when it is first needed, and ends the program when there is none.
    private static readonly string[] Ssl = ["libssl.so.3", "libssl.so.1.1", "libssl.so"];

    /// <summary>What is found.</summary>
    public static async Task<GroundFacts> LookAsync(BrokenVillage found, string? tmuxVersion, CancellationToken ct)
    {
        var village = found.Village;
        var (bytes, inodes) = Disk.Free(village.Root);
        var git = found.GitWorks ? village.Scm as Git : null;
        var path = git is null ? null : await git.HooksPathAsync(village.Root, ct);
        var isLoose = path is not null && !Path.IsPathRooted(path) && !path.StartsWith('~') && !await git!.TracksAsync(village.Root, path, ct);
        var (problem, remark) = await LookAtTasksAsync(village, ct);
        return new()
        {
            UnreadableConfigs = found.UnreadableConfigs,
            BadSettings = [.. found.BadSettings, .. AgentProblems(village.Config)],
            UnknownSettings = village.Config.Warnings,
            Tools = [Git.Tool(found.GitVersion), .. village.Config.UsesJujutsu ? [Jujutsu.Tool(found.JujutsuVersion)] : Array.Empty<ToolFact>(), TmuxServer.Tool(tmuxVersion)],
            MissingLibraries = Ssl.Any(IsLibrary) ? [] : [new("libssl", "the library libssl is not there, and `village task add` ends without it; for example: sudo apt-get install libssl3")],
            TaskStoreProblem = problem,
            TaskStoreRemark = remark,
            GitProblem = found.GitProblem,
            LooseHooksPath = isLoose ? path : null,
            Hooks = isLoose || village.Scm is not Git ? [] : ReadHooks(path is null ? Path.Combine(village.Repository.CommonDirectory, "hooks") : Path.Combine(village.Root, path)),
            FreeBytes = bytes,
            FreeInodes = inodes,
            MissingExcludes = found.GitWorks ? BringUp.MissingExcludes(village) : [],
            Open = OpenFiles(village),
            RemoteFileSystem = village.Config.AllowRemoteFs ? null : Disk.RemoteName(village.Root),
        };
    }

    // What looks at the tasks later finds them loaded.
    private static async Task<(string? Problem, string? Remark)> LookAtTasksAsync(VillageContext village, CancellationToken ct)
    {
        try
        {
            if (village.Tasks.Beads is not { } beads)
            {
                return (village.Tasks.IsEmbedded ? null : village.Tasks.Choice.Reason, null);
            }

            var (support, remark) = await beads.JudgeAsync(ct);
            await village.Tasks.LoadAsync(ct);
            return support is BeadsSupport.Full ? (null, remark) : (remark, null);
        }
        catch (VillageException failure)
        {
            return (failure.Advice, null);
        }
    }

    /// <summary>Programs of the configuration that are not there. Only agents that a section or an open task names can be asked for.</summary>
    public static GroundFacts LookAtPrograms(GroundFacts known, VillageContext village, StateFacts state)
    {
        var config = village.Config;
        var agents = config.AgentNames
            .Concat(state.Tasks.Where(task => !task.IsClosed).Select(task => QueuePlan.AgentOf(task, config)))
            .Append(config.DefaultAgent)
            .Where(name => config.AgentProblem(name) is null)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal)
            .Select(config.Agent)
            .ToList();
        var runs = agents.Select(agent => ($"agent '{agent.Name}'", agent.Command is [var own, ..] ? own : agent.Preset.Program))
            .Concat(agents.Select(agent => ($"the check of agent '{agent.Name}'", CommandWords.Split(agent.Check) is [var first, ..] ? first : null!)))
            .Concat(agents.Where(agent => agent.Contract.Ppc is not null).Select(agent => ($"the contract of agent '{agent.Name}'", Ppc.Program)));
        return known with
        {
            MissingPrograms =
            [
                .. from run in runs
                   where run.Item2 is not null && IsCertain(run.Item2) && AgentProcess.Find(run.Item2, village.Root, village.Host.Environment) is null
                   select new MissingProgramFact(run.Item1, run.Item2),
            ],
            ContractFiles =
            [
                .. from agent in agents
                   let problem = MakeContract.ReadFile(village, agent.Contract).Problem
                   where problem is not null
                   select new Remark(agent.Name, problem),
            ],
        };
    }

    /// <summary>Whether it can be known now if a program is there: a path within the workspace may come with the task's branch, and a placeholder is filled in later.</summary>
    public static bool IsCertain(string program) =>
        !program.Contains('{', StringComparison.Ordinal) && (Path.IsPathRooted(program) || !program.Contains('/', StringComparison.Ordinal));

    private static IEnumerable<string> AgentProblems(VillageConfig config) =>
        config.AgentNames.Select(config.AgentProblem).OfType<string>();

    private static bool IsLibrary(string name)
    {
        if (!NativeLibrary.TryLoad(name, out var handle))
        {
            return false;
        }

        NativeLibrary.Free(handle);
        return true;
    }

    private static IReadOnlyList<HookFact> ReadHooks(string directory) =>
    [
        .. from name in Hooks
           let path = Path.Combine(directory, name)
           where File.Exists(path)
           select new HookFact(
               name,
               (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) is not 0,
               TextOf(path)),
    ];

    private static string TextOf(string path)
    {
        try
        {
            return new FileInfo(path).Length > HookSize ? "" : Encoding.UTF8.GetString(File.ReadAllBytes(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // Others may look into a directory that holds nothing but files which are closed to them; they may never write to it.
    private static IReadOnlyList<string> OpenFiles(VillageContext village)
    {
        const UnixFileMode Write = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        const UnixFileMode Any = Write | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        bool Has(string path, UnixFileMode bits) => Path.Exists(path) && (File.GetUnixFileMode(path) & bits) is not 0;
        var isEnterable = Has(village.StateDirectory, Any);
        string[] folders = isEnterable ? [village.StateDirectory, village.Leases.Location] : [];
        string[] files = isEnterable ? [village.Events.Path, village.TaskFile.Path] : [];
        return
        [
            .. folders.Where(path => Has(path, Write)).Concat(files.Where(path => Has(path, Any)))
                .Select(path => Path.GetRelativePath(village.Root, path)),
        ];
    }
}
