using System.Globalization;

namespace Village.Tests.Testing;

/// <summary>
/// How far a proof goes: a sample in the suite, everything under <c>./dev soak</c>. What chance decides comes from a seed that is
/// said, so a failure can be had again: <c>VILLAGE_SEED=N ./dev soak NAME</c>.
/// </summary>
internal static class Soak
{
    private static readonly int Scale = Number("VILLAGE_SOAK") ?? 0;

    /// <summary>Whether this is the long form.</summary>
    public static bool IsOn => Scale > 0;

    /// <summary>How often to do something: VILLAGE_SOAK multiplies the long form.</summary>
    public static int Times(int inSuite, int inSoak) => IsOn ? inSoak * Scale : inSuite;

    /// <summary>Runs a proof with that many seeds, or with the one of VILLAGE_SEED.</summary>
    public static async Task WithSeedsAsync(int count, Func<Random, Task> proof)
    {
        var first = Number("VILLAGE_SEED");
        var seeds = first is { } given ? [given] : Enumerable.Range(0, count).Select(_ => Random.Shared.Next(1_000_000)).ToArray();
        foreach (var seed in seeds)
        {
            Say($"seed {seed}");
            await NamedAsync($"VILLAGE_SEED={seed}", () => proof(new Random(seed)));
        }
    }

    /// <summary>Puts what was tried into the message of a failure. With a list, failures go there, so that the rest is tried too.</summary>
    public static async Task NamedAsync(string what, Func<Task> proof, List<Exception>? wrong = null)
    {
        try
        {
            await proof();
        }
        catch (Exception failure)
        {
            var named = new InvalidOperationException($"{what}: {failure.Message}", failure);
            if (wrong is null)
            {
                throw named;
            }

            wrong.Add(named);
        }
    }

    /// <summary>Shown by <c>./dev soak</c> at once, and with a failure.</summary>
    public static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
