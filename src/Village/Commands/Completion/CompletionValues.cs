using Village.Hosting;
using Village.Tasks;

namespace Village.Commands.Completion;

/// <summary>What of a village may stand in a place.</summary>
internal static class CompletionValues
{
    // Nobody reads more; whoever looks for one of them types another letter.
    private const int Most = 500;

    /// <summary>The words of a place.</summary>
    public static IEnumerable<Candidate> Of(VillageContext village, CompletionPlace place)
    {
        var beginning = place.Current[place.Head.Length..];
        var found = place.Wanted switch
        {
            Wanted.Label => Labels(village),
            Wanted.Agent => village.Config.AgentNames.Select(name => new Candidate(name)),
            Wanted.WorkedTask => Worked(village, beginning),
            Wanted.OpenTask => Tasks(village, beginning, task => !task.IsClosed),
            Wanted.ClosedTask => Tasks(village, beginning, task => task.IsClosed),
            _ => Tasks(village, beginning, _ => true),
        };
        return place.Head is "" ? found : found.Select(candidate => candidate with { Value = place.Head + candidate.Value });
    }

    private static IEnumerable<Candidate> Tasks(VillageContext village, string beginning, Func<TaskSpec, bool> isWanted) =>
        village.Tasks.Scan(beginning).Where(isWanted).Take(Most).Select(task => new Candidate(task.Id.Value, task.Title));

    private static IEnumerable<Candidate> Worked(VillageContext village, string beginning) =>
        village.Events.Read().Tasks.Values
            .Where(entry => entry.Task.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            .OrderBy(entry => entry.Task, StringComparer.Ordinal)
            .Take(Most)
            .Select(entry => new Candidate(entry.Task, entry.State.Name()));

    private static IEnumerable<Candidate> Labels(VillageContext village) =>
        village.Tasks.ReadAll().SelectMany(task => task.Labels).CountBy(label => label, StringComparer.Ordinal)
            .OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => new Candidate(count.Key, count.Value is 1 ? "1 task" : $"{count.Value} tasks"));
}
