using Village.Diagnosis;
using Village.Events;
using Village.Platform;

namespace Village.Storage;

/// <summary>
/// Folds an event log from its first line, whatever a checkpoint says, through one buffer. A second call goes on where the
/// first one stopped.
/// </summary>
internal sealed class LogReplay(string path, string checkpointPath, Action<string> progress)
{
    private const long ReportEvery = 100_000;
    private readonly Ledger ledger = new();
    private long offset;
    private long number;
    private long badLines;
    private long firstBadLine;
    private DateTimeOffset? latest;
    private byte[]? checkpoint;
    private string? checkpointProblem;

    /// <summary>The whole log as it is now.</summary>
    public LogFacts Read()
    {
        if (number is 0)
        {
            CompareCheckpoint();
        }

        var isTorn = Continue(long.MaxValue);
        return new(ledger, badLines, firstBadLine, isTorn, latest);
    }

    /// <summary>Why the checkpoint that is there is not the fold of the log up to its offset, or null.</summary>
    public string? CheckpointProblem() => checkpointProblem is not null && checkpoint.AsSpan().SequenceEqual(TryReadCheckpoint()) ? checkpointProblem : null;

    // Read before the log: the log only grows, so what the checkpoint folds is there by then.
    private void CompareCheckpoint()
    {
        checkpoint = TryReadCheckpoint();
        if (checkpoint is null)
        {
            return;
        }

        if (Checkpoint.TryParse(checkpoint) is not { } found)
        {
            checkpointProblem = "is damaged";
            return;
        }

        Continue(found.Offset);
        using var lines = LogLines.TryOpen(path);
        checkpointProblem = offset != found.Offset || lines?.SumsAt(offset) != (found.Head, found.Tail) ? "belongs to another log"
            : !new Checkpoint(ledger, offset, found.Head, found.Tail).Format().AsSpan().SequenceEqual(checkpoint) ? "says something else than the log"
            : null;
    }

    // Returns whether the log ends within a line.
    private bool Continue(long upTo)
    {
        using var lines = LogLines.TryOpen(path);
        for (; offset < upTo && lines?.TryRead(offset, out var line) is true; offset = lines.Next)
        {
            number++;
            if (number % ReportEvery is 0)
            {
                progress($"{number} events read");
            }

            if (EventLine.TryRead(line) is { } e)
            {
                ledger.Add(e);
                latest = e.Ts > latest || latest is null ? e.Ts : latest;
            }
            else if (!line.Trim(" \r\t"u8).IsEmpty)
            {
                badLines++;
                firstBadLine = firstBadLine is 0 ? number : firstBadLine;
            }
        }

        return lines is not null && offset < lines.Length && upTo is long.MaxValue;
    }

    private byte[]? TryReadCheckpoint()
    {
        try
        {
            return NativeFile.TryReadAll(checkpointPath);
        }
        catch (IOException)
        {
            // It is disposable: what cannot be read is none.
            return null;
        }
    }
}
