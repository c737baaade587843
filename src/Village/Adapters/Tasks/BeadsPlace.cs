using Village.Errors;

namespace Village.Adapters.Tasks;

/// <summary>The directory in which Beads keeps its tasks, as bd finds it: <c>$BEADS_DIR</c>, or the repository's <c>.beads</c>, or where its redirect leads.</summary>
/// <param name="Path">The directory itself.</param>
/// <param name="HasDatabase">Whether bd would take it for a database; <c>issues.jsonl</c> alone is none.</param>
/// <param name="HasFile">Whether <c>issues.jsonl</c> is in it.</param>
/// <param name="UsesServer">Whether the database is a server's.</param>
internal sealed record BeadsPlace(string Path, bool HasDatabase, bool HasFile, bool UsesServer)
{
    /// <summary>Its exported file.</summary>
    public string File => System.IO.Path.Combine(Path, "issues.jsonl");

    /// <summary>Looks; null when there is no such directory. A redirect that leads to another one, or to nothing, is an error.</summary>
    public static BeadsPlace? Find(string root, IReadOnlyDictionary<string, string> environment)
    {
        var path = environment.GetValueOrDefault("BEADS_DIR") is { Length: > 0 } given
            ? System.IO.Path.GetFullPath(given, root)
            : System.IO.Path.Combine(root, ".beads");
        if (Redirect(path) is { } target)
        {
            path = Directory.Exists(target) && Redirect(target) is null ? target : throw new VillageException(
                ErrorKind.Config,
                $"{path}/redirect leads to '{Printable.Line(target)}', which is {(Directory.Exists(target) ? "redirected again" : "no directory")}",
                "let it name the directory of the database itself");
        }

        if (!Directory.Exists(path))
        {
            return null;
        }

        var settings = System.IO.Path.Combine(path, "metadata.json");
        var hasSettings = System.IO.File.Exists(settings);
        return new(
            path,
            hasSettings || System.IO.File.Exists(System.IO.Path.Combine(path, "config.yaml"))
                || Directory.Exists(System.IO.Path.Combine(path, "dolt")) || Directory.Exists(System.IO.Path.Combine(path, "embeddeddolt"))
                || Directory.EnumerateFiles(path, "*.db").Any(file => System.IO.Path.GetFileName(file) is not "vc.db" && !file.Contains("backup", StringComparison.Ordinal)),
            System.IO.File.Exists(System.IO.Path.Combine(path, "issues.jsonl")),
            environment.GetValueOrDefault("BEADS_DOLT_SERVER_MODE") is "1" or "true"
                || (hasSettings && System.IO.File.ReadAllText(settings).Contains("\"server\"", StringComparison.Ordinal)));
    }

    // One line with a path, relative to the directory that .beads is in; lines with '#' are remarks.
    private static string? Redirect(string path)
    {
        var file = System.IO.Path.Combine(path, "redirect");
        return System.IO.File.Exists(file)
            && System.IO.File.ReadLines(file).Select(line => line.Trim()).FirstOrDefault(line => line is not ("" or ['#', ..])) is { } target
            ? System.IO.Path.GetFullPath(target, System.IO.Path.GetDirectoryName(path)!)
            : null;
    }
}
