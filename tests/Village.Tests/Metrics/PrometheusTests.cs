using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Village.Tests.Testing;

namespace Village.Tests.Metrics;

/// <summary>The real Prometheus, promtool and node_exporter read what Village says.</summary>
[Trait("scm", "none")]
public sealed partial class PrometheusTests
{
    private static readonly string Contrib = Path.Combine(SourceRoot.Path, "contrib");
    private static readonly string Promtool = Tool("promtool");

    [Fact]
    public async Task Prometheus_scrapes_answers_with_quantiles_and_evaluates_every_expression_of_the_dashboard()
    {
        await using var village = MeteredVillage.Create(DateTimeOffset.UtcNow);
        var (process, url) = await village.ServeAsync();
        using var serving = process;
        var config = Path.Combine(village.Sandbox, "prometheus.yml");
        File.WriteAllText(config, File.ReadAllText(Path.Combine(Contrib, "prometheus", "prometheus.yml"))
            .Replace("15s", "1s", StringComparison.Ordinal).Replace("127.0.0.1:9464", url.Authority, StringComparison.Ordinal));
        File.Copy(Path.Combine(Contrib, "prometheus", "village.rules.yml"), Path.Combine(village.Sandbox, "village.rules.yml"));
        var port = MeteredVillage.FreePort();
        using var prometheus = village.StartTool(
            Tool("prometheus"), $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(village.Sandbox, "tsdb")}", $"--web.listen-address=127.0.0.1:{port}");
        using var api = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}/api/v1/") };

        await TestVillage.EventuallyAsync(async () => await ValueAsync(api, "village_max_workers") is 4, "Prometheus has scraped");
        Assert.Equal(450, await ValueAsync(api, "histogram_quantile(0.5, sum by (le) (village_task_duration_seconds_bucket))"));
        Assert.Equal(1, await ValueAsync(api, "sum(village_agent_cost_usd_total)"));
        Assert.Equal(9, await ValueAsync(api, "sum(village_tasks_finished_total)"));
        Assert.Equal(500, await ValueAsync(api, "village_average_task_duration_seconds_sum / village_average_task_duration_seconds_count"));
        Assert.NotNull(await ValueAsync(api, "histogram_quantile(0.5, village_task_completion_rate_bucket)"));
        Assert.Equal("", string.Join('\n', await RefusedAsync(api, Expressions())));
        Assert.Equal("", string.Join('\n', Expressions().SelectMany(text => Name().Matches(text)).Select(match => match.Value).Distinct().Except(await NamesAsync(api))));
        prometheus.Kill();
        process.Kill();
    }

    [Fact]
    public async Task Promtool_finds_nothing_but_the_roadmaps_name_that_ends_in_count()
    {
        await using var village = MeteredVillage.Create(DateTimeOffset.UtcNow);
        var file = Path.Combine(village.Sandbox, "village.prom");
        (await village.RunAsync("metrics", "--output", file)).Succeed();

        var all = village.TryTool("sh", "-c", $"'{Promtool}' check metrics < '{file}'");
        var usual = village.TryTool("sh", "-c", $"grep -v village_orphans_count '{file}' | '{Promtool}' check metrics");

        Assert.Equal((3, "village_orphans_count non-histogram and non-summary metrics should not have \"_count\" suffix\n"), (all.Exit, all.Error));
        Assert.Equal((0, "", ""), usual);
    }

    [Fact]
    public async Task The_rules_are_right_and_fire_when_they_should()
    {
        await using var village = TestVillage.Create("repo", kind: null);

        Assert.All(
            new string[][] { ["check", "rules", "village.rules.yml"], ["check", "config", "prometheus.yml"], ["test", "rules", "village.rules.test.yml"] },
            words => Assert.True(village.TryTool("env", ["-C", Path.Combine(Contrib, "prometheus"), Promtool, .. words]) is (0, _, _) and var done, string.Join(' ', words)));
    }

    [Fact]
    public async Task Node_exporter_reads_the_file()
    {
        await using var village = MeteredVillage.Create(DateTimeOffset.UtcNow);
        var directory = Directory.CreateDirectory(Path.Combine(village.Sandbox, "textfiles")).FullName;
        (await village.RunAsync("metrics", "--output", Path.Combine(directory, "village.prom"))).Succeed();
        var port = MeteredVillage.FreePort();
        using var exporter = village.StartTool(
            Tool("prometheus-node-exporter"), "--collector.disable-defaults", "--collector.textfile", $"--collector.textfile.directory={directory}", $"--web.listen-address=127.0.0.1:{port}");
        using var api = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}/") };
        var text = "";

        await TestVillage.EventuallyAsync(
            async () => (text = await TryGetAsync(api, "metrics") ?? "").Contains("node_textfile_scrape_error 0", StringComparison.Ordinal), "node_exporter has read the file");

        Assert.Contains("\nvillage_tasks_finished_total{agent=\"build\",result=\"completed\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("\nvillage_task_duration_seconds_bucket{agent=\"docs\",result=\"failed\",le=\"300\"} 1\n", text, StringComparison.Ordinal);
        exporter.Kill();
    }

    private static string Tool(string name) => Path.Combine(MeteredVillage.Tools, "bin", name);

    private static IReadOnlyList<string> Expressions()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Contrib, "grafana", "village.json")));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)];
    }

    private static async Task<IReadOnlyList<string>> RefusedAsync(HttpClient api, IReadOnlyList<string> expressions)
    {
        Assert.True(expressions.Count > 10);
        List<string> refused = [];
        foreach (var expression in expressions)
        {
            using var answer = await api.GetAsync($"query?query={Uri.EscapeDataString(expression)}");
            refused.AddRange(answer.IsSuccessStatusCode ? [] : [$"{expression}: {await answer.Content.ReadAsStringAsync()}"]);
        }

        return refused;
    }

    // What was scraped, and what histograms are made of.
    private static async Task<IReadOnlyList<string>> NamesAsync(HttpClient api)
    {
        using var names = JsonDocument.Parse((await TryGetAsync(api, "label/__name__/values"))!);
        return [.. names.RootElement.GetProperty("data").EnumerateArray().Select(name => name.GetString()!)];
    }

    private static async Task<double?> ValueAsync(HttpClient api, string expression)
    {
        if (await TryGetAsync(api, $"query?query={Uri.EscapeDataString(expression)}") is not { } text)
        {
            return null;
        }

        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.GetProperty("data").GetProperty("result") is var result && result.GetArrayLength() is 0 ? null
            : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    private static async Task<string?> TryGetAsync(HttpClient api, string path)
    {
        try
        {
            return await api.GetStringAsync(path);
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return null;
        }
    }

    [GeneratedRegex("village_[a-z_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
