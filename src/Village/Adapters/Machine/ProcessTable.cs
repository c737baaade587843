using System.Globalization;
using System.Text;
using Village.Platform;

namespace Village.Adapters.Machine;

/// <summary>The machine's processes, read from /proc: identities that cannot be mistaken, and what a worker left behind.</summary>
internal static class ProcessTable
{
    /// <summary>One process.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Parent">Its parent's.</param>
    /// <param name="State">The kernel's letter; Z is dead.</param>
    /// <param name="Start">When it began, in ticks since boot; with the id it names one process for ever.</param>
    internal sealed record Entry(int Id, int Parent, char State, long Start);

    /// <summary>This boot of the machine.</summary>
    public static string BootId() => TryRead("/proc/sys/kernel/random/boot_id")?.Trim() ?? "";

    /// <summary>A process as leases name it: <c>pid:start</c>; null when it is gone.</summary>
    public static string? Identity(int id) =>
        Find(id) is { State: not 'Z' } found ? string.Create(CultureInfo.InvariantCulture, $"{found.Id}:{found.Start}") : null;

    /// <summary>The id of the process that a lease's <c>pid:start</c> names, or null when it is gone.</summary>
    public static int? Living(string? identity) =>
        identity?.Split(':') is [var pid, _] && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && Identity(id) == identity
            ? id
            : null;

    /// <summary>Every process below another one, dead ones left out.</summary>
    public static IReadOnlyList<int> Descendants(int ancestor)
    {
        var children = All().ToLookup(entry => entry.Parent);
        List<int> found = [];
        for (var queue = new Queue<int>([ancestor]); queue.TryDequeue(out var parent);)
        {
            foreach (var child in children[parent])
            {
                queue.Enqueue(child.Id);
                if (child.State is not 'Z')
                {
                    found.Add(child.Id);
                }
            }
        }

        return found;
    }

    /// <summary>Every living process of this user that carries a lease's nonce in its environment.</summary>
    public static IReadOnlyList<int> Carrying(string nonce, int except)
    {
        var marker = Encoding.UTF8.GetBytes($"VILLAGE_LEASE={nonce}\0");
        return [.. All().Where(p => p.Id != except && p.State is not 'Z' && EnvironmentOf(p.Id).AsSpan().IndexOf(marker) >= 0).Select(p => p.Id)];
    }

    /// <summary>Every living process of this user that carries a lease of the village in a directory, with its nonce and its task.</summary>
    public static IReadOnlyList<(int Id, string Nonce, string Task)> Marked(string village, int except)
    {
        var marker = Encoding.UTF8.GetBytes($"VILLAGE_DIR={village}\0");
        return
        [
            .. from process in All()
               where process.Id != except && process.State is not 'Z'
               let environment = EnvironmentOf(process.Id)
               where environment.AsSpan().IndexOf(marker) >= 0
               let variables = Encoding.UTF8.GetString(environment).Split('\0')
               let nonce = Value(variables, "VILLAGE_LEASE=")
               where nonce is { Length: > 0 } && Value(variables, "VILLAGE_DIR=") == village
               select (process.Id, nonce, Value(variables, "VILLAGE_TASK=") ?? "?"),
        ];
    }

    /// <summary>The nonce that a supervisor was started with; null when the process is none, or gone.</summary>
    public static string? NonceOfWorker(int id)
    {
        // "/usr/bin/village worker bd-a3f8 --lease 5f0c… --generation 7 …"
        var words = (TryRead($"/proc/{id}/cmdline") ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, "worker", _, "--lease", var nonce, ..] ? nonce : null;
    }

    /// <summary>Every living process that is at work inside a directory: its working directory, or a file that it may write, is in there.</summary>
    public static IReadOnlyList<int> Inside(string directory, int except) =>
        [.. All().Where(p => p.Id != except && p.State is not 'Z' && (IsInside(DirectoryOf(p.Id), directory) || WritesInside(p.Id, directory))).Select(p => p.Id)];

    /// <summary>The processes that a process comes from: its parent, the parent's parent, and so on.</summary>
    public static IReadOnlyList<int> Ancestors(int descendant)
    {
        var parents = All().ToDictionary(entry => entry.Id, entry => entry.Parent);
        List<int> found = [];
        for (var id = descendant; parents.TryGetValue(id, out var parent) && parent > 0 && !found.Contains(parent); id = parent)
        {
            found.Add(parent);
        }

        return found;
    }

    /// <summary>Every living process of this user that has a file open.</summary>
    public static IReadOnlyList<int> Holding(string file, int except) =>
        [.. All().Where(p => p.Id != except && p.State is not 'Z' && OpenFilesOf(p.Id).Contains(file)).Select(p => p.Id)];

    /// <summary>Collects dead children that nobody waits for: as subreaper this process inherits them.</summary>
    public static void ReapStrays(int self, int? except)
    {
        foreach (var stray in All().Where(p => p.Parent == self && p.State is 'Z' && p.Id != except))
        {
            _ = Libc.Wait(stray.Id, out _, Libc.WaitNoHang);
        }
    }

    /// <summary>
    /// Ends processes until none is left that <paramref name="find"/> names: TERM first, then KILL. Returns what could not
    /// be ended in time.
    /// </summary>
    public static async Task<IReadOnlyList<int>> SweepAsync(Func<IReadOnlyList<int>> find, Action afterEach, CancellationToken ct)
    {
        for (var round = 0; round < 100; round++)
        {
            var left = find();
            if (left is [])
            {
                return [];
            }

            foreach (var id in left)
            {
                _ = Libc.Kill(id, round is 0 ? Libc.SigTerm : Libc.SigKill);
                _ = round is 0 ? Libc.Kill(id, Libc.SigCont) : 0;
            }

            // Time to end in their own way, then only what the kernel needs.
            for (var step = 0; step < (round is 0 ? 20 : 2) && find() is not []; step++)
            {
                await Task.Delay(10, ct);
                afterEach();
            }
        }

        return find();
    }

    /// <summary>
    /// Stops processes until all that <paramref name="find"/> names stand still, those that were just being made too; at most two
    /// seconds. Returns those that do not.
    /// </summary>
    public static async Task<IReadOnlyList<int>> StopAsync(Func<IReadOnlyList<int>> find, CancellationToken ct)
    {
        for (var round = 0; ; round++)
        {
            var moving = Moving(find());
            if (moving is [] || round is 200)
            {
                return moving;
            }

            moving.ToList().ForEach(id => Libc.Kill(id, Libc.SigStop));
            await Task.Delay(10, ct);
        }
    }

    /// <summary>Which of them do not stand still.</summary>
    public static IReadOnlyList<int> Moving(IReadOnlyList<int> processes) =>
        [.. processes.Where(id => Find(id) is { State: not ('T' or 't' or 'Z' or 'X') })];

    private static IEnumerable<Entry> All() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Find(id) : null)
        .OfType<Entry>();

    // "4711 (name with ) and blanks) S 1 …": the name may hold anything, so the fields are counted from its last bracket.
    private static Entry? Find(int id)
    {
        if (TryRead($"/proc/{id}/stat") is not { } text || text.LastIndexOf(')') is var end && end < 0)
        {
            return null;
        }

        var fields = text[(end + 2)..].Split(' ');
        return new(
            id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0][0], long.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    private static string? Value(string[] variables, string name) =>
        variables.FirstOrDefault(variable => variable.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    private static bool IsInside(string? path, string directory) =>
        path is not null && (path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal));

    private static string? DirectoryOf(int id) => TargetOf($"/proc/{id}/cwd");

    private static IEnumerable<string?> OpenFilesOf(int id) => DescriptorsOf(id).Select(fd => TargetOf($"/proc/{id}/fd/{fd}"));

    // fdinfo: "flags:\t0100002", octal; the last two bits are 1 or 2 when it may write.
    private static bool WritesInside(int id, string directory) => DescriptorsOf(id).Any(fd =>
        IsInside(TargetOf($"/proc/{id}/fd/{fd}"), directory)
        && TryRead($"/proc/{id}/fdinfo/{fd}")?.Split('\n').FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal)) is [.., '1' or '2' or '5' or '6']);

    private static IReadOnlyList<string> DescriptorsOf(int id)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Select(path => Path.GetFileName(path))];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[] EnvironmentOf(int id)
    {
        try
        {
            return [.. File.ReadAllBytes($"/proc/{id}/environ"), 0];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
