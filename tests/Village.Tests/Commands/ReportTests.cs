using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village report</c>: as text, as JSON and as a page in a real browser.</summary>
public sealed class ReportTests
{
    private const string Hostile = "</script><script>document.title='pwned'</script> \u001b[31m \"q\" 'a' 日本語 \u202e";

    [Fact]
    public async Task A_run_is_told_in_short_in_full_and_as_a_page()
    {
        await using var village = await WorkedAsync();
        var text = (await village.RunAsync("report")).Succeed().Out;
        Assert.Contains("3 attempts at 3 tasks: 2 completed, 1 failed", text, StringComparison.Ordinal);
        Assert.Contains("at most 1 at once; $0.25, 1,000 tokens in, 50 out", text, StringComparison.Ordinal);
        Assert.Matches("checks_failed", text);
        Assert.DoesNotContain('\u001b', text);

        var report = (await village.RunAsync("report", "--json")).Succeed().Json();
        Assert.Equal("up", Asking.Text(report, "since_why"));
        Assert.Equal(["completed", "failed", "completed"], report.GetProperty("attempts").EnumerateArray().Select(row => Asking.Text(row, "outcome")));
        var failed = report.GetProperty("attempts")[1];
        var log = failed.GetProperty("log").EnumerateArray().Select(line => line.GetString()!).ToList();
        Assert.Equal((20, "…and the last line</pre><script>x</script>"), (log.Count, log.Single(line => line.Contains("last", StringComparison.Ordinal))));

        // The last one has begun with the work of the first.
        Assert.Equal([0, 1, 1], report.GetProperty("conflicts").GetProperty("pairs").EnumerateArray().Select(pair => pair.GetProperty("conflicts").GetArrayLength()).Order());
        Assert.Equal(3, report.GetProperty("nodes").GetArrayLength());
        Assert.False((await village.RunAsync("report", "--json", "--no-logs")).Succeed().Json().GetProperty("attempts")[1].TryGetProperty("log", out var none) && none.ValueKind is System.Text.Json.JsonValueKind.Array);
        Assert.StartsWith("Nothing was worked on", (await village.RunAsync("report", "--since", "2200-01-01")).Succeed().Out.Split('\n')[1], StringComparison.Ordinal);

        Assert.Equal("3 attempts at 3 tasks: 2 completed, 1 failed; the page is run.html\n", (await village.RunAsync("report", "--html", "run.html")).Succeed().Out);
        var page = Path.Combine(village.Root, "run.html");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(page));
        (await village.RunAsync("report", "--html", "run.html")).Succeed();
        Assert.StartsWith("<!DOCTYPE html>\n", (await village.RunAsync("report", "--html", "-")).Succeed().Out, StringComparison.Ordinal);
        foreach (var (target, exit) in ((string, int)[])[("README", 3), (Path.Combine(village.State, "x.html"), 5), ("no/such/x.html", 5), ("/dev/null", 5), (village.Root, 5)])
        {
            var before = village.Fingerprint();
            (await village.RunAsync("report", "--html", target)).ExitsWith(exit);
            Assert.Equal(before, village.Fingerprint());
        }
    }

    [Fact, Trait("scm", "none")]
    public async Task A_browser_shows_the_page_in_light_and_dark_and_obeys_nothing_in_it()
    {
        await using var village = await WorkedAsync();
        (await village.RunAsync("report", "--html", "run.html")).Succeed();
        var (browser, page) = (new Browser(village), Path.Combine(village.Root, "run.html"));

        // Here scripts may run.
        var document = browser.Document(page);
        Assert.DoesNotContain("<script", document, StringComparison.Ordinal);
        Assert.DoesNotContain("pwned</title>", document, StringComparison.Ordinal);
        Assert.Contains("&lt;/script&gt;&lt;script&gt;document.title='pwned'&lt;/script&gt; \\x1b[31m", document, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href|action)=\"[^#]|url\\([^#]|@import", File.ReadAllText(page));

        foreach (var (width, isDark, background, completed, failed) in ((int, bool, int, int, int)[])
            [(1200, false, 0xffffff, 0x2e9e5b, 0xd1383d), (1200, true, 0x14171a, 0x3fb56d, 0xef5b5f), (400, false, 0xffffff, 0x2e9e5b, 0xd1383d), (400, true, 0x14171a, 0x3fb56d, 0xef5b5f)])
        {
            var picture = browser.Look(page, width, 3000, isDark);

            // Bars of what was completed and of what failed; nothing stands out at the right edge.
            Assert.Equal((width, 3000, background), (picture.Width, picture.Height, picture.At(2, 2)));
            Assert.True(picture.Count(background) > width * 3000 / 2, $"the page is {(isDark ? "dark" : "light")}");
            Assert.True(picture.Count(completed) > 200, $"completed at {width}, dark {isDark}: {picture.Count(completed)}");
            Assert.True(picture.Count(failed) > 200, $"failed at {width}, dark {isDark}: {picture.Count(failed)}");
            Assert.All(Enumerable.Range(0, picture.Height), y => Assert.Equal(background, picture.At(width - 3, y)));
        }
    }

    [Fact, Trait("scm", "none")]
    public async Task A_village_in_which_nothing_was_done_has_a_page_too()
    {
        await using var village = await TestVillage.UpAsync();
        (await village.RunAsync("report", "--html", "run.html")).Succeed();

        var document = new Browser(village).Document(Path.Combine(village.Root, "run.html"));

        Assert.Contains("<p>Nothing was worked on.</p>", document, StringComparison.Ordinal);
        Assert.Contains("<p>There are no open tasks.</p>", document, StringComparison.Ordinal);
    }

    // One that is done, one whose check fails, one that waited for the first and touches the same file.
    private static async Task<TestVillage> WorkedAsync()
    {
        var village = await TestVillage.UpAsync(
            """
            sleep 0.2; echo $VILLAGE_TASK > same.txt
            if [ -e "$HOME/$VILLAGE_TASK" ]; then i=0; while [ $i -lt 60 ]; do echo "line $i"; i=$((i+1)); done; printf '…and the last \033[1mline</pre><script>x</script>\n'; touch bad; fi
            """,
            "MAX_WORKERS=1\nCHECK=test ! -e bad");
        var first = await village.AddAsync(Hostile);
        var breaks = await village.AddAsync("Breaks");
        await village.AddAsync("Last", "--depends-on", first);
        File.WriteAllText(Path.Combine(village.Home, breaks), "");
        (await village.RunAsync("queue", "--drain")).ExitsWith(4);
        File.AppendAllText(
            Path.Combine(village.State, "events.log"),
            $$"""{"ts":"{{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ}}","cmd":"worker","task":"{{first}}","from":"completed","to":"completed","agent":"build","input_tokens":1000,"output_tokens":50,"cost_usd":0.25}""" + "\n");
        return village;
    }
}
