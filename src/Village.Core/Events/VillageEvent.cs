using Village.Agents;
using Village.Tasks;

namespace Village.Events;

/// <summary>One act, as one line of <c>.village/events.log</c> (design, section 12). Null means the kind does not need it.</summary>
public sealed record VillageEvent
{
    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset Ts { get; init; }

    /// <summary>The command that acted: <c>queue</c>, <c>worker</c>.</summary>
    public required string Cmd { get; init; }

    /// <summary>The task, or null for an act on the whole village. Text, because foreign lines may hold anything.</summary>
    public string? Task { get; init; }

    /// <summary>The tmux pane: <c>%12</c>.</summary>
    public string? Pane { get; init; }

    /// <summary><c>ok</c> or <c>error</c>.</summary>
    public string? Result { get; init; }

    /// <summary>The state before; set with <see cref="To"/>.</summary>
    public TaskState? From { get; init; }

    /// <summary>The state after; an event with it is a state change.</summary>
    public TaskState? To { get; init; }

    /// <summary>The lease generation the act belongs to; older ones lose.</summary>
    public long? Generation { get; init; }

    /// <summary>The attempt, counted from 1.</summary>
    public int? Attempt { get; init; }

    /// <summary>The agent's name.</summary>
    public string? Agent { get; init; }

    /// <summary>A typed reason: <see cref="FailureReason"/> or why something was left alone.</summary>
    public string? Reason { get; init; }

    /// <summary>The sentence a person would read.</summary>
    public string? Message { get; init; }

    /// <summary>The failure in the words of the tool that failed.</summary>
    public string? Error { get; init; }

    /// <summary>Where in the program it failed; never shown on a screen.</summary>
    public string? Stack { get; init; }

    /// <summary>The commit that holds the work.</summary>
    public string? Commit { get; init; }

    /// <summary>The commit that the work goes back to: what it changed is the difference between the two.</summary>
    public string? Base { get; init; }

    /// <summary>The tree that was checked.</summary>
    public string? Tree { get; init; }

    /// <summary>The check that passed on <see cref="Tree"/>, as configured.</summary>
    public string? Check { get; init; }

    /// <summary>How long it took.</summary>
    public double? Seconds { get; init; }

    /// <summary>The ref that keeps what a destructive step took.</summary>
    public string? Trash { get; init; }

    /// <summary>The directory below <c>.village</c> that keeps ignored files which such a step took.</summary>
    public string? Kept { get; init; }

    /// <summary>Where HEAD stood before such a step: a branch, or <c>HEAD</c> for none. In the removal of a branch, that branch.</summary>
    public string? Branch { get; init; }

    /// <summary>The text of the lock file that such a step removed, or that an undo brought back.</summary>
    public string? Lease { get; init; }

    /// <summary>The step that an undo took back: time, process, command and reason of its event.</summary>
    public string? Undid { get; init; }

    /// <summary>What an agent says of itself: working, waiting, idle, done, blocked.</summary>
    public string? Signal { get; init; }

    /// <summary>Whose word <see cref="Signal"/> is, where it is not that of <c>village signal</c>: the preset whose events or hooks told it.</summary>
    public string? Source { get; init; }

    /// <summary>The agent's conversation, by which it can be continued.</summary>
    public string? Session { get; init; }

    /// <summary>The agent's model.</summary>
    public string? Model { get; init; }

    /// <summary>The provider whose limit <see cref="FailureReason.UsageLimit"/> is.</summary>
    public string? Provider { get; init; }

    /// <summary>When that limit ends.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// What the agent has used: in a change of state, the whole attempt; beside a <see cref="Signal"/>, the attempt so far. Flat in the line:
    /// <c>input_tokens</c>, <c>output_tokens</c>, <c>cache_read_tokens</c>, <c>cache_write_tokens</c>, <c>cost_usd</c>.
    /// </summary>
    public AgentUsage? Usage { get; init; }

    /// <summary>The lease's nonce, where an act must be tied to one claim.</summary>
    public string? Nonce { get; init; }

    /// <summary>Who: the login name.</summary>
    public string? Actor { get; init; }

    /// <summary>Process id of the writer.</summary>
    public int? Pid { get; init; }

    /// <summary>Program version and source commit.</summary>
    public string? V { get; init; }

    /// <summary>The line as it was read, foreign fields included; empty for an event not yet written.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }
}
