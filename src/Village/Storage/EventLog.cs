using Village.Configuration;
using Village.Events;
using Village.Platform;
using Village.Tasks;

namespace Village.Storage;

/// <summary>Who signs events.</summary>
/// <param name="Actor">The login name.</param>
/// <param name="Pid">This process.</param>
/// <param name="Version">Program version and source commit: <c>0.1.0+3f2a9c1</c>.</param>
internal sealed record EventWriter(string Actor, int Pid, string Version);

/// <summary>
/// <c>.village/events.log</c>: the journal, and the truth about task states. The only writer of that file; appends are
/// fsynced before the call returns. Reading starts at the checkpoint and goes on where the last reading stopped.
/// </summary>
internal sealed class EventLog(string path, EventWriter writer, TimeProvider clock, Durability durability)
{
    // Folding this much takes about a millisecond; writing a checkpoint of 10,000 tasks about twenty.
    private const long CheckpointEvery = 256 << 10;
    private Ledger? ledger;
    private long offset;
    private long saved;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The fold of its beginning, for quick reading; disposable.</summary>
    public string CheckpointPath { get; } = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, "state.checkpoint");

    /// <summary>The current time, as events carry it.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Appends an event; who, with which program and when is filled in here.</summary>
    public void Append(VillageEvent e) => DurableFile.Append(path, EventLine.Format(e with
    {
        Ts = Now,
        Actor = writer.Actor,
        Pid = writer.Pid,
        V = writer.Version,
    }), durability);

    /// <summary>The fold of all complete lines that are there now.</summary>
    public Ledger Read()
    {
        using var lines = LogLines.TryOpen(path);
        if (ledger is null || offset > (lines?.Length ?? 0))
        {
            var start = lines is null ? null : LoadCheckpoint(lines);
            (ledger, offset, saved) = (start?.Ledger ?? new(), start?.Offset ?? 0, start?.Offset ?? 0);
        }

        for (; lines?.TryRead(offset, out var line) is true; offset = lines.Next)
        {
            if (EventLine.TryRead(line) is { } e)
            {
                ledger.Add(e);
            }
        }

        return ledger;
    }

    /// <summary>Every event that can be read, oldest first, each with its line.</summary>
    public IEnumerable<VillageEvent> All() => Search(new()).Forward();

    /// <summary>A search of the log as it is when it is read.</summary>
    public LogSearch Search(EventFilter filter) => new(path, filter);

    /// <summary>The fold of what had happened up to a time; of all that is there when none is given.</summary>
    public Ledger ReadAt(DateTimeOffset? at)
    {
        if (at is null)
        {
            return Read();
        }

        var past = new Ledger();
        foreach (var e in Search(new() { Until = JustAfter(at) }).Forward())
        {
            past.Add(e);
        }

        return past;
    }

    /// <summary>The accepted state changes of a task, oldest first; up to a time, when one is given.</summary>
    public IEnumerable<VillageEvent> HistoryOf(TaskId task, DateTimeOffset? at) =>
        Ledger.HistoryOf(task, Search(new() { Task = task, Until = JustAfter(at) }).Forward());

    /// <summary>
    /// Under the guard: writes a checkpoint when much was appended since the last one. A disk that does not take it costs
    /// time only, so that is no failure.
    /// </summary>
    public void SaveCheckpointIfDue()
    {
        var current = Read();
        if (offset - saved < CheckpointEvery || LogLines.TryOpen(path) is not { } lines)
        {
            return;
        }

        using (lines)
        {
            saved = offset;
            try
            {
                var (head, tail) = lines.SumsAt(offset);
                DurableFile.Replace(CheckpointPath, [new Checkpoint(current, offset, head, tail).Format()], durability);
            }
            catch (IOException)
            {
                // Tried again when as much has come.
            }
        }
    }

    private static DateTimeOffset? JustAfter(DateTimeOffset? time) => time < DateTimeOffset.MaxValue ? time.Value.AddTicks(1) : time;

    private Checkpoint? LoadCheckpoint(LogLines lines)
    {
        try
        {
            return NativeFile.TryReadAll(CheckpointPath) is { } bytes
                && Checkpoint.TryParse(bytes) is { } found
                && found.Offset <= lines.Length
                && lines.SumsAt(found.Offset) == (found.Head, found.Tail) ? found : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
