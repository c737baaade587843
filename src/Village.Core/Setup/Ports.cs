using System.Globalization;
using System.Text.RegularExpressions;
using Village.Configuration;

namespace Village.Setup;

/// <summary>A port that every attempt gets for itself, as <c>ports=</c> asks for it: <c>PORT</c> or <c>API_PORT=4000-4999</c>.</summary>
/// <param name="Name">The variable that carries it.</param>
/// <param name="First">The lowest that may be taken.</param>
/// <param name="Last">The highest.</param>
public sealed partial record PortWish(string Name, int First, int Last)
{
    private const int DefaultFirst = 20000;
    private const int DefaultLast = 29999;

    /// <summary>The wishes of a setting's value; null when it is none, or names a variable twice or one of Village's own.</summary>
    public static IReadOnlyList<PortWish>? TryParseAll(string text)
    {
        var parsed = CommandWords.Split(text)?.Select(TryParse).ToList();
        return parsed is null || parsed.Contains(null) || parsed.DistinctBy(wish => wish!.Name).Count() < parsed.Count
            ? null
            : [.. parsed.OfType<PortWish>()];
    }

    private static PortWish? TryParse(string word)
    {
        if (Shape().Match(word) is not { Success: true } match || IsTaken(match.Groups["name"].Value))
        {
            return null;
        }

        var first = match.Groups["first"] is { Success: true } from ? Number(from.Value) : DefaultFirst;
        var last = match.Groups["last"] is { Success: true } to ? Number(to.Value) : match.Groups["first"].Success ? first : DefaultLast;
        return first is >= 1 and <= 65535 && last >= first && last <= 65535 ? new(match.Groups["name"].Value, first, last) : null;
    }

    // What tells the agent where it is, and git where to look.
    private static bool IsTaken(string name) =>
        name is "PATH" or "PWD" or "HOME" || name.StartsWith("VILLAGE_", StringComparison.Ordinal) || name.StartsWith("GIT_", StringComparison.Ordinal);

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex("^(?<name>[A-Za-z_][A-Za-z0-9_]*)(=(?<first>[0-9]{1,5})(-(?<last>[0-9]{1,5}))?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}

/// <summary>A port that a lease holds.</summary>
/// <param name="Name">The variable that carries it.</param>
/// <param name="Number">The port.</param>
public sealed record LeasedPort(string Name, int Number)
{
    /// <summary>Ports as a lease writes them: <c>PORT:20000,API_PORT:4000</c>; null for none.</summary>
    public static string? Format(IReadOnlyList<LeasedPort> ports) =>
        ports is [] ? null : string.Join(',', ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"{port.Name}:{port.Number}")));

    /// <summary>Reads that; null when it is not that.</summary>
    public static IReadOnlyList<LeasedPort>? TryParse(string? text)
    {
        if (text is null)
        {
            return [];
        }

        List<LeasedPort> ports = [];
        foreach (var part in text.Split(','))
        {
            var at = part.IndexOf(':', StringComparison.Ordinal);
            if (at <= 0 || !int.TryParse(part.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
            {
                return null;
            }

            ports.Add(new(part[..at], number));
        }

        return ports;
    }
}

/// <summary>Which ports an attempt gets.</summary>
public static class PortChoice
{
    /// <summary>
    /// One port for each wish: the former one if it can still be had, else the first of the range in no other lease, else the
    /// first that only ended leases name. Or the wish that cannot be met.
    /// </summary>
    /// <param name="wishes">What the agent's set-up asks for.</param>
    /// <param name="former">What the task's last attempt had.</param>
    /// <param name="held">Ports of other leases that are not ended.</param>
    /// <param name="ended">Ports of other leases that are.</param>
    /// <param name="isFree">Whether nothing on this machine has a port now.</param>
    public static (IReadOnlyList<LeasedPort> Ports, PortWish? Unmet) For(
        IReadOnlyList<PortWish> wishes, IReadOnlyList<LeasedPort> former, IReadOnlySet<int> held, IReadOnlySet<int> ended, Func<int, bool> isFree)
    {
        List<LeasedPort> ports = [];
        foreach (var wish in wishes)
        {
            var range = Enumerable.Range(wish.First, wish.Last - wish.First + 1)
                .Where(port => !held.Contains(port) && ports.All(own => own.Number != port));
            var last = former.Where(port => port.Name == wish.Name && range.Contains(port.Number)).Select(port => port.Number);
            var found = last.Concat(range.OrderBy(ended.Contains)).Cast<int?>().FirstOrDefault(port => isFree(port!.Value));
            if (found is not { } number)
            {
                return ([], wish);
            }

            ports.Add(new(wish.Name, number));
        }

        return (ports, null);
    }
}
