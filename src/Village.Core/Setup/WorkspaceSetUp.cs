using System.Security.Cryptography;
using System.Text;

namespace Village.Setup;

/// <summary>What is done in a workspace before the first agent starts in it.</summary>
/// <param name="Copy">Files of the main checkout that are copied.</param>
/// <param name="Symlink">Files and directories of the main checkout that are linked to.</param>
/// <param name="Run">The words of a command that is run then; empty for none.</param>
/// <param name="Ports">Ports that each attempt gets for itself.</param>
/// <param name="Timeout">How long the command may run; zero means as long as it likes.</param>
public sealed record WorkspaceSetUp(
    IReadOnlyList<PathPattern> Copy, IReadOnlyList<PathPattern> Symlink, IReadOnlyList<string> Run, IReadOnlyList<PortWish> Ports, TimeSpan Timeout)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Copy is [] && Symlink is [] && Run is [];

    /// <summary>
    /// What the set-up's outcome depends on, in 64 digits. The ports belong to it: what the command wrote down may name them.
    /// </summary>
    public string Fingerprint(IReadOnlyList<LeasedPort> ports)
    {
        string[] lines = [.. Copy.Select(path => $"copy {path}"), .. Symlink.Select(path => $"symlink {path}"), .. Run.Select(word => $"run {word}"), $"ports {LeasedPort.Format(ports)}"];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', lines))));
    }
}

/// <summary>
/// What a workspace remembers of its set-up, in its private directory:
/// <code>
/// ports=PORT:20000,API_PORT:4000
/// done=9f86d081884c7d65…
/// </code>
/// </summary>
/// <param name="Ports">What the last attempt had.</param>
/// <param name="Done">The fingerprint of the set-up that was carried out to its end, or null.</param>
public sealed record SetUpMark(IReadOnlyList<LeasedPort> Ports, string? Done)
{
    /// <summary>Nothing is known.</summary>
    public static SetUpMark None { get; } = new([], null);

    /// <summary>The text of the file.</summary>
    public string Format() => $"ports={LeasedPort.Format(Ports)}\n{(Done is null ? "" : $"done={Done}\n")}";

    /// <summary>Reads it; what cannot be read is not known.</summary>
    public static SetUpMark Parse(string text)
    {
        string? Value(string key) => text.Split('\n').FirstOrDefault(line => line.StartsWith($"{key}=", StringComparison.Ordinal))?[(key.Length + 1)..];
        return new(Value("ports") is { Length: > 0 } ports ? LeasedPort.TryParse(ports) ?? [] : [], Value("done"));
    }
}
