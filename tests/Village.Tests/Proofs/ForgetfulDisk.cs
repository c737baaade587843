namespace Village.Tests.Proofs;

/// <summary>
/// A directory on a disk that keeps only what it must: the bytes of a file as they were at its last fsync, and the names in a
/// directory as they were at the directory's. No real file system is as bad; what survives here survives everywhere.
/// </summary>
internal sealed class ForgetfulDisk(string root)
{
    private readonly Dictionary<string, Content> now = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Content> kept = new(StringComparer.Ordinal);

    /// <summary>Does one step; what lies outside of the directory does not count. Returns whether it did.</summary>
    public bool Do(DiskStep step)
    {
        if (!step.Path.StartsWith(root, StringComparison.Ordinal) && !(step.Call is "fsync" && step.Path == Path.GetDirectoryName(root)))
        {
            return false;
        }

        switch (step.Call)
        {
            case "create":
                now.TryAdd(step.Path, new());
                break;
            case "mkdir":
                now[step.Path] = new() { IsDirectory = true };
                break;
            case "write" when now.TryGetValue(step.Path, out var written):
                written.Bytes = [.. written.Bytes, .. step.Bytes];
                break;
            case "rename":
                now[step.Target] = now[step.Path];
                now.Remove(step.Path);
                break;
            case "unlink":
                now.Remove(step.Path);
                break;
            case "fsync" when now.TryGetValue(step.Path, out var file) && !file.IsDirectory:
                file.Synced = file.Bytes;
                break;
            case "fsync":
                KeepNames(step.Path);
                break;
        }

        return true;
    }

    /// <summary>The files as everybody sees them while the power is on.</summary>
    public IReadOnlyDictionary<string, byte[]> Files() => AfterCut(namesSurvive: true, bytesSurvive: true);

    /// <summary>
    /// The files after a cut. What was not synced may have reached the disk all the same, the names, the bytes or both; a file
    /// whose name survives without its bytes is empty.
    /// </summary>
    public IReadOnlyDictionary<string, byte[]> AfterCut(bool namesSurvive, bool bytesSurvive)
    {
        var names = namesSurvive ? now : kept;
        return names
            .Where(entry => !entry.Value.IsDirectory && IsReachable(names, entry.Key))
            .ToDictionary(entry => entry.Key, entry => bytesSurvive ? entry.Value.Bytes : entry.Value.Synced, StringComparer.Ordinal);
    }

    private bool IsReachable(Dictionary<string, Content> names, string path)
    {
        for (var parent = Path.GetDirectoryName(path)!; parent.Length >= root.Length; parent = Path.GetDirectoryName(parent)!)
        {
            if (!names.ContainsKey(parent))
            {
                return false;
            }
        }

        return true;
    }

    private void KeepNames(string directory)
    {
        foreach (var gone in kept.Keys.Where(path => Path.GetDirectoryName(path) == directory && !now.ContainsKey(path)).ToList())
        {
            kept.Remove(gone);
        }

        foreach (var (path, content) in now.Where(entry => Path.GetDirectoryName(entry.Key) == directory))
        {
            kept[path] = content;
        }
    }

    private sealed class Content
    {
        public bool IsDirectory { get; init; }

        public byte[] Bytes { get; set; } = [];

        public byte[] Synced { get; set; } = [];
    }
}
