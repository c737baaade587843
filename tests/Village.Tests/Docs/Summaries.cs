using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Village.Tests.Docs;

/// <summary>The summary comments of Village.Core, so that a document says of a reason what its source says.</summary>
internal static class Summaries
{
    private static readonly Lazy<Dictionary<string, XElement>> All = new(() =>
        XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Village.Core.xml")).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!, StringComparer.Ordinal));

    /// <summary>What the source says of a field: an enum's member, a constant.</summary>
    public static string OfField(Type type, string name) => Of($"F:{type.FullName}.{name}");

    /// <summary>What the source says of a property.</summary>
    public static string OfProperty(Type type, string name) => Of($"P:{type.FullName}.{name}");

    /// <summary>A name as JSON has it: <c>ActiveLease</c> is <c>active_lease</c>.</summary>
    public static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static string Of(string member)
    {
        var text = new StringBuilder();
        foreach (var node in All.Value[member].Nodes())
        {
            _ = node switch
            {
                XElement { Name.LocalName: "c" } code => text.Append(CultureInfo.InvariantCulture, $"`{code.Value}`"),
                XElement see => text.Append(See(see.Attribute("cref")!.Value)),
                _ => text.Append(node),
            };
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    // "P:Village.Events.VillageEvent.To" is `to`; "T:Village.Tasks.FailureReason" are words: a failure reason.
    private static string See(string member) => Snake(member.Split('.')[^1]) is var name && member.StartsWith("T:", StringComparison.Ordinal)
        ? $"a {name.Replace('_', ' ')}"
        : $"`{name}`";
}
