using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using Village.Metrics;
using Village.Tasks;

namespace Village.Events;

/// <summary>
/// The text of <c>.village/state.checkpoint</c>: the fold up to an offset of the log, so that a command reads the rest only.
/// Disposable: what does not fit the log, or is damaged, is none. A header, then a task a line, fields parted by tabs:
/// <code>
/// village-checkpoint 4	OFFSET	HEAD-CRC	TAIL-CRC	COUNT	LAST-EVENT	BODY-CRC
/// $	AGENT	DOLLARS
/// %	… and what else attempts add up to: <see cref="StatisticsText"/>
/// bd-a3f8	GENERATION	ATTEMPT	FAILURES	LAST-START	DOLLARS	SESSION	SESSION'S AGENT	{last change}	{last signal}	{last news}
/// </code>
/// The log is known again by the checksums of the 4 KiB at its start and of the 4 KiB before the offset.
/// </summary>
/// <param name="Ledger">The fold.</param>
/// <param name="Offset">How much of the log it holds, in bytes.</param>
/// <param name="Head">Checksum of the log's first bytes.</param>
/// <param name="Tail">Checksum of the log's bytes before the offset.</param>
public sealed record Checkpoint(Ledger Ledger, long Offset, uint Head, uint Tail)
{
    /// <summary>How much of the log's start and end is compared.</summary>
    public const int Window = 4096;

    private const string Magic = "village-checkpoint 4";
    private const byte Tab = (byte)'\t';
    private const byte Newline = (byte)'\n';

    /// <summary>The file's bytes.</summary>
    public byte[] Format()
    {
        var body = new ArrayBufferWriter<byte>(1 << 16);
        foreach (var (agent, usd) in Ledger.Spent)
        {
            Text(body, string.Create(CultureInfo.InvariantCulture, $"$\t{agent}\t{usd}\n"));
        }

        Text(body, StatisticsText.Format(Ledger.Attempts));
        foreach (var entry in Ledger.Tasks.Values)
        {
            Text(body, string.Create(CultureInfo.InvariantCulture, $"{entry.Task}\t{entry.Generation}\t{entry.Attempt}\t{entry.FailuresInARow}\t{Time(entry.LastStart)}\t{entry.CostUsd}\t{Flat(entry.Conversation?.Session)}\t{Flat(entry.Conversation?.Agent)}\t"));
            Line(body, entry.LastChange, Tab);
            Line(body, entry.LastSignal, Tab);
            Line(body, entry.LastNews, Newline);
        }

        var header = string.Create(
            CultureInfo.InvariantCulture,
            $"{Magic}\t{Offset}\t{Head}\t{Tail}\t{Ledger.Count}\t{Time(Ledger.LastEvent)}\t{Sum(body.WrittenSpan)}\n");
        return [.. Encoding.ASCII.GetBytes(header), .. body.WrittenSpan];
    }

    /// <summary>Reads it back; null when it is damaged or of another format. Never throws.</summary>
    public static Checkpoint? TryParse(ReadOnlySpan<byte> text)
    {
        var head = Take(ref text, Newline);
        return Word(ref head) is Magic
            && Number(ref head) is { } offset
            && Number(ref head) is { } first and <= uint.MaxValue
            && Number(ref head) is { } last and <= uint.MaxValue
            && Number(ref head) is { } count
            && Word(ref head) is var time
            && Number(ref head) == Sum(text)
            && Entries(text) is var (entries, spent, attempts)
                ? new(new Ledger(entries, spent, attempts, count, EventLine.ParseTime(time)), offset, (uint)first, (uint)last)
                : null;
    }

    /// <summary>The checksum (CRC-32C) of some bytes.</summary>
    public static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = ~0u;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var b in bytes)
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        return ~sum;
    }

    private static (List<TaskEntry> Entries, Dictionary<string, decimal> Spent, AttemptStatistics Attempts)? Entries(ReadOnlySpan<byte> text)
    {
        List<TaskEntry> entries = [];
        Dictionary<string, decimal> spent = [];
        var attempts = new StatisticsText();
        while (!text.IsEmpty)
        {
            var line = Take(ref text, Newline);
            if (line.StartsWith("$\t"u8))
            {
                line = line[2..];
                var agent = Word(ref line);
                if (!decimal.TryParse(Word(ref line), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd))
                {
                    return null;
                }

                spent[agent] = usd;
                continue;
            }

            if (StatisticsText.IsOne(line))
            {
                if (!attempts.TryTake(Encoding.UTF8.GetString(line)))
                {
                    return null;
                }

                continue;
            }

            if (!TaskId.TryParse(Word(ref line), out var task)
                || Number(ref line) is not { } generation || Number(ref line) is not ({ } attempt and <= int.MaxValue) || Number(ref line) is not ({ } failures and <= int.MaxValue))
            {
                return null;
            }

            var start = EventLine.ParseTime(Word(ref line));
            var cost = decimal.TryParse(Word(ref line), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) ? dollars : (decimal?)null;
            var (session, whose) = (Word(ref line), Word(ref line));
            var change = EventLine.TryRead(Take(ref line, Tab));
            entries.Add(new(task.Value, change?.To ?? TaskState.Queued, generation, (int)attempt, start, change)
            {
                FailuresInARow = (int)failures,
                CostUsd = cost,
                Conversation = session is "" ? null : new(whose, session),
                LastSignal = EventLine.TryRead(Take(ref line, Tab)),
                LastNews = EventLine.TryRead(line),
            });
        }

        return (entries, spent, attempts.Statistics);
    }

    private static void Text(ArrayBufferWriter<byte> body, string text) => Encoding.UTF8.GetBytes(text, body);

    // The stack of a failure is for the log's readers; nobody decides on it.
    private static void Line(ArrayBufferWriter<byte> body, VillageEvent? e, byte end)
    {
        body.Write(e is null ? [] : EventLine.Format(e with { Stack = null }).AsSpan()[..^1]);
        body.Write([end]);
    }

    // Foreign lines may hold anything; what would break the form of this file is nothing that an agent is called.
    private static string Flat(string? text) => text is null ? "" : text.ReplaceLineEndings(" ").Replace('\t', ' ');

    private static string Time(DateTimeOffset? time) => time is { } t ? t.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) : "";

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> text, byte end)
    {
        var at = text.IndexOf(end);
        var taken = at < 0 ? text : text[..at];
        text = at < 0 ? [] : text[(at + 1)..];
        return taken;
    }

    private static string Word(ref ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(Take(ref line, Tab));

    private static long? Number(ref ReadOnlySpan<byte> line) =>
        long.TryParse(Take(ref line, Tab), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
