using Village.Leases;
using Village.Tasks;

namespace Village.Core.Tests.Leases;

/// <summary>Short ways to say a lease, for tests.</summary>
internal static class LeaseSamples
{
    public const string Nonce = "5f0c1d2e3f405162738495a6b7c8d9e0";

    /// <summary>The lease of a worker that is at work.</summary>
    public static Lease Lease(string task) => new()
    {
        Task = TaskId.Parse(task),
        Pane = "%12",
        Window = $"build-1-{task}",
        Agent = "build",
        ClaimedAt = new(2026, 1, 22, 10, 41, 12, 123, TimeSpan.Zero),
        State = TaskState.InProgress,
        Attempt = 1,
        Generation = 7,
        Nonce = Nonce,
        Workspace = $"/repo/.worktrees/{task}",
        Branch = $"village/{task}",
        Base = "aaaa",
        Start = "bbbb",
        Host = "here",
        Boot = "cccc",
        Tmux = "10:1000",
        Worker = "20:2000",
    };

    /// <summary>A lease as the original writes it: five keys.</summary>
    public static Lease Original(string task) => new()
    {
        Task = TaskId.Parse(task),
        Pane = "%12",
        Window = $"build-1-{task}",
        Agent = "build",
        ClaimedAt = new(2026, 1, 22, 10, 41, 12, TimeSpan.Zero),
    };

    public static Lease Parse(string text)
    {
        var lease = LeaseFile.TryParse(text, out var problem);
        Assert.Null(problem);
        return Assert.IsType<Lease>(lease);
    }

    public static string? Problem(string text)
    {
        var lease = LeaseFile.TryParse(text, out var problem);
        Assert.Equal(problem is null, lease is not null);
        return problem;
    }
}
