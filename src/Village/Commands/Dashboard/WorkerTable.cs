using System.Globalization;
using Village.Dashboard;
using Village.Terminal;

namespace Village.Commands.Dashboard;

/// <summary>The table of workers: the roadmap's columns, and as many more as fit.</summary>
internal sealed class WorkerTable
{
    private const int Marker = 2;

    // In the order of the screen; the rank says who stays when there is little room.
    private static readonly (string Head, Column Room, Func<WorkerRow, DateTimeOffset, string> Text)[] All =
    [
        ("TASK_ID", new(0, 8, 12, 0, IsExtra: false), (row, _) => row.Task),
        ("STATUS", new(1, 7, 7, 0, IsExtra: false), (row, _) => row.Status),
        ("AGENT", new(3, 6, 10, 0, IsExtra: false), (row, _) => row.Agent ?? "-"),
        ("PANE", new(4, 4, 4, 0, IsExtra: false), (row, _) => row.PaneId ?? "-"),
        ("WINDOW", new(5, 8, 16, 0, IsExtra: false), (row, _) => row.Window ?? "-"),
        ("DOES", new(2, 7, 24, 0, IsExtra: false), (row, _) => Does(row)),
        ("AGE", new(6, 5, 5, 0, IsExtra: true), (row, now) => Age(now - row.ClaimedAt)),
        ("TRY", new(7, 3, 3, 0, IsExtra: true), (row, _) => row.Attempt?.ToString(CultureInfo.InvariantCulture) ?? "-"),
        ("FILES", new(8, 5, 5, 0, IsExtra: true), (row, _) => row.FilesChanged?.ToString(CultureInfo.InvariantCulture) ?? "-"),
        ("CONFLICTS", new(9, 9, 9, 0, IsExtra: true), (row, _) => row.ConflictsWith is [] ? "-" : string.Join(' ', row.ConflictsWith)),
        ("COST", new(10, 6, 6, 0, IsExtra: true), (row, _) => row.CostUsd is { } usd ? string.Create(CultureInfo.InvariantCulture, $"${usd:0.00}") : "-"),
        ("TITLE", new(11, 10, 20, 0, IsExtra: true), (row, _) => row.Title ?? ""),
    ];

    private readonly DateTimeOffset now;
    private readonly IReadOnlyList<int> widths;

    /// <summary>The table for some rows.</summary>
    public WorkerTable(IReadOnlyList<WorkerRow> rows, int width, DateTimeOffset now)
    {
        this.now = now;
        widths = Columns.Fit(
            [.. All.Select(column => column.Room with { Full = Math.Max(column.Head.Length, rows.Select(row => ScreenLine.Cells(column.Text(row, now))).DefaultIfEmpty().Max()) })],
            width - Marker);
    }

    /// <summary>An age as people say it: <c>5s</c>, <c>3m</c>, <c>2h</c>, <c>4d</c>; <c>-</c> for none.</summary>
    public static string Age(TimeSpan? age) => age switch
    {
        null => "-",
        { TotalSeconds: < 60 } a => $"{Math.Max(0, (int)a.TotalSeconds)}s",
        { TotalMinutes: < 60 } a => $"{(int)a.TotalMinutes}m",
        { TotalHours: < 48 } a => $"{(int)a.TotalHours}h{a.Minutes:00}",
        { } a => $"{(int)a.TotalDays}d",
    };

    /// <summary>The line with the names of the columns.</summary>
    public ScreenLine Head(ScreenLine line)
    {
        line.Add("", cells: Marker);
        foreach (var (i, column) in All.Index().Where(column => widths[column.Index] > 0))
        {
            line.Add(column.Head, Look.Dim, widths[i]).Add("  ");
        }

        return line;
    }

    /// <summary>The line of a worker.</summary>
    public ScreenLine Row(ScreenLine line, WorkerRow row, bool isSelected)
    {
        line.Add(isSelected ? ">" : "", Look.Bold, Marker);
        foreach (var (i, column) in All.Index().Where(column => widths[column.Index] > 0))
        {
            line.Add(column.Text(row, now), LookOf(row, column.Head, isSelected), widths[i]).Add("  ");
        }

        return line;
    }

    private static string Does(WorkerRow row) =>
        row.State is "paused" ? "paused" : row.Signal is null ? row.SignalMessage ?? row.State ?? "-" : row.SignalMessage is { Length: > 0 } message ? $"{row.Signal}: {message}" : row.Signal;

    private static string LookOf(WorkerRow row, string column, bool isSelected) => (column, row) switch
    {
        ("TASK_ID", _) when isSelected => Look.Selected,
        ("DOES", { NeedsPerson: true }) => Look.Urgent,
        ("STATUS", { Status: "ACTIVE" }) => Look.Green,
        ("STATUS", { Status: "STALE" or "CORRUPT" }) => Look.Red,
        ("STATUS", { Status: "PARKED" or "UNKNOWN" }) => Look.Yellow,
        ("CONFLICTS", { ConflictsWith: not [] }) => Look.Red,
        _ => Look.Plain,
    };
}
