using System.Diagnostics;
using System.Globalization;

namespace Village.Tests.Testing;

/// <summary>
/// Runs <c>village</c> so that a chosen one of its processes is killed just before its Nth step on files or processes; see
/// <c>die-at.c</c>, which is built at its first use.
/// </summary>
internal static class DieAt
{
    private static readonly Lazy<string> Program = new(Build);

    extension(TestVillage village)
    {
        /// <summary>
        /// Starts <c>village ARGS</c> under the tracer, which lives until the first <c>village VICTIM</c> that comes of it has ended.
        /// With step 0 nobody is killed.
        /// </summary>
        public Process StartDying(int step, string victim, params string[] args)
        {
            var start = new ProcessStartInfo(
                Program.Value,
                [step.ToString(CultureInfo.InvariantCulture), village.StepsPath, village.Sandbox + "/", Path.GetFullPath(TestVillage.Binary), victim, "--", TestVillage.Binary, .. args])
            {
                WorkingDirectory = village.Root,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment.Clear();
            foreach (var (name, value) in village.Environment)
            {
                start.Environment[name] = value;
            }

            return Process.Start(start)!;
        }

        /// <summary>The steps of the last such run, each in words; the last one is where it was killed.</summary>
        public IReadOnlyList<string> Steps() => File.ReadAllLines(village.StepsPath);

        private string StepsPath => Path.Combine(village.Sandbox, "steps");
    }

    /// <summary>Waits for a traced process: whether it was killed. It must have run at all.</summary>
    public static async Task<bool> WasKilledAsync(this Process tracer)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        tracer.StandardInput.Close();
        await tracer.WaitForExitAsync(deadline.Token);
        Assert.True(tracer.ExitCode is not (125 or 126), $"the tracer failed with {tracer.ExitCode}: {await tracer.StandardError.ReadToEndAsync()}");
        return tracer.ExitCode is 137;
    }

    private static string Build()
    {
        var source = Path.Combine(SourceRoot.Path, "tests", "Village.Tests", "Testing", "die-at.c");
        var built = Path.Combine(Directory.CreateDirectory(Path.Combine(SourceRoot.Path, "artifacts", "tools")).FullName, "die-at");
        if (!File.Exists(built) || File.GetLastWriteTimeUtc(built) < File.GetLastWriteTimeUtc(source))
        {
            using var compiler = Process.Start("/bin/sh", ["-c", "$(command -v cc || command -v clang || echo gcc) -O1 -Wall -Werror -o \"$1.$$\" \"$0\" && mv \"$1.$$\" \"$1\"", source, built]);
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }

        return built;
    }
}
