using System.Globalization;
using System.Text;

namespace Village.Conflicts;

/// <summary>Answers about commits that were found out before. Commits never change, so neither do the answers.</summary>
public sealed class TrialMemory
{
    private const string ChangesKind = "changes";
    private const string MergeKind = "merge";
    private readonly Dictionary<(string, string), IReadOnlyList<string>> changes = [];
    private readonly Dictionary<(string, string), IReadOnlyList<string>> merges = [];

    /// <summary>The files that differ between two commits, or null when that is not known yet.</summary>
    public IReadOnlyList<string>? Changes(string from, string to) => changes.GetValueOrDefault((from, to));

    /// <summary>The files that conflict when two commits are merged (none: they merge), or null when that is not known yet.</summary>
    public IReadOnlyList<string>? Merge(string one, string other) => merges.GetValueOrDefault((one, other));

    /// <summary>Keeps an answer.</summary>
    public void KeepChanges(string from, string to, IReadOnlyList<string> files) => changes[(from, to)] = files;

    /// <summary>Keeps an answer.</summary>
    public void KeepMerge(string one, string other, IReadOnlyList<string> files) => merges[(one, other)] = files;

    /// <summary>The answers about some commits only: what the others are for is gone.</summary>
    public TrialMemory About(IReadOnlySet<string> commits)
    {
        var kept = new TrialMemory();
        foreach (var (key, files) in changes.Where(pair => commits.Contains(pair.Key.Item2)))
        {
            kept.changes.Add(key, files);
        }

        foreach (var (key, files) in merges.Where(pair => commits.Contains(pair.Key.Item1) && commits.Contains(pair.Key.Item2)))
        {
            kept.merges.Add(key, files);
        }

        return kept;
    }

    /// <summary>As a text.</summary>
    public string Format()
    {
        var text = new StringBuilder();
        foreach (var (kind, answers) in new[] { (ChangesKind, changes), (MergeKind, merges) })
        {
            foreach (var ((one, other), files) in answers)
            {
                text.Append(CultureInfo.InvariantCulture, $"{kind} {one} {other} {files.Count}\0");
                foreach (var file in files)
                {
                    text.Append(file).Append('\0');
                }
            }
        }

        return text.ToString();
    }

    /// <summary>Reads <see cref="Format"/>. From where a text cannot be read on, nothing is known.</summary>
    /// <remarks>
    /// An answer is a line with the number of its files and then the files, a zero behind each (here <c>|</c>):
    /// <code>
    /// merge 3e3fbac54074602b096299cc5432dcb51f66b6d7 52a116a0cc305dbbbcc71cfeb8e0f810f69b4a24 2|src/a.txt|src/b.txt|
    /// </code>
    /// </remarks>
    public static TrialMemory Parse(string text)
    {
        var memory = new TrialMemory();
        var fields = text.Split('\0');
        for (var at = 0; at < fields.Length - 1;)
        {
            if (fields[at].Split(' ') is not [var kind and (ChangesKind or MergeKind), var one, var other, var number]
                || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > fields.Length - at - 2)
            {
                break;
            }

            (kind is MergeKind ? memory.merges : memory.changes)[(one, other)] = fields[(at + 1)..(at + 1 + count)];
            at += 1 + count;
        }

        return memory;
    }
}
