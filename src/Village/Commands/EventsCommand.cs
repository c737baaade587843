using System.CommandLine;
using System.Text;
using System.Text.Json;
using Village.Events;
using Village.Hosting;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village events</c>.</summary>
internal static class EventsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = new Option<string?>("--task") { Description = "Only events of this task" };
        var limit = new Option<string?>("--limit") { Description = "Only the last N events" };
        var command = new VillageCommand("events", "Show what happened, from .village/events.log")
        {
            Examples = ["village events --limit 20", "village events --task bd-a3f8 --json | jq '.events[].reason'"],
            Options = { task, limit },
        };
        command.SetAction(async (parse, ct) =>
        {
            var wanted = parse.GetValue(task) is { } text ? TaskId.Parse(text) : (TaskId?)null;
            var most = parse.GetValue(limit) is { } count ? CommonOptions.Count(count, "--limit") : int.MaxValue;
            var village = await app.OpenAsync(ct);
            var events = village.Events.All().Where(e => wanted is not { } id || id.Value.Equals(e.Task, StringComparison.OrdinalIgnoreCase));
            IReadOnlyList<VillageEvent> shown = [.. most is int.MaxValue ? events : events.TakeLast(most)];
            if (app.Ui.Json)
            {
                app.Ui.Raw(Document(shown));
            }
            else
            {
                Text(app.Ui, shown);
            }

            return 0;
        });
        return command;
    }

    // Every event with all its fields, foreign ones included: the line itself is the JSON.
    private static string Document(IReadOnlyList<VillageEvent> events)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("command", "events");
            json.WriteNumber("version", 1);
            json.WriteStartArray("events");
            foreach (var e in events)
            {
                json.WriteRawValue(e.Raw.Span);
            }

            json.WriteEndArray();
            json.WriteNumber("total_count", events.Count);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void Text(Ui ui, IReadOnlyList<VillageEvent> events)
    {
        if (events is [])
        {
            ui.Line("No events");
            return;
        }

        ui.Table(["TIME", "CMD", "TASK", "RESULT", "WHAT"], events.Select(IReadOnlyList<Cell> (e) =>
        [
            e.Ts.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
            e.Cmd,
            e.Task ?? "-",
            e.Result ?? "-",
            What(e),
        ]));
    }

    private static string What(VillageEvent e) => string.Join(' ', new[]
    {
        e.To is { } to ? $"{e.From?.Name() ?? "?"} → {to.Name()}" : null,
        e.Signal,
        e.Reason,
        e.Message ?? e.Error,
        e.Trash,
    }.OfType<string>());
}
