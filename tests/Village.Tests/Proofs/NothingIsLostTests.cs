using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>
/// Random sequences of work and of everything that takes work away: each byte that stood in a workspace stays reachable, ignored
/// files are somewhere untouched, and undoing all gives the same trees, refs, locks and states.
/// </summary>
public sealed class NothingIsLostTests
{
    [Theory]
    [InlineData("git", 2, 60)]
    [InlineData("jj", 1, 40)]
    public Task Whatever_is_done_to_workspaces_every_byte_stays_and_undoing_all_gives_the_same(string kind, int inSuite, int inSoak) => Soak.WithSeedsAsync(Soak.Times(inSuite, inSoak), async random =>
    {
        await using var town = await Town.FoundAsync(random, kind);
        for (var step = 0; step < 105; step++)
        {
            await town.StepAsync();
            if (step % 15 is 14)
            {
                await town.UndoingAllGivesTheSameAsync();
                town.NothingIsLost();
            }
        }

        Soak.Say(town.Story);
    });
}
