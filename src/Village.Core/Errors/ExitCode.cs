namespace Village.Errors;

/// <summary>What the process says to a shell (docs/troubleshooting.md has one entry per code).</summary>
public enum ExitCode
{
    /// <summary>Done; a plan is always this, even an empty one.</summary>
    Success = 0,

    /// <summary>An error, or the thing asked for does not exist.</summary>
    Failure = 1,

    /// <summary>A precondition is missing: repository, tmux, session, tool.</summary>
    NotReady = 2,

    /// <summary>Refused in this state, or no work to do.</summary>
    Blocked = 3,

    /// <summary>Some of it was done and some was not.</summary>
    Partial = 4,

    /// <summary>The command line makes no sense.</summary>
    Usage = 5,

    /// <summary>The time that was given is over; as timeout(1) has it.</summary>
    TimedOut = 124,

    /// <summary>Ctrl-C; the shell's own convention (128 + SIGINT).</summary>
    Interrupted = 130,
}
