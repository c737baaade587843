namespace Village.Agents;

/// <summary>What can be wrong with the source of a contract. It stops nothing: the next source is taken. The first words are fixed.</summary>
public static class ContractWarning
{
    /// <summary>PPC is to be asked, and is not there.</summary>
    public const string NoPpc = "ppc_not_available";

    /// <summary>The contract file is not there.</summary>
    public static string NoFile(string path) => $"contract_file_not_found: {Printable.Line(path)}";

    /// <summary>The contract file cannot be read.</summary>
    public static string UnreadableFile(string path, string why) => $"contract_file_unreadable: {Printable.Line(path)}: {Printable.Line(why)}";

    /// <summary>PPC has not made a prompt.</summary>
    public static string PpcFailed(string why) => $"ppc_execution_failed: {why}";

    /// <summary>A contract file has a placeholder that means nothing.</summary>
    public static string UnknownPlaceholder(string name, IEnumerable<string> known) =>
        $"unknown_placeholder: {{{name}}}{(Nearest.Of(name, known) is { } near ? $"; did you mean {{{near}}}?" : "")}";
}
