using System.Text.Json.Serialization;

namespace Village.Reports;

/// <summary>What every JSON document begins with: which command made it, and the version of its shape.</summary>
/// <param name="Command">The command: <c>status</c>, <c>task list</c>.</param>
/// <param name="Version">Rises when the shape changes in a way that breaks readers.</param>
public abstract record Report(
    [property: JsonPropertyOrder(-2)] string Command, [property: JsonPropertyOrder(-1)] int Version = 1);
