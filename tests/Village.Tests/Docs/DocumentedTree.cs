using System.CommandLine;
using Village.Commands;
using Village.Configuration;
using Village.Hosting;

namespace Village.Tests.Docs;

/// <summary>A command that a person may type.</summary>
/// <param name="Path">How it is typed: <c>village task add</c>.</param>
/// <param name="Command">The command.</param>
internal sealed record DocumentedCommand(string Path, Command Command)
{
    /// <summary>Whether it only holds others.</summary>
    public bool IsGroup => Command.Subcommands.Count > 0;
}

/// <summary>The program's own command tree, as the documents show it: hidden things are left out.</summary>
internal static class DocumentedTree
{
    /// <summary>The tree.</summary>
    public static RootCommand Root { get; } = CommandTree.Create(new App(Nowhere(StreamWriter.Null)));

    /// <summary>Every command below the program itself, in the order of the help.</summary>
    public static IReadOnlyList<DocumentedCommand> Commands { get; } = [.. Below("village", Root)];

    /// <summary>What <c>COMMAND --help</c> prints.</summary>
    public static async Task<string> HelpAsync(string path)
    {
        using var bytes = new MemoryStream();
        await using var text = new StreamWriter(bytes);
        await VillageApp.RunAsync([.. path.Split(' ').Skip(1), "--help"], Nowhere(text), CancellationToken.None);
        await text.FlushAsync();
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>What is wrong with a command line that begins with <c>village</c>, or null.</summary>
    public static string? Misuse(string line)
    {
        var words = CommandWords.Split(line);
        return words is null ? "a quote is not closed"
            : words is [_, "--version"] ? null
            : Root.Parse([.. words.Skip(1)], new ParserConfiguration { ResponseFileTokenReplacer = null }) is { Errors: [var first, ..] } ? first.Message
            : null;
    }

    /// <summary>
    /// The calls of <c>village</c> in a line of shell: <c>$ x=$(village task add "A") &amp;&amp; village up # comment</c> holds two.
    /// </summary>
    public static IEnumerable<string> Calls(string line)
    {
        for (var at = 0; (at = line.IndexOf("village ", at, StringComparison.Ordinal)) >= 0; at += 8)
        {
            var before = line[..at].TrimEnd();
            if (before is "" or "$" || before.EndsWith("&&", StringComparison.Ordinal) || before.EndsWith("$(", StringComparison.Ordinal)
                || before.EndsWith('|') || before.EndsWith(';'))
            {
                yield return line[at..End(line, at)].Trim();
            }
        }
    }

    // A call ends where the shell would end it: outside quotes, at a pipe, a list, a redirection, a bracket or a comment.
    private static int End(string line, int from)
    {
        char? quote = null;
        for (var i = from; i < line.Length; i++)
        {
            var c = line[i];
            quote = quote is null ? c is '"' or '\'' ? c : null : c == quote ? null : quote;
            if (quote is null && (c is '|' or ';' or '<' or '>' or ')' || line.AsSpan(i).StartsWith("&&") || line.AsSpan(i).StartsWith(" #")))
            {
                return i;
            }
        }

        return line.Length;
    }

    private static IEnumerable<DocumentedCommand> Below(string path, Command parent) =>
        parent.Subcommands.Where(command => !command.Hidden).SelectMany(command =>
            Below($"{path} {command.Name}", command).Prepend(new($"{path} {command.Name}", command)));

    private static Host Nowhere(StreamWriter output) => new()
    {
        Out = output,
        Error = TextWriter.Null,
        In = StreamReader.Null,
        WorkingDirectory = "/",
        Environment = new Dictionary<string, string>(),
        Clock = TimeProvider.System,
        Executable = "village",
        ProcessId = System.Environment.ProcessId,
        Version = "docs",
    };
}
