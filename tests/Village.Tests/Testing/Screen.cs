using System.Globalization;

namespace Village.Tests.Testing;

/// <summary>A terminal of a person's, in a session of its own beside the village's: keys go in, what is on the screen comes out.</summary>
internal sealed class Screen
{
    private const string Session = "person";
    private readonly TestVillage village;

    /// <summary>Opens a shell on a terminal of this size.</summary>
    public Screen(TestVillage village, int width, int height, string shell = "bash --norc", params string[] variables)
    {
        this.village = village;
        village.Tool(
            "tmux",
            ["new-session", "-d", "-s", Session, "-x", Text(width), "-y", Text(height), "-c", village.Root, "-e", $"VILLAGE={TestVillage.Binary}", "-e", "PS1=ready> ", .. variables.SelectMany(variable => new[] { "-e", variable }), shell]);
        village.Tool("tmux", "set-option", "-t", $"={Session}:", "window-size", "manual");
        village.Tool("tmux", "resize-window", "-t", $"={Session}:", "-x", Text(width), "-y", Text(height));
    }

    /// <summary>The lines on the screen, without blanks at their ends.</summary>
    public IReadOnlyList<string> Lines => [.. village.Tool("tmux", "capture-pane", "-p", "-t", $"={Session}:").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];

    /// <summary>All of it.</summary>
    public string All => string.Join('\n', Lines);

    /// <summary>The same with its colours, as escape sequences.</summary>
    public string Coloured => village.Tool("tmux", "capture-pane", "-p", "-e", "-t", $"={Session}:");

    /// <summary>Presses keys, by tmux's names for them.</summary>
    public void Press(params string[] keys) => village.Tool("tmux", ["send-keys", "-t", $"={Session}:", .. keys]);

    /// <summary>Types a command, and Enter.</summary>
    public void Type(string command)
    {
        village.Tool("tmux", "send-keys", "-l", "-t", $"={Session}:", command);
        Press("Enter");
    }

    /// <summary>Changes its size.</summary>
    public void Resize(int width, int height) => village.Tool("tmux", "resize-window", "-t", $"={Session}:", "-x", Text(width), "-y", Text(height));

    /// <summary>A format of tmux's about it.</summary>
    public string Ask(string format) => village.Tool("tmux", "display-message", "-p", "-t", $"={Session}:", format).TrimEnd('\n');

    /// <summary>Waits until the screen shows something.</summary>
    public Task ShowsAsync(string text) => ShowsAsync(screen => screen.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Waits until the screen is as it should be.</summary>
    public async Task ShowsAsync(Func<string, bool> truth, string what)
    {
        try
        {
            await TestVillage.EventuallyAsync(() => truth(All), what);
        }
        catch (Xunit.Sdk.XunitException)
        {
            Assert.Fail($"'{what}' did not come on this screen:\n{All}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
