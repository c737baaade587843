using System.Globalization;
using Village.Adapters.Scm;
using Village.Configuration;
using Village.Hosting;
using Village.Leases;
using Village.Setup;
using Village.Tasks;

namespace Village.Operations;

/// <summary>The environment of an agent, its set-up and its check: the caller's, with what they need to report.</summary>
internal static class WorkerEnvironment
{
    // What belongs to the shell that called, or would send git to another repository.
    private static readonly string[] Left =
    [
        "OLDPWD", "SHLVL", "_", "COLUMNS", "LINES", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_NAMESPACE",
    ];

    /// <summary>The variables of a worker's processes.</summary>
    public static IReadOnlyDictionary<string, string> For(VillageContext village, Lease lease) =>
        new Dictionary<string, string>(In(village, lease.Task, lease.Workspace!, lease.Attempt, lease.Ports)) { ["VILLAGE_LEASE"] = lease.Nonce! };

    /// <summary>The same for a command of a person: without the nonce, so that no sweep ends it and it cannot report for the worker.</summary>
    public static IReadOnlyDictionary<string, string> In(VillageContext village, TaskId task, string workspace, int attempt, IReadOnlyList<LeasedPort> ports)
    {
        var all = village.Host.Environment.Where(pair => !Left.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal);
        foreach (var port in ports)
        {
            all[port.Name] = port.Number.ToString(CultureInfo.InvariantCulture);
        }

        all.Remove("VILLAGE_LEASE");
        all["PWD"] = workspace;
        all["VILLAGE_TASK"] = task.Value;
        all["VILLAGE_DIR"] = village.StateDirectory;
        all["VILLAGE_WORKSPACE"] = workspace;
        all["VILLAGE_ATTEMPT"] = attempt.ToString(CultureInfo.InvariantCulture);

        // What the agent does with bd happens in the same database, under the worker's name.
        if (village.Tasks.Beads is { Place: { } place })
        {
            all["BEADS_DIR"] = place.Path;
            all["BD_ACTOR"] = all["BEADS_ACTOR"] = village.Tasks.Actors.Of(task);
        }

        // An agent that breaks its workspace's .git does not get into the user's checkout by that.
        var ceilings = all.GetValueOrDefault("GIT_CEILING_DIRECTORIES");
        all["GIT_CEILING_DIRECTORIES"] = string.IsNullOrEmpty(ceilings) ? village.WorktreesDirectory : $"{ceilings}:{village.WorktreesDirectory}";

        // An agent's commits survive a power cut as Village's do; git itself leaves branches of zeros behind.
        var count = int.TryParse(all.GetValueOrDefault("GIT_CONFIG_COUNT"), NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : 0;
        foreach (var (key, value) in village.Config.Durability is Durability.Full ? Git.Durable : [])
        {
            all[$"GIT_CONFIG_KEY_{count}"] = key;
            all[$"GIT_CONFIG_VALUE_{count++}"] = value;
        }

        all["GIT_CONFIG_COUNT"] = count.ToString(CultureInfo.InvariantCulture);

        // So that `village signal` works for the agent, behind whatever the person has on PATH.
        all["PATH"] = $"{all.GetValueOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin")}:{Path.GetDirectoryName(village.Host.Executable)}";
        return all;
    }
}
