using System.Globalization;

namespace Village.Operations;

/// <summary>How busy the machine is.</summary>
internal static class SystemLoad
{
    /// <summary>The average of the last minute beside the number of processors; null where the kernel does not say.</summary>
    public static (double One, int Processors)? Read(int processors)
    {
        try
        {
            // "0.42 0.31 0.25 1/423 9182".
            var first = File.ReadAllText("/proc/loadavg").Split(' ')[0];
            return double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? (load, processors) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
