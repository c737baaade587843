using System.Globalization;
using System.Text;
using Village.Events;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary>The events of a log as rows, as one JSON document, or as lines of JSON; written while they are read, so a long log needs no memory.</summary>
internal sealed class EventListing(Ui ui, bool asLines)
{
    private static readonly int[] Widths = [19, 9, 8, 6, 0];

    /// <summary>What is there, and of how many lines when they have been read.</summary>
    public void Show(IEnumerable<VillageEvent> events, Func<long> lines)
    {
        var isDocument = ui.Json && !asLines;
        if (isDocument)
        {
            ui.Raw("{\n  \"command\": \"events\",\n  \"version\": 1,\n  \"events\": [");
        }

        var shown = 0L;
        foreach (var e in events)
        {
            if (isDocument)
            {
                ui.Raw(shown is 0 ? "\n    " : ",\n    ");
                ui.Raw(Json(e));
            }
            else
            {
                Row(e, isFirst: shown is 0);
            }

            shown++;
        }

        if (isDocument)
        {
            ui.Raw(string.Create(CultureInfo.InvariantCulture, $"{(shown is 0 ? "" : "\n  ")}],\n  \"total_count\": {lines()},\n  \"filtered_count\": {shown}\n}}\n"));
        }
        else if (shown is 0 && !asLines)
        {
            ui.Line("No events");
        }
    }

    /// <summary>What has come since the last look.</summary>
    public void ShowNew(IEnumerable<VillageEvent> events)
    {
        foreach (var e in events)
        {
            Row(e, isFirst: false);
        }
    }

    private void Row(VillageEvent e, bool isFirst)
    {
        if (ui.Json)
        {
            ui.Raw(Json(e) + "\n");
            return;
        }

        if (isFirst)
        {
            ui.Row(["TIME", "CMD", "TASK", "RESULT", "WHAT"], Widths);
        }

        ui.Row([Ui.Time(e.Ts), e.Cmd, e.Task ?? "-", e.Result ?? "-", What(e)], Widths);
    }

    // Every event with all its fields, foreign ones included: the line itself is the JSON. JSON lets controls above 0x7e stand as they are.
    private static string Json(VillageEvent e) => Encoding.UTF8.GetString(e.Raw.Span).Trim() is var line && line.AsSpan().ContainsAnyInRange('\x7f', '\x9f')
        ? string.Concat(line.Select(c => IsControl(c) ? $"\\u{(int)c:x4}" : $"{c}"))
        : line;

    private static bool IsControl(char c) => c is >= '\x7f' and <= '\x9f';

    private static string What(VillageEvent e) => string.Join(' ', new[]
    {
        e.To is { } to ? $"{e.From?.Name() ?? "?"} → {to.Name()}" : null,
        e.Signal,
        e.Reason,
        e.Message ?? e.Error,
        e.Trash,
    }.OfType<string>());
}
