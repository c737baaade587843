using Village.Hosting;

namespace Village.Operations;

/// <summary>What a supervisor writes to its pane. The pane may be gone already; what matters is also in the event log.</summary>
internal sealed class PaneVoice(Host host)
{
    /// <summary>A sentence of Village's own.</summary>
    public void Say(string text) => Write($"[village] {Printable.Block(text)}\n");

    /// <summary>Something that the agent said or did; escape sequences are shown, not obeyed.</summary>
    public void Show(string text) => Write($"{Printable.Block(text)}\n");

    /// <summary>Rings the bell of the terminal.</summary>
    public void Ring() => Write("\a");

    private void Write(string text)
    {
        try
        {
            host.Error.Write(text);
            host.Error.Flush();
        }
        catch (IOException)
        {
            // Nobody can read it any more.
        }
    }
}
