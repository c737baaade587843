using System.Globalization;
using Village.Dashboard;
using Village.Terminal;

namespace Village.Commands.Dashboard;

/// <summary>What a frame is drawn of besides the report.</summary>
/// <param name="Width">Columns of the screen.</param>
/// <param name="Height">Rows of it; null where nothing is cut: in a file or a pipe.</param>
/// <param name="Colour">Whether there are colours.</param>
/// <param name="Now">The time that ages are counted to.</param>
/// <param name="Title">The first line.</param>
/// <param name="Load">The system's load, or null.</param>
/// <param name="Message">What has just happened, or null.</param>
/// <param name="IsAlarm">Whether that is a failure or a question.</param>
internal sealed record FrameContext(
    int Width, int? Height, bool Colour, DateTimeOffset Now, string Title, (double One, int Processors)? Load, string? Message, bool IsAlarm);

/// <summary>Draws the list: workers, queue, locks, load, keys. The first of the roadmap's two layouts, and the framed one where there is room.</summary>
internal sealed class DashboardFrame(FrameContext context)
{
    private const string KeysLine = "q quit  r refresh  ↑↓ select  ⏎ attach  l log  p pause  k stop  w why  u undo  ? help";
    private const string FewKeys = "q quit  ↑↓ select  ⏎ attach  l log  w why  ? all keys";
    private const int FramedFrom = 80;
    private const int RoomyFrom = 20;
    private readonly List<string> lines = [];

    private bool IsFramed => context is { Height: >= RoomyFrom, Width: >= FramedFrom };

    private bool IsRoomy => context.Height is null or >= RoomyFrom;

    private int Inner => IsFramed ? context.Width - 4 : context.Width;

    /// <summary>How many rows of the two tables fit on a screen.</summary>
    public static (int Workers, int Queue) Share(int height, int width, DashboardReport report)
    {
        // Title, two headings, columns, locks, load, keys; where there is room a blank line, and a frame with two rules.
        var around = 7 + (height >= RoomyFrom ? (width >= FramedFrom ? 1 + 4 : 1) : 0);
        return Rows.Share(height - around, Math.Max(1, report.Workers.Count), report.Queue.Count);
    }

    /// <summary>The lines of a frame: exactly as many as the screen has rows.</summary>
    public IReadOnlyList<string> Draw(DashboardReport report, Selection selection)
    {
        var (workers, queue) = context.Height is { } height ? Share(height, context.Width, report) : (Math.Max(1, report.Workers.Count), report.Queue.Count);
        var t = report.Totals;
        Edge('┌', '┐');
        Put(New().Add(context.Title, Look.Bold));
        Edge('├', '┤');
        var asking = report.Workers.Count(row => row.NeedsPerson);
        Put(New().Add($"Active Workers ({t.WorkersActive}/{t.MaxWorkers})", Look.Bold)
            .Add(asking is 0 ? "" : $"  {asking} {(asking is 1 ? "needs" : "need")} you", Look.Urgent)
            .Add(Part(report.Workers.Count, workers, selection.Index), Look.Dim)
            .Add(t.TmuxRunning ? "" : $"  session '{t.TmuxSession}' is not running: village up", Look.Red));
        Workers(report.Workers, workers, context.Height is null ? -1 : selection.Index);
        Blank();
        Put(New().Add($"Task Queue ({t.TasksReady} ready, {t.TasksBlocked} blocked{(t.TasksFailed > 0 ? $", {t.TasksFailed} failed" : "")}{(t.TasksPaused > 0 ? $", {t.TasksPaused} paused" : "")})", Look.Bold)
            .Add(Part(report.Queue.Count, queue, selection.Index - report.Workers.Count), Look.Dim));
        Queue(report.Queue, queue, context.Height is null ? -1 : selection.Index - report.Workers.Count);
        Bottom(t);
        return lines;
    }

    /// <summary>A page of text over the whole screen: a log, a reason, the help.</summary>
    public IReadOnlyList<string> Page(string title, IReadOnlyList<string> text, int first)
    {
        var height = context.Height ?? text.Count + 2;
        var body = Math.Max(1, height - 2);
        Put(New(framed: false).Add(title, Look.Bold), framed: false);
        foreach (var line in text.Skip(first).Take(body))
        {
            Put(New(framed: false).Add(line), framed: false);
        }

        while (lines.Count < height - 1)
        {
            lines.Add("");
        }

        var shown = $"{Math.Min(first + 1, text.Count)}-{Math.Min(first + body, text.Count)} of {text.Count}";
        Put(New(framed: false).Add($"q back  ↑↓ scroll  {shown}", Look.Dim), framed: false);
        return lines;
    }

    private void Bottom(DashboardTotals t)
    {
        var tail = context.Height is null ? 2 : IsFramed ? 5 : 3;
        while (context.Height is { } height && lines.Count < height - tail)
        {
            Put(New());
        }

        Put(New().Add($"Lock Status: {t.WorkersActive} ACTIVE, ").Add($"{t.LocksStale} STALE", t.LocksStale > 0 ? Look.Red : Look.Plain)
            .Add($", {t.Orphans} orphans", t.Orphans > 0 ? Look.Yellow : Look.Plain)
            .Add(t.CostUsd > 0 ? string.Create(CultureInfo.InvariantCulture, $"   Cost: ${t.CostUsd:0.00}") : ""));
        Put(New().Add(context.Load is { } load
            ? string.Create(CultureInfo.InvariantCulture, $"System Load: {load.One:0.0} / {load.Processors:0.0} (max workers: {t.MaxWorkers})")
            : $"System Load: unknown (max workers: {t.MaxWorkers})"));
        if (context.Height is null)
        {
            return;
        }

        Edge('├', '┤');
        Put(context.Message is { } message
            ? New().Add(message, context.IsAlarm ? Look.Urgent : Look.Cyan)
            : New().Add(ScreenLine.Cells(KeysLine) <= Inner ? KeysLine : FewKeys, Look.Dim));
        Edge('└', '┘');
    }

    private void Workers(IReadOnlyList<WorkerRow> rows, int room, int selected)
    {
        var table = new WorkerTable(rows, Inner, context.Now);
        Put(table.Head(New()));
        if (rows is [])
        {
            Put(New().Add("  nobody works; start somebody with: village queue 3", Look.Dim));
        }

        foreach (var (row, isSelected) in Shown(rows, room, selected))
        {
            Put(table.Row(New(), row, isSelected));
        }
    }

    private void Queue(IReadOnlyList<QueueRow> rows, int room, int selected)
    {
        var width = Math.Clamp(rows.Select(row => row.Task.Length).DefaultIfEmpty().Max(), 6, 16);
        foreach (var (row, isSelected) in Shown(rows, room, selected))
        {
            var look = row.Mark switch
            {
                "READY" => Look.Green,
                "FAILED" => Look.Red,
                "PAUSED" => Look.Yellow,
                _ => Look.Dim,
            };
            Put(New().Add(isSelected ? ">" : "", Look.Bold, 2).Add(row.Task, isSelected ? Look.Selected : Look.Plain, width).Add(" ")
                .Add($"[{row.Mark}]", look, 10).Add(row.Title).Add(row.Note is null ? "" : $"  ({row.Note})", Look.Dim));
        }
    }

    // Which rows are shown, where that is not all of them.
    private static string Part(int count, int room, int selected)
    {
        var first = Rows.First(count, room, selected < count ? selected : -1);
        return count <= room ? "" : $"  rows {first + 1}-{Math.Min(count, first + room)} of {count}";
    }

    // The rows that fit, with the selected one among them.
    private static IEnumerable<(T Row, bool IsSelected)> Shown<T>(IReadOnlyList<T> rows, int room, int selected)
    {
        var first = Rows.First(rows.Count, room, selected < rows.Count ? selected : -1);
        for (var i = first; i < Math.Min(rows.Count, first + room); i++)
        {
            yield return (rows[i], i == selected);
        }
    }

    private void Blank()
    {
        if (IsRoomy)
        {
            Put(New());
        }
    }

    private ScreenLine New(bool? framed = null) => new((framed ?? IsFramed) ? Inner : context.Width, context.Colour);

    private void Put(ScreenLine line, bool? framed = null) =>
        lines.Add((framed ?? IsFramed) ? $"│ {line.Fill()} │" : line.ToString());

    private void Edge(char left, char right)
    {
        if (IsFramed)
        {
            lines.Add($"{left}{new string('─', context.Width - 2)}{right}");
        }
    }
}
