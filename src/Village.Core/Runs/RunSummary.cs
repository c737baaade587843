using Village.Events;
using Village.Graphs;
using Village.Reports;

namespace Village.Runs;

/// <summary>Makes the answer of <c>report</c> of what was read and seen.</summary>
public static class RunSummary
{
    /// <summary>The report; the logs of its attempts are not in it yet.</summary>
    /// <param name="repository">The name of the repository.</param>
    /// <param name="window">The time that it tells of.</param>
    /// <param name="changes">The changes of state within it, oldest first.</param>
    /// <param name="attempts">The attempts within it.</param>
    /// <param name="picture">All tasks.</param>
    /// <param name="conflicts">Whether their work merges.</param>
    public static RunReport Of(
        string repository, RunWindow window, IReadOnlyList<VillageEvent> changes, IReadOnlyList<Attempt> attempts, TaskPicture picture, RunConflicts conflicts)
    {
        var titles = picture.Nodes.ToDictionary(node => node.Task.Id, node => node.Task.Title);
        var worked = attempts.Select(attempt => attempt.Task.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var graph = GraphReport.For(picture).Only(node => node.Standing is not "closed" || worked.Contains(node.Id));
        var usage = UsageReport.For(changes, "task");
        return new()
        {
            Repository = repository,
            Since = window.Begin,
            SinceWhy = window.Why,
            Until = window.End,
            Totals = Totals(window, attempts, usage.Total),
            Attempts = [.. attempts.Select(attempt => RunAttemptRow.Of(attempt, titles.GetValueOrDefault(attempt.Task), window.End))],
            Nodes = graph.Nodes,
            Edges = graph.Edges,
            Conflicts = conflicts,
            UsageByTask = usage.Rows,
            UsageByAgent = UsageReport.For(changes, "agent").Rows,
        };
    }

    private static RunTotals Totals(RunWindow window, IReadOnlyList<Attempt> attempts, UsageRow usage)
    {
        int Count(params ReadOnlySpan<AttemptOutcome> outcomes)
        {
            var count = 0;
            foreach (var attempt in attempts)
            {
                count += outcomes.Contains(attempt.Outcome) ? 1 : 0;
            }

            return count;
        }

        var spans = attempts.Select(attempt => Span(attempt, window)).ToList();
        return new()
        {
            Attempts = attempts.Count,
            Tasks = attempts.Select(attempt => attempt.Task).Distinct().Count(),
            Completed = Count(AttemptOutcome.Completed),
            Failed = Count(AttemptOutcome.Failed),
            GivenBack = Count(AttemptOutcome.GivenBack),
            BrokenOff = Count(AttemptOutcome.Interrupted, AttemptOutcome.TakenAway, AttemptOutcome.Lost),
            Running = Count(AttemptOutcome.Running, AttemptOutcome.Paused),
            AgentSeconds = Math.Round(attempts.Sum(attempt => attempt.Length(window.End).TotalSeconds), 3),
            WallSeconds = spans is [] ? 0 : Math.Round((spans.Max(span => span.End) - spans.Min(span => span.Begin)).TotalSeconds, 3),
            MostAtOnce = MostAtOnce(spans),
            Usage = usage,
        };
    }

    // The part of an attempt that is within the time.
    private static (DateTimeOffset Begin, DateTimeOffset End) Span(Attempt attempt, RunWindow window)
    {
        var end = attempt.Ended ?? window.End;
        var begin = attempt.Started ?? end;
        begin = begin < window.Begin ? window.Begin : begin;
        return (begin < end ? begin : end, end);
    }

    private static int MostAtOnce(IReadOnlyList<(DateTimeOffset Begin, DateTimeOffset End)> spans)
    {
        var (now, most) = (0, 0);

        // Where one ends as the next begins, they were not at work at once.
        foreach (var step in spans.SelectMany(span => new[] { (At: span.Begin, By: 1), (At: span.End > span.Begin ? span.End : span.End.AddTicks(1), By: -1) }).OrderBy(step => step.At).ThenBy(step => step.By))
        {
            now += step.By;
            most = Math.Max(most, now);
        }

        return most;
    }
}
