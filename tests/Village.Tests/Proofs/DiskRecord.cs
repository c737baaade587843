using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>One thing that was done to a disk.</summary>
/// <param name="Call">The system call: <c>create</c>, <c>write</c>, <c>fsync</c>, <c>rename</c>, <c>unlink</c>, <c>mkdir</c>.</param>
/// <param name="Path">What it was done to.</param>
/// <param name="Target">Where it was renamed to.</param>
/// <param name="Bytes">What was written.</param>
internal sealed record DiskStep(string Call, string Path, string Target, byte[] Bytes);

/// <summary>What a script and all that it started did to the disk, in its order, as strace saw it.</summary>
internal static partial class DiskRecord
{
    private const string Calls = "trace=open,openat,write,fsync,rename,renameat,renameat2,unlink,unlinkat,mkdir";

    /// <summary>Runs a shell script in a village, and waits until everything that it started has ended.</summary>
    public static IReadOnlyList<DiskStep> Of(TestVillage village, string script)
    {
        var trace = Path.Combine(village.Sandbox, "trace");
        village.Tool("strace", "-f", "-y", "-qq", "-xx", "-s", "10000000", "--seccomp-bpf", "-e", Calls, "-e", "signal=none", "-o", trace, "sh", "-euc", script);
        return [.. Whole(File.ReadLines(trace)).Select(Step).OfType<DiskStep>()];
    }

    // "12 fsync(3<path> <unfinished ...>", then "12 <... fsync resumed>) = 0": one call, at the place of its end.
    private static IEnumerable<string> Whole(IEnumerable<string> lines)
    {
        Dictionary<string, string> begun = [];
        foreach (var line in lines)
        {
            var (process, call) = line.Split(' ', 2) is [var id, var rest] ? (id, rest.TrimStart()) : ("", line);
            if (call.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                begun[process] = call[..^"<unfinished ...>".Length];
            }
            else if (Resumed().Match(call) is { Success: true } end)
            {
                yield return begun[process] + call[end.Length..];
            }
            else
            {
                yield return call;
            }
        }
    }

    // What failed, and what was only read, did nothing.
    private static DiskStep? Step(string line)
    {
        var result = line.LastIndexOf(" = ", StringComparison.Ordinal);
        if (result < 0 || line[result + 3] is '-')
        {
            return null;
        }

        var call = line[..line.IndexOf('(', StringComparison.Ordinal)];
        var strings = Quoted().Matches(line[..result]).Select(m => Bytes(m.Groups[1].Value)).ToList();
        string Text(int n) => Encoding.UTF8.GetString(strings[n]);
        string Descriptor(string text) => Encoding.UTF8.GetString(Bytes(Opened().Match(text).Groups[1].Value));
        return call switch
        {
            "open" or "openat" when line.Contains("O_CREAT", StringComparison.Ordinal) => new("create", Descriptor(line[result..]), "", []),
            "write" => new("write", Descriptor(line), "", strings[0][..int.Parse(line[(result + 3)..], CultureInfo.InvariantCulture)]),
            "fsync" => new("fsync", Descriptor(line), "", []),
            "rename" or "renameat" or "renameat2" => new("rename", Text(0), Text(1), []),
            "unlink" or "unlinkat" => new("unlink", Text(0), "", []),
            "mkdir" => new("mkdir", Text(0), "", []),
            _ => null,
        };
    }

    // "\x2f\x74": with -xx every byte is written so.
    private static byte[] Bytes(string text) => Convert.FromHexString(text.Replace("\\x", "", StringComparison.Ordinal));

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>", RegexOptions.CultureInvariant)]
    private static partial Regex Resumed();

    [GeneratedRegex("\"((?:\\\\x[0-9a-f]{2})*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\d<((?:\\x[0-9a-f]{2})*)>", RegexOptions.CultureInvariant)]
    private static partial Regex Opened();
}
