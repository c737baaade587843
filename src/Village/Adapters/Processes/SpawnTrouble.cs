using System.ComponentModel;
using Village.Platform;

namespace Village.Adapters.Processes;

/// <summary>Starts that fail at this moment and may not in the next. Nothing has run yet then, so every program may be started again.</summary>
internal static class SpawnTrouble
{
    /// <summary>What a person can do about it.</summary>
    public const string Hint = "wait for what is being installed or is running to end, then try again";

    /// <summary>Whether an error of the kernel passes: the program's file is being written, or there are too many processes just now.</summary>
    public static bool Passes(int error) => error is Libc.TextBusy or Libc.Again or Libc.NoMemory;

    /// <summary>The error in words.</summary>
    public static string Words(int error) => new Win32Exception(error).Message;

    /// <summary>Starts, again and again with back-off while the error is one that passes; returns the last error, 0 for none.</summary>
    public static Task<int> OutlastAsync(Func<int> start, TimeSpan patience, CancellationToken ct) =>
        BackOff.OutlastAsync(_ => Task.FromResult(start()), Passes, patience, ct);
}
