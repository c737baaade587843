using System.Diagnostics;
using Village.Errors;

namespace Village.Adapters.Processes;

/// <summary>Tries again what fails for a reason that passes by itself.</summary>
internal static class BackOff
{
    /// <summary>Tries until the result is none that passes, or the patience is used up; returns the last one. No pause outlasts the patience.</summary>
    public static async Task<T> OutlastAsync<T>(Func<TimeSpan, Task<T>> tryOnce, Func<T, bool> passes, TimeSpan patience, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        for (var failures = 1; ; failures++)
        {
            var result = await tryOnce(watch.Elapsed);
            var pause = Transience.Pause(failures, Random.Shared.NextDouble());
            if (!passes(result) || watch.Elapsed + pause > patience)
            {
                return result;
            }

            await Task.Delay(pause, ct);
        }
    }
}
