using Village.Adapters.Processes;
using Village.Configuration;
using Village.Errors;
using Village.Hosting;
using Village.Platform;
using Village.Storage;

namespace Village.Operations;

/// <summary>Lets an agent run once, alone, where its first runs would disturb each other: several workers often start at once.</summary>
internal static class FirstRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Does so if it has not happened in this home directory. What goes wrong is for the real run to tell.</summary>
    public static async Task EnsureAsync(
        VillageContext village, AgentConfig agent, IReadOnlyDictionary<string, string> environment, string directory, CancellationToken ct)
    {
        if (agent.Preset.FirstRun(environment) is not var (marker, words) || File.Exists(marker) || !environment.TryGetValue("HOME", out var home))
        {
            return;
        }

        try
        {
            var place = Path.Combine(environment.GetValueOrDefault("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(home, ".cache"), "village");
            DurableFile.MakeDirectory(place, Durability.Relaxed);
            using var alone = Guard.Take(Path.Combine(place, $"first-run-{agent.Preset.Name}.lock"), Patience);
            if (!File.Exists(marker))
            {
                var (process, _) = await AgentProcess.StartAsync([.. agent.ProgramWords(agent.Preset), .. words], directory, "/dev/null", output: 2, environment, ct);
                if (process is not null && await Task.WhenAny(process.End, Task.Delay(Patience, ct)) != process.End)
                {
                    _ = Libc.Kill(process.Id, Libc.SigKill);
                }
            }
        }
        catch (Exception failure) when (failure is VillageException or IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written to: the agent will say so itself.
        }
    }
}
