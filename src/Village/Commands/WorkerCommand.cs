using System.CommandLine;
using System.Text;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Operations;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Commands;

/// <summary><c>village worker</c>: the supervisor, run by tmux as the pane's own process. Not for people.</summary>
internal static class WorkerCommand
{
    // What belongs to the pane and not to the shell that called.
    private static readonly string[] OfThePane = ["TMUX", "TMUX_PANE", "TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "COLORTERM"];

    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var nonce = new Option<string>("--lease") { Required = true };
        var generation = new Option<long>("--generation") { Required = true };
        var from = new Option<string>("--base") { Required = true };
        var start = new Option<string>("--start") { Required = true };
        var premise = new Option<string>("--premise");
        var session = new Option<string?>("--session");
        var environment = new Option<string>("--environment") { Required = true };
        var command = new Command("worker", "Supervises one attempt") { task, nonce, generation, from, start, premise, session, environment };
        command.Hidden = true;
        command.SetAction(async (parse, ct) =>
        {
            using var signals = new WorkerSignals();
            var host = app.Host = WithEnvironment(app.Host, parse.GetRequiredValue(environment), parse.GetRequiredValue(nonce));
            var village = await app.OpenAsync(ct);
            var job = new WorkerJob(
                new Fence(TaskId.Parse(parse.GetRequiredValue(task)), parse.GetValue(generation), parse.GetRequiredValue(nonce)),
                parse.GetRequiredValue(from),
                parse.GetRequiredValue(start),
                host.Variable("TMUX_PANE") ?? throw new VillageException(ErrorKind.UserInput, "worker runs inside a tmux pane", "village queue"),
                Premise.Parse(parse.GetValue(premise)),
                parse.GetValue(session));
            return (int)await new RunWorker(village, job, new(host)).RunAsync(signals, ct);
        });
        return command;
    }

    // The caller holds its environment in memory while it waits for us. Without it the agent would run in whatever the
    // tmux server was started with, so then it does not run at all; the claim reads STALE and the next command repairs it.
    private static Host WithEnvironment(Host host, string path, string nonce)
    {
        var handed = Encoding.UTF8.GetString(File.ReadAllBytes(path))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[^1], StringComparer.Ordinal);
        foreach (var name in OfThePane)
        {
            handed.Remove(name);
            if (host.Environment.TryGetValue(name, out var value))
            {
                handed[name] = value;
            }
        }

        handed["VILLAGE_DIR"] = host.Environment.GetValueOrDefault("VILLAGE_DIR") ?? handed.GetValueOrDefault("VILLAGE_DIR") ?? "";

        // Every process of the worker carries it, git's hooks too, so that a sweep finds them all.
        handed["VILLAGE_LEASE"] = nonce;
        return host with { Environment = handed };
    }
}
