namespace Village.Reports;

/// <summary>The answer of <c>up</c>.</summary>
/// <param name="Created">What was missing and is there now; empty when all was there.</param>
/// <param name="Session">The tmux session.</param>
/// <param name="Attach">What to type to look at it.</param>
public sealed record UpReport(IReadOnlyList<string> Created, string Session, string Attach) : Report("up");

/// <summary>The answer of <c>down</c>.</summary>
/// <param name="Session">The tmux session.</param>
/// <param name="Stopped">Whether it was running.</param>
/// <param name="Parked">Tasks whose workers were stopped; <c>resume</c> goes on with them.</param>
public sealed record DownReport(string Session, bool Stopped, IReadOnlyList<string> Parked) : Report("down");

/// <summary>The answer of <c>unlock</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="Status">What the lease was worth.</param>
/// <param name="Ended">Processes of its worker that were ended.</param>
public sealed record UnlockReport(string Task, string Status, IReadOnlyList<int> Ended) : Report("unlock");

/// <summary>The answer of <c>retry</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="State">Its state now.</param>
/// <param name="Next">What to type next.</param>
public sealed record RetryReport(string Task, string State, string Next) : Report("retry");

/// <summary>The answer of <c>resume TASK</c>.</summary>
public sealed record ResumeReport() : Report("resume")
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The agent's conversation that goes on; null for a new one.</summary>
    public string? Session { get; init; }

    /// <summary>Whether a worker came up; false with --dry-run.</summary>
    public required bool Started { get; init; }

    /// <summary>The attempt.</summary>
    public int? Attempt { get; init; }

    /// <summary>Its window.</summary>
    public string? Window { get; init; }

    /// <summary>Its pane.</summary>
    public string? PaneId { get; init; }

    /// <summary>Where it works.</summary>
    public string? WorktreePath { get; init; }

    /// <summary>What the agent is told, with --html or --dry-run.</summary>
    public string? Contract { get; init; }
}

/// <summary>A task that <c>resume --all</c> found.</summary>
/// <param name="Task">The task.</param>
/// <param name="Agent">The agent that goes on with it.</param>
/// <param name="Session">Its conversation that goes on; null for a new one.</param>
/// <param name="Started">Whether its worker came up.</param>
/// <param name="Window">Its window.</param>
/// <param name="Problem">Why it did not come up.</param>
public sealed record ResumedRow(string Task, string Agent, string? Session, bool Started, string? Window, string? Problem);

/// <summary>The answer of <c>resume --all</c>.</summary>
/// <param name="Tasks">What was broken off.</param>
public sealed record ResumeAllReport(IReadOnlyList<ResumedRow> Tasks) : Report("resume");

/// <summary>The answer of <c>send</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="Agent">Its agent.</param>
/// <param name="Signal">What it says that it does now.</param>
public sealed record SendReport(string Task, string Agent, string Signal) : Report("send");

/// <summary>The answer of <c>pause</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="State">Its state now.</param>
/// <param name="Stopped">Whether every process of its worker stands still, or has ended.</param>
/// <param name="Released">Whether its slot is free.</param>
/// <param name="Next">What to type to go on.</param>
public sealed record PauseReport(string Task, string State, bool Stopped, bool Released, string Next) : Report("pause");

/// <summary>The answer of <c>resume</c> alone: the next step.</summary>
/// <param name="Action">up, attach, cleanup, queue or ready.</param>
/// <param name="Reason">Why.</param>
/// <param name="Run">What to type.</param>
public sealed record NextStepReport(string Action, string Reason, string Run) : Report("resume");

/// <summary>The answer of <c>signal</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="Signal">What was reported.</param>
public sealed record SignalReport(string Task, string Signal) : Report("signal");

/// <summary>The answer of <c>attach</c>.</summary>
/// <param name="Task">The task, or null for the session.</param>
/// <param name="Window">The window's name.</param>
/// <param name="PaneId">The pane.</param>
/// <param name="Run">What to type without Village.</param>
public sealed record AttachReport(string? Task, string? Window, string? PaneId, string Run) : Report("attach");

/// <summary>The answer of <c>exec --json</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="WorktreePath">Where it ran.</param>
/// <param name="Words">The command and its arguments.</param>
/// <param name="ExitCode">How it ended; 128 and the number for a signal.</param>
public sealed record ExecReport(string Task, string WorktreePath, IReadOnlyList<string> Words, int ExitCode) : Report("exec");

/// <summary>The answer of <c>logs --json</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Path">The file.</param>
/// <param name="Text">What the pane showed, control characters taken out.</param>
public sealed record LogReport(string Task, int Attempt, string Path, string Text) : Report("logs");

/// <summary>One value of <c>config list</c>.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Value">Its value.</param>
/// <param name="Origin">Where it came from.</param>
public sealed record ConfigRow(string Name, string Value, string Origin);

/// <summary>The answer of <c>config list</c>.</summary>
/// <param name="Settings">Every setting.</param>
public sealed record ConfigReport(IReadOnlyList<ConfigRow> Settings) : Report("config list");

/// <summary>One change of a task's state.</summary>
public sealed record StateChange
{
    /// <summary>When.</summary>
    public required DateTimeOffset Ts { get; init; }

    /// <summary>The state before.</summary>
    public string? FromState { get; init; }

    /// <summary>The state after.</summary>
    public required string ToState { get; init; }

    /// <summary>Which command.</summary>
    public required string Cmd { get; init; }

    /// <summary>Who.</summary>
    public string? Actor { get; init; }

    /// <summary>The typed reason.</summary>
    public string? Reason { get; init; }

    /// <summary>It in words.</summary>
    public string? Message { get; init; }

    /// <summary>The attempt.</summary>
    public int? Attempt { get; init; }

    /// <summary>The agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The commit that holds the work.</summary>
    public string? Commit { get; init; }

    /// <summary>The ref that keeps what was taken back.</summary>
    public string? Trash { get; init; }
}

/// <summary>The answer of <c>state</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="CurrentState">Its state by the log, at that time.</param>
/// <param name="Live">Whether a worker holds it now; null for an earlier time.</param>
/// <param name="At">The time that was asked for, or null for now.</param>
/// <param name="History">Every change, oldest first.</param>
public sealed record StateReport(string Task, string CurrentState, bool? Live, DateTimeOffset? At, IReadOnlyList<StateChange> History) : Report("state");

/// <summary>A failure as JSON.</summary>
/// <param name="Command">The command.</param>
/// <param name="Error">What went wrong.</param>
public sealed record ErrorReport(string Command, ErrorBody Error) : Report(Command);

/// <summary>What went wrong.</summary>
/// <param name="Kind">The class: user_input, config, not_ready, blocked, transient, not_found, permanent.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Hint">What to type next, or null.</param>
public sealed record ErrorBody(string Kind, string Message, string? Hint);

/// <summary>The answer of <c>completion</c>.</summary>
/// <param name="Shell">The shell.</param>
/// <param name="Script">What it is to read.</param>
public sealed record CompletionReport(string Shell, string Script) : Report("completion");
