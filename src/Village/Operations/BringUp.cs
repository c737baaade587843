using System.Text;
using Village.Adapters.Machine;
using Village.Adapters.Scm;
using Village.Adapters.Tmux;
using Village.Configuration;
using Village.Errors;
using Village.Hosting;
using Village.Reports;
using Village.Storage;

namespace Village.Operations;

/// <summary>Makes what is missing: directories, configuration, excludes, session, dashboard. What is there stays as it is.</summary>
internal static class BringUp
{
    /// <summary>What is missing now.</summary>
    public static async Task<UpReport> PlanAsync(VillageContext village, bool dashboard, CancellationToken ct)
    {
        await Bases.ReadAsync(village, ct);
        RequireLocalFileSystem(village);
        var session = await village.Tmux.FindAsync(ct);
        if (session is not null)
        {
            RequireOwnSession(village, session);
        }

        List<string> create = [];
        if (!Directory.Exists(village.Leases.Location))
        {
            create.Add("directory .village/");
        }

        if (!File.Exists(ConfigPath(village)))
        {
            create.Add("file .village/config");
        }

        if (!Directory.Exists(village.WorktreesDirectory))
        {
            create.Add($"directory {village.Config.WorktreesDir}/");
        }

        if (MissingExcludes(village) is not [])
        {
            create.Add("entries in the private exclude file");
        }

        if (session is null)
        {
            create.Add($"tmux session '{village.Tmux.Name}'");
        }

        if (LacksDashboard(village, dashboard, session))
        {
            create.Add("window 'dashboard'");
        }

        return new(create, village.Tmux.Name, village.Tmux.AttachCommand);
    }

    /// <summary>Makes it. Two at once are as good as one.</summary>
    public static async Task<UpReport> ApplyAsync(VillageContext village, bool dashboard, CancellationToken ct)
    {
        var plan = await PlanAsync(village, dashboard, ct);
        DurableFile.MakeDirectory(village.StateDirectory, village.Config.Durability);
        DurableFile.MakeDirectory(village.Leases.Location, village.Config.Durability);
        DurableFile.MakeDirectory(village.WorktreesDirectory, village.Config.Durability);
        using (village.TakeGuard())
        {
            if (!File.Exists(ConfigPath(village)))
            {
                DurableFile.Replace(ConfigPath(village), DefaultConfig.Text(), village.Config.Durability);
            }
        }

        // Held to the end: the next `up` finds the session and its dashboard made, and makes no second one.
        using var repository = village.TakeRepositoryGuard();
        AddExcludes(village);
        var session = await village.Tmux.FindAsync(ct);
        if (session is null)
        {
            await village.Tmux.CreateAsync(village.Root, ct);
        }

        if (LacksDashboard(village, dashboard, session))
        {
            await village.Tmux.OpenWindowAsync(
                "dashboard", village.Root, new Dictionary<string, string> { ["VILLAGE_DIR"] = village.StateDirectory },
                [village.Host.Executable, "dashboard"], ct);
        }

        if (plan.Created is not [])
        {
            village.Events.Append(new() { Ts = default, Cmd = "up", Result = "ok", Message = string.Join(", ", plan.Created) });
        }

        return plan;
    }

    /// <summary>What the repository's private exclude file lacks.</summary>
    public static IReadOnlyList<string> MissingExcludes(VillageContext village) => Git.MissingExcludes(village.Repository, Excludes(village));

    /// <summary>Adds what it lacks, under the caller's repository guard.</summary>
    public static void AddExcludes(VillageContext village) => AddExcludes(village, Excludes(village));

    /// <summary>Adds those of some lines that it lacks, under the caller's repository guard.</summary>
    public static void AddExcludes(VillageContext village, IReadOnlyList<string> lines)
    {
        if (Git.MissingExcludes(village.Repository, lines) is { Count: > 0 } missing)
        {
            var path = Git.ExcludePath(village.Repository);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            DurableFile.Append(path, Encoding.UTF8.GetBytes(string.Concat(missing.Select(line => line + "\n"))), village.Config.Durability);
        }
    }

    /// <summary>The error for a command that needs the session.</summary>
    public static VillageException SessionMissing(VillageContext village) =>
        new(ErrorKind.NotReady, $"the tmux session '{village.Tmux.Name}' is not running", "village up");

    /// <summary>Refuses to act in a session that belongs to another repository.</summary>
    public static void RequireOwnSession(VillageContext village, Session session)
    {
        if (ForeignSession(village, session) is { } problem)
        {
            throw new VillageException(
                ErrorKind.NotReady, problem,
                $"give this repository its own: put SESSION=<name> under [DEFAULT] in {Path.Combine(village.StateDirectory, "config")}");
        }
    }

    /// <summary>Why a session is not this repository's, or null.</summary>
    public static string? ForeignSession(VillageContext village, Session session) =>
        session.Root == village.Root ? null
        : session.Root.Length > 0 ? $"the tmux session '{village.Tmux.Name}' belongs to '{Printable.Line(session.Root)}'"
        : $"the tmux session '{village.Tmux.Name}' was not made by Village";

    private static bool LacksDashboard(VillageContext village, bool wanted, Session? session) =>
        wanted && village.Config.DashboardEnabled && session?.Panes.Any(pane => pane.WindowName is "dashboard") is not true;

    private static string ConfigPath(VillageContext village) => Path.Combine(village.StateDirectory, "config");

    // Directories inside the repository only; a pattern needs its leading slash to mean that one place.
    private static IReadOnlyList<string> Excludes(VillageContext village) =>
    [
        .. new[] { village.StateDirectory, village.WorktreesDirectory }
            .Select(path => Path.GetRelativePath(village.Root, path))
            .Where(path => !path.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(path))
            .Select(path => $"/{path}/"),

        // jj's own directory in its workspaces, which git's commands would take for a part of the work.
        .. village.Config.UsesJujutsu ? new[] { "/.jj/" } : [],
    ];

    /// <summary>How a repository gets its first commit.</summary>
    public static string FirstCommit(VillageContext village) =>
        village.Config.UsesJujutsu ? "jj commit -m 'first commit'" : "git commit --allow-empty -m 'first commit'";

    private static void RequireLocalFileSystem(VillageContext village)
    {
        if (!village.Config.AllowRemoteFs && Disk.RemoteName(village.Root) is { } name)
        {
            throw new VillageException(
                ErrorKind.NotReady,
                $"the repository is on {name}, where the locks that keep two workers apart are not known to hold",
                "move it to a local disk, or set ALLOW_REMOTE_FS=on if you know that they do");
        }
    }
}
