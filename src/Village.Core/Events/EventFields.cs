using System.Text;
using System.Text.Json;
using Village.Tasks;

namespace Village.Events;

/// <summary>
/// The fields of one event line while it is read. Without a dictionary and without strings for names and common words,
/// because a command reads ten thousand lines before it answers.
/// </summary>
internal ref struct EventFields
{
    // Above these a double does not hold every whole number, and a TimeSpan not every time.
    private const long MostExact = (1L << 53) - 1;
    private const decimal MostMoney = 1_000_000_000;
    private const double MostSeconds = long.MaxValue / TimeSpan.TicksPerSecond;
    private DateTimeOffset? ts, until;
    private string? cmd, task, taskId, pane, result, agent, reason, message, error, stack, commit, tree, check, trash, kept, branch, lease, undid, signal, source, session, model, provider, nonce, actor, v, @base;
    private TaskState? from, to;
    private long? generation, input, output, cacheRead, cacheWrite;
    private decimal? usd;
    private int? attempt, pid;
    private double? seconds;

    /// <summary>Takes the field at whose name the reader stands, and leaves it at the end of the value.</summary>
    public void Take(ref Utf8JsonReader json)
    {
        var name = Names.IndexOf(ref json);
        json.Read();
        switch (name)
        {
            case 0: ts = Time(ref json); break;
            case 1: cmd = Text(ref json, "worker", "queue", "signal", "rollback"); break;
            case 2: task = Text(ref json); break;
            case 3: pane = Text(ref json); break;
            case 4: result = Text(ref json, "ok", "error"); break;
            case 5: from = State(ref json); break;
            case 6: to = State(ref json); break;
            case 7: generation = Whole(ref json, MostExact); break;
            case 8: attempt = (int?)Whole(ref json, int.MaxValue); break;
            case 9: agent = Text(ref json); break;
            case 10: reason = Text(ref json); break;
            case 11: message = Text(ref json); break;
            case 12: error = Text(ref json); break;
            case 13: stack = Text(ref json); break;
            case 14: commit = Text(ref json); break;
            case 15: tree = Text(ref json); break;
            case 16: check = Text(ref json); break;
            case 17: seconds = json.TokenType is JsonTokenType.Number && json.GetDouble() is >= 0 and < MostSeconds and var n ? n : null; break;
            case 18: trash = Text(ref json); break;
            case 19: signal = Text(ref json, "working", "waiting", "idle", "done", "blocked"); break;
            case 20: nonce = Text(ref json); break;
            case 21: actor = Text(ref json); break;
            case 22: pid = (int?)Whole(ref json, int.MaxValue); break;
            case 23: v = Text(ref json); break;
            case 24: taskId = Text(ref json); break;
            case 25: kept = Text(ref json); break;
            case 26: branch = Text(ref json); break;
            case 27: lease = Text(ref json); break;
            case 28: undid = Text(ref json); break;
            case 29: source = Text(ref json); break;
            case 30: session = Text(ref json); break;
            case 31: model = Text(ref json); break;
            case 32: provider = Text(ref json); break;
            case 33: until = Time(ref json); break;
            case 34: input = Whole(ref json, MostExact); break;
            case 35: output = Whole(ref json, MostExact); break;
            case 36: cacheRead = Whole(ref json, MostExact); break;
            case 37: cacheWrite = Whole(ref json, MostExact); break;
            case 38: usd = json.TokenType is JsonTokenType.Number && json.TryGetDecimal(out var money) && money is >= 0 and < MostMoney ? money : null; break;
            case 39: @base = Text(ref json); break;
            default: break;
        }

        json.Skip();
    }

    /// <summary>The event, or null when it lacks its time or its command.</summary>
    /// <param name="raw">Its line.</param>
    public readonly VillageEvent? ToEvent(ReadOnlyMemory<byte> raw) => cmd is null || ts is not { } time ? null : new()
    {
        Ts = time,
        Cmd = cmd,
        Task = task ?? taskId,
        Pane = pane,
        Result = result,
        From = from,
        To = to,
        Generation = generation,
        Attempt = attempt,
        Agent = agent,
        Reason = reason,
        Message = message,
        Error = error,
        Stack = stack,
        Commit = commit,
        Base = @base,
        Tree = tree,
        Check = check,
        Seconds = seconds,
        Trash = trash,
        Kept = kept,
        Branch = branch,
        Lease = lease,
        Undid = undid,
        Signal = signal,
        Source = source,
        Session = session,
        Model = model,
        Provider = provider,
        Until = until,
        Usage = (input ?? output ?? cacheRead ?? cacheWrite) is null && usd is null ? null : new(input ?? 0, output ?? 0, cacheRead ?? 0, cacheWrite ?? 0, usd),
        Nonce = nonce,
        Actor = actor,
        Pid = pid,
        V = v,
        Raw = raw,
    };

    private static string? Text(ref Utf8JsonReader json, params ReadOnlySpan<string> likely)
    {
        if (json.TokenType is not JsonTokenType.String)
        {
            return null;
        }

        foreach (var word in likely)
        {
            if (Ascii.Equals(json.ValueSpan, word))
            {
                return word;
            }
        }

        return json.GetString();
    }

    private static TaskState? State(ref Utf8JsonReader json)
    {
        foreach (var state in TaskStates.All)
        {
            if (json.TokenType is JsonTokenType.String && Ascii.Equals(json.ValueSpan, state.Name()))
            {
                return state;
            }
        }

        return TaskStates.Parse(Text(ref json));
    }

    private static long? Whole(ref Utf8JsonReader json, long most) =>
        json.TokenType is JsonTokenType.Number && json.GetDouble() is >= 0 and var n && n <= most && n == Math.Truncate(n) ? (long)n : null;

    // Ours end in Z, and are read without making a string.
    private static DateTimeOffset? Time(ref Utf8JsonReader json) =>
        json.TokenType is not JsonTokenType.String ? null
        : json.ValueSpan.EndsWith("Z"u8) && json.TryGetDateTimeOffset(out var time) ? time
        : EventLine.ParseTime(json.GetString());

    private static class Names
    {
        private static readonly string[] All =
        [
            "ts", "cmd", "task", "pane", "result", "from", "to", "generation", "attempt", "agent", "reason", "message", "error", "stack",
            "commit", "tree", "check", "seconds", "trash", "signal", "nonce", "actor", "pid", "v", "task_id", "kept", "branch", "lease",
            "undid", "source", "session", "model", "provider", "until", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens",
            "cost_usd", "base",
        ];

        public static int IndexOf(ref Utf8JsonReader json)
        {
            for (var i = 0; i < All.Length; i++)
            {
                if (json.ValueIsEscaped ? json.ValueTextEquals(All[i]) : Ascii.Equals(json.ValueSpan, All[i]))
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
