using System.Text;

namespace Village.Configuration;

/// <summary>
/// Splits a configured command line into an argument list the way a shell would read the words, and nothing more:
/// <c>make test "name with blanks" 'it''s' a\ b</c>; a backslash at the end of a line joins it with the next. No
/// variables, no globs, no pipes: no shell runs it.
/// </summary>
public static class CommandWords
{
    /// <summary>The words, or null when a quote is not closed.</summary>
    public static IReadOnlyList<string>? Split(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\'' or '"')
            {
                word ??= new();
                for (i++; i < text.Length && text[i] != c; i++)
                {
                    var isEscaped = c is '"' && text[i] is '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\' or '$' or '`' or '\n';
                    i += isEscaped ? 1 : 0;
                    if (!isEscaped || text[i] is not '\n')
                    {
                        word.Append(text[i]);
                    }
                }

                if (i >= text.Length)
                {
                    return null;
                }
            }
            else if (char.IsWhiteSpace(c))
            {
                if (word is not null)
                {
                    words.Add(word.ToString());
                    word = null;
                }
            }
            else
            {
                i += c is '\\' && i + 1 < text.Length ? 1 : 0;
                if (text[i] is not '\n')
                {
                    (word ??= new()).Append(text[i]);
                }
            }
        }

        return word is null ? words : [.. words, word.ToString()];
    }
}
