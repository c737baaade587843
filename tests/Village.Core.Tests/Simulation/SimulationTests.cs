using System.Globalization;

namespace Village.Core.Tests.Simulation;

/// <summary>
/// Scheduler and lease logic in virtual time, with crash injection (invariants I1 to I6 and I8). VILLAGE_SOAK=N runs N × 1,000
/// seeds instead of a sample; VILLAGE_SEED=N replays the one that a failure names.
/// </summary>
public sealed class SimulationTests
{
    private const int Steps = 1000;

    [Fact]
    public void The_invariants_hold_whatever_dies_and_whenever()
    {
        var (takenOver, fenced, givenUp, killed) = (0, 0, 0, 0);
        foreach (var seed in Seeds())
        {
            var world = Run(seed);
            var troubles = world.Troubles;
            (takenOver, fenced, givenUp, killed) = (takenOver + troubles.TakenOver, fenced + troubles.Fenced, givenUp + troubles.GivenUp, killed + troubles.Killed);
        }

        Assert.True(takenOver > 0 && fenced > 0 && givenUp > 0 && killed > 0, $"nothing went wrong: {takenOver} {fenced} {givenUp} {killed}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_log()
    {
        var (one, two, other) = (Run(7).Log, Run(7).Log, Run(8).Log);

        Assert.NotEmpty(one);
        Assert.Equal(one, two);
        Assert.NotEqual(one, other);
    }

    private static World Run(int seed)
    {
        try
        {
            var world = new World(seed);
            for (var step = 0; step < Steps; step++)
            {
                world.Step();
            }

            world.Settle();
            return world;
        }
        catch (InvalidOperationException broken)
        {
            throw new InvalidOperationException($"seed {seed} (VILLAGE_SEED={seed} replays it): {broken.Message}", broken);
        }
    }

    private static IEnumerable<int> Seeds() =>
        Number("VILLAGE_SEED") is { } one ? [one]
        : Number("VILLAGE_SOAK") is { } times ? Enumerable.Range(1, 1000 * times)
        : Enumerable.Range(1, 100);

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
