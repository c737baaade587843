using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Village.Errors;

namespace Village.Tasks;

/// <summary>What a person's text for a task came to.</summary>
public abstract record TaskIdMatch
{
    private TaskIdMatch()
    {
    }

    /// <summary>It means this task.</summary>
    /// <param name="Id">The task.</param>
    public sealed record Found(TaskId Id) : TaskIdMatch;

    /// <summary>It may mean any of these.</summary>
    /// <param name="Ids">The tasks, sorted.</param>
    public sealed record Ambiguous(IReadOnlyList<TaskId> Ids) : TaskIdMatch;

    /// <summary>It means none.</summary>
    /// <param name="Nearest">The task that was probably meant, or null.</param>
    public sealed record NotFound(TaskId? Nearest) : TaskIdMatch;
}

/// <summary>
/// Ids as Beads makes them, <c>bd-a3f8</c> and <c>bd-a3f8.1</c> for its first child: a prefix and some digits in base 36
/// of a hash, as few as keep two machines from finding the same ones.
/// </summary>
public static class TaskIds
{
    private const int Shortest = 3;
    private const int Longest = 8;
    private const int Tries = 10;

    /// <summary>The id for one attempt at a hash; another nonce gives another.</summary>
    public static string Hash(
        string prefix, string title, string description, string creator, long unixNanoseconds, int nonce, int length)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{title}|{description}|{creator}|{unixNanoseconds}|{nonce}");
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        var number = 0UL;
        foreach (var part in digest.AsSpan(0, length switch { 3 => 2, 4 => 3, 5 or 6 => 4, _ => 5 }))
        {
            number = (number << 8) | part;
        }

        var digits = new char[length];
        for (var i = length - 1; i >= 0; i--, number /= 36)
        {
            digits[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(number % 36)];
        }

        return $"{prefix}-{new string(digits)}";
    }

    /// <summary>How many digits keep the odds of any collision among that many ids at a quarter or less.</summary>
    public static int Length(int existing)
    {
        var length = Shortest;
        while (length < Longest && 1 - Math.Exp(-(double)existing * existing / (2 * Math.Pow(36, length))) > 0.25)
        {
            length++;
        }

        return length;
    }

    /// <summary>A new id, with <paramref name="existing"/> top-level ids of the prefix already there.</summary>
    public static TaskId Next(
        string prefix, string title, string description, string creator, DateTimeOffset created, int existing,
        Func<TaskId, bool> taken)
    {
        var nanoseconds = (created.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
        for (var length = Length(existing); length <= Longest; length++)
        {
            for (var nonce = 0; nonce < Tries; nonce++)
            {
                var id = TaskId.Parse(Hash(prefix, title, description, creator, nanoseconds, nonce, length));
                if (!taken(id))
                {
                    return id;
                }
            }
        }

        throw new VillageException(ErrorKind.Permanent, $"No id with the prefix '{Printable.Line(prefix)}' is free");
    }

    /// <summary>A new id for a child: one more than the highest number in use; tombstones are in use too.</summary>
    public static TaskId NextChild(TaskId parent, IEnumerable<TaskId> ids)
    {
        var start = parent.Value + ".";
        var highest =
            from id in ids
            where id.Value.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            select int.TryParse(id.Value[start.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        return TaskId.Parse(string.Create(CultureInfo.InvariantCulture, $"{start}{highest.DefaultIfEmpty(0).Max() + 1}"));
    }

    /// <summary>How many ids of the prefix are no children.</summary>
    public static int CountTopLevel(string prefix, IEnumerable<TaskId> ids)
    {
        var start = prefix + "-";
        return ids.Count(id => id.Value.StartsWith(start, StringComparison.OrdinalIgnoreCase) && !id.Value.AsSpan(start.Length).Contains('.'));
    }

    /// <summary>
    /// The part before the hash: <c>web-app</c> of <c>web-app-a3f8.1</c>; empty when there is no hyphen. A tail of more
    /// than three letters without a digit is taken for a word, and the first hyphen counts: <c>vc</c> of
    /// <c>vc-baseline-test</c>. Beads does so too, and is as wrong about <c>my-proj-abcd</c>.
    /// </summary>
    public static string Prefix(TaskId id)
    {
        var value = id.Value;
        var end = value.LastIndexOf('-');
        if (end < 0)
        {
            return "";
        }

        var tail = value.AsSpan(end + 1);
        tail = tail.IndexOf('.') is var dot and >= 0 ? tail[..dot] : tail;
        var isHash = !tail.ContainsAnyExceptInRange('0', '9')
            || (tail.Length <= Longest && (tail.Length <= Shortest || tail.ContainsAnyInRange('0', '9')));
        return isHash ? value[..end] : value[..value.IndexOf('-', StringComparison.Ordinal)];
    }

    /// <summary>The task that a person means: by its id, with or without the prefix, by its beginning, or by a piece that only its hash has.</summary>
    public static TaskIdMatch Resolve(string input, IReadOnlyCollection<TaskId> ids)
    {
        if (input is "")
        {
            return new TaskIdMatch.NotFound(null);
        }

        Func<TaskId, bool>[] rules =
        [
            id => id.Value.Equals(input, StringComparison.OrdinalIgnoreCase),
            id => id.Value.EndsWith("-" + input, StringComparison.OrdinalIgnoreCase),
            id => id.Value.StartsWith(input, StringComparison.OrdinalIgnoreCase) || Hash(id).Contains(input, StringComparison.OrdinalIgnoreCase),
        ];
        foreach (var rule in rules)
        {
            TaskId[] found = [.. ids.Where(rule).Distinct().Order()];
            if (found is not [])
            {
                return found is [var only] ? new TaskIdMatch.Found(only) : new TaskIdMatch.Ambiguous(found);
            }
        }

        return new TaskIdMatch.NotFound(Nearby(input, ids));
    }

    private static string Hash(TaskId id) => Prefix(id) is { Length: > 0 } prefix ? id.Value[(prefix.Length + 1)..] : id.Value;

    private static TaskId? Nearby(string input, IReadOnlyCollection<TaskId> ids) =>
        Nearest.Of(input, ids.Select(id => id.Value)) is { } whole ? TaskId.Parse(whole)
        : Nearest.Of(input[(input.LastIndexOf('-') + 1)..], ids.Select(Hash)) is { } hash ? ids.Where(id => Hash(id) == hash).Min()
        : null;
}
