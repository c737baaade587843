namespace Village.Core.Tests.Simulation;

/// <summary>A process.</summary>
internal sealed class Actor(string name)
{
    public string Name => name;

    /// <summary>What it does; every yield is a moment in which others may act.</summary>
    public IEnumerator<bool>? Script { get; set; }

    public bool IsAlive { get; set; } = true;

    /// <summary>SIGSTOP: it holds what it holds, and does nothing.</summary>
    public bool IsStopped { get; set; }

    /// <summary>SIGTERM or SIGHUP has reached it.</summary>
    public bool IsTold { get; set; }

    /// <summary>The nonce in its environment, or null.</summary>
    public string? Nonce { get; set; }

    /// <summary>The task whose workspace is its working directory, or null.</summary>
    public string? Inside { get; set; }

    /// <summary>It cannot be seen or ended by others.</summary>
    public bool IsHidden { get; set; }

    /// <summary>An agent's end: whether it says that it is done.</summary>
    public bool IsDone { get; set; }
}

/// <summary>The two bytes of a liveness file; the kernel lets go of them when their holder dies.</summary>
internal sealed class LiveHold
{
    public Actor? Claimant { get; set; }

    public Actor? Supervisor { get; set; }

    public bool IsHeld => Claimant?.IsAlive is true || Supervisor?.IsAlive is true;
}

/// <summary>A task's workspace and refs: where each piece of written work is.</summary>
internal sealed class Ground
{
    public HashSet<int> Dirt { get; } = [];

    public HashSet<int> Branch { get; } = [];

    public HashSet<int> Trash { get; } = [];

    /// <summary>Who holds the work lock.</summary>
    public Actor? Lock { get; set; }

    /// <summary>The generation of the last claim that took the workspace over.</summary>
    public long Prepared { get; set; }
}

/// <summary>kill -9 in the middle of a step.</summary>
internal sealed class Died : Exception;
