using System.Security.Cryptography;
using System.Text;

namespace Village.Html;

/// <summary>
/// A page that needs nothing else and can get nothing else: no script, no image, no font, no connection, and no style but its own, which
/// its policy names by its hash.
/// </summary>
public static class HtmlPage
{
    /// <summary>What every page begins with.</summary>
    public const string Beginning = "<!DOCTYPE html>\n";

    /// <summary>The page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="generator">The command that made it.</param>
    /// <param name="css">Its style sheet.</param>
    /// <param name="body">What it shows.</param>
    public static string Of(string title, string generator, string css, HtmlText body)
    {
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)));
        var page = new HtmlText();
        page.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="generator" content="{generator}">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{hash}'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>{title}</title>
            <style>
            """);
        page.WriteStyle(css);
        return page.Write($"</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n").ToString();
    }

    /// <summary>Whether a file holds a page that this command made.</summary>
    public static bool IsBy(string generator, ReadOnlySpan<byte> file) =>
        file.StartsWith(Encoding.UTF8.GetBytes($"{Beginning}<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"generator\" content=\"{generator}\">\n"));
}
