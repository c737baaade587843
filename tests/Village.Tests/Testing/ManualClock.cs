namespace Village.Tests.Testing;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    /// <summary>The roadmap's moment.</summary>
    public static ManualClock Fixed() => new(new(2026, 1, 22, 10, 41, 12, TimeSpan.Zero));

    /// <summary>Moves it.</summary>
    public void Pass(TimeSpan time) => now += time;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => now;
}
