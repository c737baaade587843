using System.Text;
using Village.Adapters.Agents;
using Village.Agents;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Makes the contract of an attempt: looks at what it tells of, and asks its sources in their order. Writes nothing but in <see cref="Keep"/>.</summary>
internal static class MakeContract
{
    private const int LargestFile = 1 << 20;

    /// <summary>The contract of an attempt that is about to start.</summary>
    public static Task<ContractEnvelope> ForAttemptAsync(VillageContext village, Lease lease, string start, TaskSpec? task, CancellationToken ct) =>
        MakeAsync(village, Facts(village, lease.Task, task, lease.Agent, lease.Attempt, lease.Workspace!, lease.Branch!), start, isNew: false, ct);

    /// <summary>The contract that a task would be given with its next attempt.</summary>
    public static async Task<ContractEnvelope> PreviewAsync(VillageContext village, TaskId id, string agent, CancellationToken ct)
    {
        var facts = Facts(village, id, village.Tasks.Find(id), agent, village.Events.Read().Of(id).Attempt + 1, village.WorkspaceOf(id), village.BranchOf(id));

        // A new branch will be made from the base, merged with the work of what the task waits for.
        var tip = facts.Dependencies is [] ? null : await village.Scm.BranchTipAsync(village.Root, facts.Branch, ct);
        var start = facts.Dependencies is [] ? null : tip ?? await village.Scm.BaseHeadAsync(village.Root, village.Config.BaseBranch, ct);
        return await MakeAsync(village, facts, start, isNew: tip is null, ct);
    }

    /// <summary>
    /// Writes the contract where the agent reads it, with its envelope beside it, and returns the path. What was wrong with its
    /// sources is told, and is an event of the attempt.
    /// </summary>
    public static string Keep(VillageContext village, Lease lease, ContractEnvelope contract, Action<string> say)
    {
        var path = village.ContractOf(lease.Task, lease.Attempt);
        DurableFile.MakeDirectory(Path.GetDirectoryName(path)!, village.Config.Durability);
        DurableFile.Replace(Path.ChangeExtension(path, ".json"), contract.ToLine(), village.Config.Durability);
        DurableFile.Replace(path, contract.Content, village.Config.Durability);
        if (contract.Warnings is not [])
        {
            AttemptNote.Write(village, lease, "contract_warning", string.Join("; ", contract.Warnings));
            foreach (var warning in contract.Warnings)
            {
                say($"{lease.Task}: warning: {warning}");
            }
        }

        return path;
    }

    /// <summary>What will be wrong with the sources of an agent's contracts, as far as a look tells; starts nothing.</summary>
    public static IReadOnlyList<string> Foresee(VillageContext village, ContractSource source)
    {
        var (file, problem) = ReadFile(village, source);
        var noPpc = file is null && source.Ppc is not null && !Ppc.IsInstalled(village.Root, village.Host.Environment);
        return [.. problem is null ? Array.Empty<string>() : [problem], .. noPpc ? [ContractWarning.NoPpc] : Array.Empty<string>()];
    }

    /// <summary>The same for several agents, in sentences.</summary>
    public static IEnumerable<string> Foresee(VillageContext village, IEnumerable<string> agents) =>
        from name in agents.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)
        where village.Config.AgentProblem(name) is null
        from warning in Foresee(village, village.Config.Agent(name).Contract)
        select Sentence(name, warning);

    /// <summary>A warning as a person is told it.</summary>
    public static string Sentence(string agent, string warning) => $"the contract of agent '{agent}': {warning}";

    private static ContractFacts Facts(VillageContext village, TaskId id, TaskSpec? task, string agent, int attempt, string workspace, string branch) => new()
    {
        Task = id,
        Spec = task,
        Agent = village.Config.Agent(agent),
        Attempt = attempt,
        Workspace = workspace,
        Branch = branch,
        Dependencies = ContractDependency.Of(task, village.Tasks.ReadAll(), village.Events.Read()),
    };

    private static async Task<ContractEnvelope> MakeAsync(VillageContext village, ContractFacts facts, string? start, bool isNew, CancellationToken ct)
    {
        var told = facts with { Dependencies = await LookAsync(village, facts.Dependencies, start, isNew, ct) };
        var source = facts.Agent.Contract;
        var (file, problem) = ReadFile(village, source);
        var ppc = file is null && source.Ppc is { } order ? await new Ppc(village.Runner, village.Root).CompileAsync(order, ct) : null;
        return ContractEnvelope.Of(told, file, ppc, problem is null ? [] : [problem], village.Now);
    }

    // At most three processes, however many tasks it waits for, and none when it waits for none.
    private static async Task<IReadOnlyList<ContractDependency>> LookAsync(
        VillageContext village, IReadOnlyList<ContractDependency> dependencies, string? start, bool isNew, CancellationToken ct)
    {
        if (dependencies is [])
        {
            return dependencies;
        }

        var tips = await village.Scm.BranchTipsAsync(village.Root, village.Config.BranchPrefix, ct);
        var commits = dependencies.Select(dependency => dependency.Commit).OfType<string>().ToList();
        var contained = start is null ? new HashSet<string>() : await village.Scm.ContainedAsync(village.Root, start, commits, ct);
        var files = await village.Scm.ChangedFilesAsync(
            village.Root, dependencies.Where(dependency => dependency is { Commit: not null, Base: not null }).Select(dependency => (dependency.Base!, dependency.Commit!)), ct);
        return
        [
            .. from dependency in dependencies
               let name = $"{village.Config.BranchPrefix}{dependency.Id}"
               let branch = tips.ContainsKey(name) ? name : null
               select dependency with
               {
                   Branch = branch,
                   IsContained = (isNew && branch is not null) || (dependency.Commit is { } commit && contained.Contains(commit)),
                   Files = dependency.Commit is { } end ? files.GetValueOrDefault(end, []) : [],
               },
        ];
    }

    /// <summary>The text of the contract file, or what is wrong with it; both null where there is none to be.</summary>
    public static (string? Text, string? Problem) ReadFile(VillageContext village, ContractSource source)
    {
        if (source.File is "")
        {
            return (null, null);
        }

        try
        {
            return NativeFile.TryReadAll(Path.GetFullPath(source.File, village.Root)) switch
            {
                null => (null, ContractWarning.NoFile(source.File)),
                { Length: > LargestFile } => (null, ContractWarning.UnreadableFile(source.File, "it is larger than 1 MiB")),
                var bytes => (Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'), null),
            };
        }
        catch (IOException failure)
        {
            return (null, ContractWarning.UnreadableFile(source.File, failure.Message));
        }
    }
}
