using System.Text;

namespace Village.Configuration;

/// <summary>The file that <c>village up</c> writes when there is none: every setting, commented out.</summary>
public static class DefaultConfig
{
    /// <summary>The text; it parses to nothing, so it changes no default.</summary>
    public static string Text()
    {
        var text = new StringBuilder(
            """
            # Village's configuration for this repository. Every line is a comment until you remove its '#'.
            # An environment variable (VILLAGE_…) wins over this file, and a flag over both.
            # See what is in force:  village config list --show-origin

            [DEFAULT]

            """);
        foreach (var section in Settings.All.GroupBy(s => s.Section))
        {
            if (section.Key is not "DEFAULT")
            {
                text.Append('\n').Append(section.Key is "agent.*"
                    ? "# One section per agent; this one would be used by tasks with the label agent:build.\n#[agent.build]\n"
                    : $"[{section.Key}]\n");
            }

            foreach (var setting in section)
            {
                text.Append("# ").Append(setting.About).Append('\n')
                    .Append('#').Append(setting.Key).Append('=').Append(setting.Default).Append('\n');
            }
        }

        return text.ToString();
    }
}
