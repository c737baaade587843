using System.Text;
using Village.Dashboard;
using Village.Hosting;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands.Dashboard;

/// <summary>What the keys do: commands of Village's, in this process, so that a person sees exactly what the command line says.</summary>
internal sealed class DashboardActs(Host host, VillageContext village, Func<IReadOnlyList<string>, Host, CancellationToken, Task<int>> run)
{
    private const int LogTail = 256 << 10;

    /// <summary>The help, a line each.</summary>
    public static IReadOnlyList<string> Help { get; } =
    [
        "↑ ↓ PgUp PgDn Home End   select a worker or a task",
        "Enter                    go to the tmux window of its worker",
        "l                        its log (follows while you are at the end)",
        "w                        why it stands as it stands, and what to type",
        "p                        pause it where it stands, or resume it",
        "k                        stop its agent; its work and its conversation are kept",
        "u                        undo the last rollback, cleanup or unlock of it",
        "r                        look again at everything, changed files and conflicts too",
        "q, Ctrl-C                quit; workers go on",
        "",
        "Those who need a person stand first, and are marked.",
        "DOES     what the agent does, by its own word or its own events",
        "FILES    files changed against the base, uncommitted ones too",
        "CONFLICTS  tasks whose work does not merge with this one's",
        "COST     what the agent said that the task's ended attempts have cost",
        "",
        "Nothing is polled: the screen wakes when something changes in the village.",
    ];

    /// <summary>What a command says: its exit code and its lines, of the answer and of the errors.</summary>
    public async Task<(int Exit, IReadOnlyList<string> Lines)> AskAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        using var answer = new MemoryStream();
        using var output = new StreamWriter(answer, new UTF8Encoding(false));
        using var error = new StringWriter();
        var exit = await run(words, host with { Out = output, Error = error, In = StreamReader.Null, Width = null, ErrorIsTerminal = false, InIsTerminal = false }, ct);
        output.Flush();
        return (exit, [.. $"{Encoding.UTF8.GetString(answer.ToArray())}{error}".TrimEnd().Split('\n')]);
    }

    /// <summary>A command's answer as one line.</summary>
    public async Task<(string Text, bool IsAlarm)> DoAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        var (exit, lines) = await AskAsync(words, ct);
        return (string.Join("; ", lines), exit is not 0);
    }

    /// <summary>The words that pause a task, or resume one that is paused or has stopped.</summary>
    public static IReadOnlyList<string> PauseWords(string task, DashboardReport report) =>
        report.Workers.Any(row => row.Task == task && row.State is "paused") || report.Queue.Any(row => row.Task == task && row.Mark is "PAUSED")
            ? ["resume-task", task]
            : ["pause", task];

    /// <summary>The last lines of a task's log; what controls a terminal is gone or shown.</summary>
    public IReadOnlyList<string> Log(string task)
    {
        if (!TaskId.TryParse(task, out var id))
        {
            return ["there is no log"];
        }

        try
        {
            var path = village.LogOf(id, village.Events.Read().Of(id).Attempt);
            return [.. new LogText(path, raw: false, new FileInfo(path).Length - LogTail).Next(isLast: true).Replace("\t", "    ", StringComparison.Ordinal).TrimEnd('\n').Split('\n')];
        }
        catch (IOException)
        {
            return [$"there is no log of '{task}' yet"];
        }
    }
}
