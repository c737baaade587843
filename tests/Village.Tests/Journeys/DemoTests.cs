using System.Diagnostics;
using Village.Tests.Testing;

namespace Village.Tests.Journeys;

/// <summary>The README's first command, as a newcomer types it: it must end well by itself and leave nothing running.</summary>
[Trait("scm", "none")]
public sealed class DemoTests
{
    [Theory]
    [InlineData("scripted")]
    [InlineData("opencode")]
    public async Task The_demo_takes_six_tasks_to_committed_and_checked_work(string agent)
    {
        var place = Directory.CreateTempSubdirectory("d-").FullName;
        try
        {
            var start = new ProcessStartInfo(Path.Combine(SourceRoot.Path, "scripts", "demo"), ["--agent", agent])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            };
            start.Environment["VILLAGE_BIN"] = TestVillage.Binary;
            start.Environment["TMPDIR"] = place;
            using var demo = Process.Start(start)!;
            demo.StandardInput.Close();
            var (stdout, stderr) = (demo.StandardOutput.ReadToEndAsync(), demo.StandardError.ReadToEndAsync());
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            await demo.WaitForExitAsync(deadline.Token);

            var text = await stdout + await stderr;
            Assert.True(demo.ExitCode is 0, text);
            Assert.Equal(6, text.Split('\n').Count(line => line.Contains(" completed  ", StringComparison.Ordinal) && line.Contains("  passed  ", StringComparison.Ordinal)));
            Assert.Contains("What to type next", text, StringComparison.Ordinal);
            Assert.Empty(ProcessesIn(place));
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    private static IEnumerable<string> ProcessesIn(string place) =>
        from directory in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(directory), out _)
        let environment = Read(Path.Combine(directory, "environ"))
        where environment.Contains($"HOME={place}", StringComparison.Ordinal)
        select Read(Path.Combine(directory, "cmdline")).Replace('\0', ' ');

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
