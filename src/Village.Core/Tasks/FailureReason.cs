namespace Village.Tasks;

/// <summary>Why an attempt ended as failed (design, section 5): the closed list that events and JSON use.</summary>
public static class FailureReason
{
    /// <summary>The agent ended with an exit code other than 0.</summary>
    public const string AgentExit = "agent_exit";

    /// <summary>The agent's program could not be started.</summary>
    public const string AgentMissing = "agent_missing";

    /// <summary>The attempt left no difference on the task's branch.</summary>
    public const string NoChanges = "no_changes";

    /// <summary>Work was left uncommitted, or outside the task's branch.</summary>
    public const string Uncommitted = "uncommitted";

    /// <summary>git refused the commit, for example a hook did.</summary>
    public const string CommitFailed = "commit_failed";

    /// <summary>The configured check failed, or changed what it checked.</summary>
    public const string ChecksFailed = "checks_failed";

    /// <summary>The attempt ran longer than its limit.</summary>
    public const string Timeout = "timeout";

    /// <summary>The agent was ended by a signal.</summary>
    public const string Killed = "killed";

    /// <summary>The worker died without a word.</summary>
    public const string Crashed = "crashed";

    /// <summary>Somebody else took the lease.</summary>
    public const string Fenced = "fenced";

    /// <summary>The workspace could not be prepared.</summary>
    public const string SetupFailed = "setup_failed";

    /// <summary>The agent ended with exit code 0, and had told of an error, or had not come to the end of its turn.</summary>
    public const string AgentError = "agent_error";

    /// <summary>The agent asked for a permission that nobody was there to give, and stopped.</summary>
    public const string PermissionDenied = "permission_denied";

    /// <summary>The provider of the agent's model lets nobody work until a later time.</summary>
    public const string UsageLimit = "usage_limit";
}
