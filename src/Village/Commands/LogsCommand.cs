using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using Village.Errors;
using Village.Hosting;
using Village.Leases;
using Village.Operations;
using Village.Tasks;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village logs</c>.</summary>
internal static partial class LogsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var task = CommonOptions.Task();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the attempt has ended" };
        var attempt = new Option<string?>("--attempt") { Description = "An earlier attempt; the last one otherwise" };
        var raw = new Option<bool>("--raw") { Description = "As the terminal got it, escape sequences included" };
        var command = new VillageCommand("logs", "Show what the pane of a task showed")
        {
            Examples = ["village logs bd-a3f8", "village logs bd-a3f8 -f", "village logs bd-a3f8 --attempt 1"],
            ExitCodes = ["1  there is no such task or no log of it"],
            Arguments = { task },
            Options = { follow, attempt, raw },
        };
        command.SetAction(async (parse, ct) =>
        {
            var text = parse.GetRequiredValue(task);
            TaskId.Parse(text);
            var wanted = parse.GetValue(attempt) is { } n ? CommonOptions.Count(n, "--attempt") : (int?)null;
            var village = await app.OpenAsync(ct);
            var id = CommonOptions.Find(village, text);
            var number = wanted ?? village.Events.Read().Of(id).Attempt;
            var path = village.LogOf(id, number);
            if (!File.Exists(path))
            {
                throw new VillageException(ErrorKind.NotFound, $"there is no log of '{id}'{(number > 0 ? $", attempt {number}" : "")}", $"village state {id}");
            }

            if (app.Ui.Json)
            {
                app.Ui.Answer(new(id.Value, number, path, Clean(Encoding.UTF8.GetString(Read(path, 0)))), JsonContracts.Shapes.LogReport, _ => { });
                return 0;
            }

            await ShowAsync(app, village, id, path, parse.GetValue(follow), parse.GetValue(raw), ct);
            return 0;
        });
        return command;
    }

    private static async Task ShowAsync(App app, VillageContext village, TaskId id, string path, bool follow, bool raw, CancellationToken ct)
    {
        using var changes = new StateWatch(Path.GetDirectoryName(path)!, village.Leases.Location);
        var decoder = new UTF8Encoding(false).GetDecoder();
        for (long offset = 0; ;)
        {
            // Asked before reading: what was written before the worker ended is then read for sure.
            var alive = village.Leases.Read(id) is { } lease && village.StatusOf(lease, session: null) is LeaseStatus.Active;
            var bytes = Read(path, offset);
            offset += bytes.Length;
            var characters = new char[bytes.Length + 4];
            var text = new string(characters, 0, decoder.GetChars(bytes, characters, flush: !follow || !alive));
            app.Ui.Raw(raw ? text : Clean(text));
            app.Host.Out.Flush();
            if (!follow || !alive)
            {
                return;
            }

            await changes.NextAsync(TimeSpan.FromSeconds(1), ct);
        }
    }

    private static byte[] Read(string path, long offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = offset;
        using var rest = new MemoryStream();
        file.CopyTo(rest);
        return rest.ToArray();
    }

    // Colours and cursor movements go; whatever else could control the terminal is shown instead of obeyed.
    private static string Clean(string text) => Printable.Block(Sequences().Replace(text, "").Replace("\r\n", "\n", StringComparison.Ordinal));

    // CSI "ESC [ … letter", OSC "ESC ] … BEL or ESC \", and the two-character ones.
    [GeneratedRegex("\x1b\\[[0-9;?<>=!]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b[()][0-9A-B]|\x1b[=>78cDEHM]", RegexOptions.CultureInvariant)]
    private static partial Regex Sequences();
}
