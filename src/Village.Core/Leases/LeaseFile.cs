using System.Globalization;
using System.Text;
using Village.Events;
using Village.Setup;
using Village.Tasks;

namespace Village.Leases;

/// <summary>
/// The text form of a lease: <c>key=value</c> lines, split at the first <c>=</c>. The first five keys are the original's.
/// <code>
/// id=bd-a3f8
/// pane=%12
/// window=build-1-bd-a3f8
/// agent=build
/// claimed_at=2026-01-22T10:41:12Z
/// state=in_progress
/// attempt=1
/// generation=7
/// nonce=5f0c…
/// </code>
/// Values of further keys percent-encode control characters, <c>%</c> and outer blanks, byte by byte of their UTF-8, so a
/// path with a newline stays one line.
/// </summary>
public static class LeaseFile
{
    private static readonly string[] Own =
    [
        "id", "pane", "window", "agent", "claimed_at", "state", "attempt", "generation", "nonce", "workspace", "branch",
        "base", "start", "host", "boot", "tmux", "worker", "parked", "ports", "agent_session",
    ];

    // A lease of the original has none of these, one of ours has all: what has some was damaged, and would be judged wrongly.
    private static readonly string[] Claim = ["attempt", "generation", "nonce"];

    /// <summary>The text of a lease, ending in a newline.</summary>
    public static string Format(Lease lease)
    {
        var text = new StringBuilder();
        void Line(string key, string? value)
        {
            if (value is not null)
            {
                text.Append(key).Append('=').Append(value).Append('\n');
            }
        }

        Line("id", lease.Task.Value);
        Line("pane", lease.Pane);
        Line("window", lease.Window);
        Line("agent", lease.Agent);
        Line("claimed_at", EventLine.Time(lease.ClaimedAt));
        Line("state", lease.State?.Name());
        Line("attempt", lease.Attempt is 0 ? null : lease.Attempt.ToString(CultureInfo.InvariantCulture));
        Line("generation", lease.Generation is 0 ? null : lease.Generation.ToString(CultureInfo.InvariantCulture));
        Line("nonce", lease.Nonce);
        Line("workspace", Encode(lease.Workspace));
        Line("branch", Encode(lease.Branch));
        Line("base", lease.Base);
        Line("start", lease.Start);
        Line("host", Encode(lease.Host));
        Line("boot", lease.Boot);
        Line("tmux", lease.Tmux);
        Line("worker", lease.Worker);
        Line("agent_session", Encode(lease.AgentSession));
        Line("parked", lease.Parked is { } parked ? EventLine.Time(parked) : null);
        Line("ports", LeasedPort.Format(lease.Ports));
        foreach (var (key, value) in lease.Foreign)
        {
            Line(key, value);
        }

        return text.ToString();
    }

    /// <summary>Reads a lease; null and one sentence in <paramref name="problem"/> when it is not one. Never throws.</summary>
    public static Lease? TryParse(string text, out string? problem)
    {
        Dictionary<string, string> known = [];
        List<KeyValuePair<string, string>> foreign = [];
        foreach (var line in text.Split('\n'))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                continue;
            }

            var (key, value) = (line[..at].Trim(), line[(at + 1)..].Trim());
            if (Own.Contains(key, StringComparer.Ordinal))
            {
                known[key] = value;
            }
            else if (key.Length > 0)
            {
                foreign.Add(new(key, value));
            }
        }

        problem = Problem(known);
        return problem is not null ? null : new Lease
        {
            Task = TaskId.Parse(known["id"]),
            Pane = known["pane"],
            Window = known["window"],
            Agent = known["agent"],
            ClaimedAt = EventLine.ParseTime(known["claimed_at"])!.Value,
            State = TaskStates.Parse(known.GetValueOrDefault("state")),
            Attempt = (int)Whole(known, "attempt", int.MaxValue)!.Value,
            Generation = Whole(known, "generation", long.MaxValue)!.Value,
            Nonce = known.GetValueOrDefault("nonce"),
            Workspace = Decode(known.GetValueOrDefault("workspace")),
            Branch = Decode(known.GetValueOrDefault("branch")),
            Base = known.GetValueOrDefault("base"),
            Start = known.GetValueOrDefault("start"),
            Host = Decode(known.GetValueOrDefault("host")),
            Boot = known.GetValueOrDefault("boot"),
            Tmux = known.GetValueOrDefault("tmux"),
            Worker = known.GetValueOrDefault("worker"),
            Parked = EventLine.ParseTime(known.GetValueOrDefault("parked")),
            AgentSession = Decode(known.GetValueOrDefault("agent_session")),
            Ports = LeasedPort.TryParse(known.GetValueOrDefault("ports"))!,
            Foreign = foreign,
        };
    }

    private static string? Problem(Dictionary<string, string> known)
    {
        foreach (var key in Own[..5])
        {
            if (string.IsNullOrEmpty(known.GetValueOrDefault(key)))
            {
                return $"has no '{key}'";
            }
        }

        return !TaskId.TryParse(known["id"], out _) ? "has an 'id' that is no task id"
            : EventLine.ParseTime(known["claimed_at"]) is null ? "has a 'claimed_at' that is no time"
            : known.TryGetValue("state", out var state) && TaskStates.Parse(state) is null ? "has an unknown 'state'"
            : Whole(known, "attempt", int.MaxValue) is null ? "has an 'attempt' that is no whole number"
            : Whole(known, "generation", long.MaxValue) is not { } generation ? "has a 'generation' that is no whole number"
            : known.TryGetValue("parked", out var parked) && EventLine.ParseTime(parked) is null ? "has a 'parked' that is no time"
            : LeasedPort.TryParse(known.GetValueOrDefault("ports")) is null ? "has 'ports' that are none"
            : !Claim.Any(known.ContainsKey) ? null
            : generation is 0 ? "has no 'generation'"
            : string.IsNullOrEmpty(known.GetValueOrDefault("nonce")) ? "has no 'nonce'"
            : null;
    }

    // Zero when the key is absent; null when its value is no number up to the most.
    private static long? Whole(Dictionary<string, string> known, string key, long most) =>
        !known.TryGetValue(key, out var text) ? 0
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= most ? n
        : null;

    private static string? Encode(string? value)
    {
        if (value is null)
        {
            return null;
        }

        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var outerBlank = char.IsWhiteSpace(c) && (i is 0 || i == value.Length - 1);
            _ = char.IsControl(c) || c is '%' || outerBlank ? text.Append(Uri.EscapeDataString(c.ToString())) : text.Append(c);
        }

        return text.ToString();
    }

    private static string? Decode(string? value) => value is null || !value.Contains('%', StringComparison.Ordinal)
        ? value
        : Uri.UnescapeDataString(value);
}
