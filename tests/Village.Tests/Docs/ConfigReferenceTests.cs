using System.Globalization;
using System.Text;
using Village.Configuration;

namespace Village.Tests.Docs;

/// <summary><c>docs/config-reference.md</c> is the table of settings.</summary>
public sealed class ConfigReferenceTests
{
    [Fact]
    public void The_reference_of_the_settings_is_the_table_of_settings()
    {
        var text = new StringBuilder(
            """
            # Settings

            This page is made from the program by `./dev accept`; do not edit it. How the file is written and read:
            [formats](formats.md#villageconfig).

            A value comes from the first of these that has one:

            1. a flag of the command, such as `--max-workers`
            2. the environment variable
            3. `.village/config` of the repository
            4. `$XDG_CONFIG_HOME/village/config`, or `~/.config/village/config`
            5. the default

            `village config list --show-origin` prints every value in force and where it came from. `VILLAGE_DIR` is no setting: it names
            another directory instead of `.village`.

            Keys and sections are compared without regard to case. An unknown one is a warning with the nearest known name; a bad value
            is an error with file and line. Truth is `true`, `on`, `yes` or `1`, and `false`, `off`, `no` or `0`. A time is `90` (seconds), `90s`,
            `10m`, `2h30m` or `1d`. A command line is split into words the way a shell does it, but no shell runs it: no variables, no
            globs, no pipes. Where you want a shell, say so: `sh -c 'make lint && make test'`.

            """);
        foreach (var section in Settings.All.GroupBy(setting => setting.Section))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {Title(section.Key)}\n");
            foreach (var setting in section)
            {
                text.Append(Entry(setting));
            }
        }

        text.ToString().ShouldBeDocument("docs/config-reference.md");
    }

    private static string Title(string section) => section switch
    {
        "DEFAULT" => "[DEFAULT]: the village",
        "agent.*" => "[agent.NAME]: one section per agent",
        _ => $"[{section}]",
    };

    private static string Entry(Setting setting)
    {
        var text = new StringBuilder($"\n### {setting.Name.Replace("*", "NAME", StringComparison.Ordinal)}\n\n{setting.About}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"- Value: {setting.Kind}\n");
        text.Append(CultureInfo.InvariantCulture, $"- Default: {(setting.Default is "" ? "empty" : Markdown.Code(setting.Default))}\n");
        if (setting.Variable is { } variable)
        {
            text.Append(CultureInfo.InvariantCulture, $"- Environment: `{variable}`\n");
        }

        if (setting.Aliases is not [])
        {
            text.Append(CultureInfo.InvariantCulture, $"- Also written: {string.Join(", ", setting.Aliases.Select(Markdown.Code))}\n");
        }

        return text.ToString();
    }
}
