using System.Buffers;
using Village.Events;
using Village.Platform;

namespace Village.Storage;

/// <summary>Who signs events.</summary>
/// <param name="Actor">The login name.</param>
/// <param name="Pid">This process.</param>
/// <param name="Version">Program version and source commit: <c>0.1.0+3f2a9c1</c>.</param>
internal sealed record EventWriter(string Actor, int Pid, string Version);

/// <summary>
/// <c>.village/events.log</c>: the journal, and the truth about task states. The only writer of that file; appends are
/// fsynced before the call returns. Reading goes on where the last reading stopped.
/// </summary>
internal sealed class EventLog(string path, EventWriter writer, TimeProvider clock)
{
    private const int BlockSize = 1 << 20;
    private readonly Ledger ledger = new();
    private long offset;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The current time, as events carry it.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Appends an event; who, with which program and when is filled in here.</summary>
    public void Append(VillageEvent e) => DurableFile.Append(path, EventLine.Format(e with
    {
        Ts = Now,
        Actor = writer.Actor,
        Pid = writer.Pid,
        V = writer.Version,
    }));

    /// <summary>The fold of all complete lines that are there now.</summary>
    public Ledger Read()
    {
        foreach (var e in ReadFrom(offset, end => offset = end))
        {
            ledger.Add(e);
        }

        return ledger;
    }

    /// <summary>Every event that can be read, oldest first.</summary>
    public IEnumerable<VillageEvent> All() => ReadFrom(0, _ => { });

    // A last line without newline is torn or still being written: it is left for the next reading.
    private IEnumerable<VillageEvent> ReadFrom(long start, Action<long> consumed)
    {
        using var file = NativeFile.TryOpenRegular(path, Libc.ReadOnly);
        if (file is null)
        {
            yield break;
        }

        var carry = Array.Empty<byte>();
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            for (int n; (n = file.ReadAt(block.AsSpan(0, BlockSize), start)) > 0; start += n)
            {
                byte[] text = [.. carry, .. block.AsSpan(0, n)];
                var begin = 0;
                for (int length; (length = text.AsSpan(begin).IndexOf((byte)'\n')) >= 0; begin += length + 1)
                {
                    if (EventLine.TryParse(text.AsMemory(begin, length)) is { } e)
                    {
                        yield return e;
                    }
                }

                consumed(start + n - (text.Length - begin));
                carry = text[begin..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
