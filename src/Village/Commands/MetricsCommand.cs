using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Village.Configuration;
using Village.Errors;
using Village.Hosting;
using Village.Metrics;
using Village.Operations;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village metrics</c>.</summary>
internal static class MetricsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var export = new Argument<string?>("export") { Description = "The word export may stand here, and changes nothing", Arity = ArgumentArity.ZeroOrOne };
        export.AcceptOnlyFromAmong("export");
        var backend = new Option<string?>("--backend") { Description = "Who gets them: prometheus, statsd or custom; else what [metrics] says" };
        var serve = new Option<bool>("--serve") { Description = "Go on until Ctrl-C: let Prometheus fetch them by HTTP, or send or write them every interval" };
        var port = new Option<string?>("--port") { Description = "The port to listen on, 0 for any free one; with statsd the server's port" };
        var interval = new Option<string?>("--interval") { Description = "Send or write them every so often: 60, 30s, 5m" };
        var output = new Option<string?>("--output", "-o") { Description = "Write Prometheus' text to this file, for the textfile collector of node_exporter" };
        var once = new Option<bool>("--once") { Description = "Only once, which is usual without --serve and --interval" };
        var command = new VillageCommand("metrics", "Show or export the numbers of the village: for Prometheus, StatsD or a command of your own")
        {
            Examples =
            [
                "village metrics",
                "village metrics --serve --port 9464",
                "village metrics --output /var/lib/prometheus/node-exporter/village.prom --interval 60",
                "village metrics --backend statsd --once",
                "village metrics --json | jq '.metrics[] | select(.name == \"village_queue_length\").samples[0].value'",
            ],
            ExitCodes = ["2  the port is taken"],
            Arguments = { export },
            Options = { backend, serve, port, interval, output, once },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            Set(village, MetricsSettings.Backend, parse.GetValue(backend), "--backend");
            Set(village, village.Config.Metrics.Backend is "statsd" ? MetricsSettings.StatsdPort : MetricsSettings.Port, parse.GetValue(port), "--port");
            Set(village, MetricsSettings.ExportInterval, Seconds(parse.GetValue(interval)), "--interval");
            var file = parse.GetValue(output) is { } path ? Path.GetFullPath(path, app.Host.WorkingDirectory) : null;
            var goesOn = parse.GetValue(serve) || (parse.GetValue(interval) is not null && !parse.GetValue(once));
            Check(village.Config.Metrics, file, goesOn, parse.GetValue(serve), parse.GetValue(once));
            var metrics = new ExportMetrics(village, file, report => JsonSerializer.Serialize(report, JsonContracts.Shapes.MetricsReport));
            if (goesOn)
            {
                await GoOnAsync(app, metrics, byHttp: village.Config.Metrics.Backend is "prometheus" && file is null, ct);
                return 0;
            }

            var (report, all, done) = await metrics.OnceAsync(ct);
            app.Ui.Answer(report, JsonContracts.Shapes.MetricsReport, _ => app.Ui.Raw(done is null ? PrometheusText.Format(all) : done + "\n"));
            return 0;
        });
        return command;
    }

    // Ctrl-C, and the TERM of a service manager, are how this ends.
    private static async Task GoOnAsync(App app, ExportMetrics metrics, bool byHttp, CancellationToken ct)
    {
        try
        {
            await (byHttp ? metrics.ServeAsync(app.Ui.Say, ct) : metrics.RepeatAsync(app.Ui.Warn, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private static void Set(VillageContext village, Setting setting, string? value, string flag)
    {
        if (value is not null)
        {
            village.Config.With(setting, value, flag);
        }
    }

    private static string? Seconds(string? text) =>
        text is not null && Duration.Parse(text) is { } span ? ((long)span.TotalSeconds).ToString(CultureInfo.InvariantCulture) : text;

    private static void Check(MetricsConfig config, string? file, bool goesOn, bool serve, bool once)
    {
        if (serve && once)
        {
            throw new VillageException(ErrorKind.UserInput, "--serve goes on, and --once does not", "leave one of them out");
        }

        if (file is not null && config.Backend is not "prometheus")
        {
            throw new VillageException(ErrorKind.UserInput, $"--output writes Prometheus' text, and the backend is {config.Backend}", $"village metrics --backend prometheus --output {Path.GetFileName(file)}");
        }

        if (config.Backend is "prometheus" && file is null && goesOn && !serve)
        {
            throw new VillageException(ErrorKind.UserInput, "--interval says how often to send or to write, and Prometheus asks by itself", "village metrics --serve, or add --output FILE");
        }

        if (config is { Backend: "custom", Command: [] })
        {
            throw new VillageException(ErrorKind.Config, "the backend is custom, and no command is set", "put command=… below [metrics] in .village/config");
        }
    }
}
