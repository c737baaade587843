using System.CommandLine;
using Village.Errors;
using Village.Hosting;

namespace Village.Commands.Completion;

/// <summary><c>village complete -- WORDS</c>, which the scripts of <c>village completion</c> call. Never fails: there is nobody to tell.</summary>
internal static class CompleteCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var words = new Argument<string[]>("words") { Description = "What stands behind 'village'; the last word is the one to complete", Arity = ArgumentArity.ZeroOrMore };
        var command = new VillageCommand("complete", "List what may stand in a place of a command line")
        {
            Examples = ["village complete -- task close bd-"],
            Arguments = { words },
        };
        command.Hidden = true;
        command.SetAction(async (parse, ct) =>
        {
            var place = CompletionPlace.Of(parse.RootCommandResult.Command, parse.GetValue(words) ?? []);
            IEnumerable<Candidate> known = [];
            if (place.Wanted is not Wanted.Nothing)
            {
                try
                {
                    known = CompletionValues.Of(await app.OpenWithTasksAsync(ct), place).ToList();
                }
                catch (Exception failure) when (failure is VillageException or IOException or UnauthorizedAccessException)
                {
                    // No village here, or a broken one: what the words themselves say is left.
                }
            }

            foreach (var (value, about) in place.Fixed.Concat(known).Where(candidate => place.Fits(candidate.Value)))
            {
                app.Ui.Raw(about is "" ? $"{value}\n" : $"{value}\t{Printable.Line(about)}\n");
            }

            return 0;
        });
        return command;
    }
}

/// <summary>A word that may stand in a place.</summary>
/// <param name="Value">The word.</param>
/// <param name="About">What is said of it, or empty.</param>
internal sealed record Candidate(string Value, string About = "");
