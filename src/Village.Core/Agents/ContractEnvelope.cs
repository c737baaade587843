using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Village.Events;

namespace Village.Agents;

/// <summary>A contract, where it came from, and what was wrong with the sources before that one.</summary>
public sealed record ContractEnvelope
{
    /// <summary>The version of the shape.</summary>
    public const int Version = 1;

    /// <summary>The format of the content.</summary>
    public const string Format = "markdown";

    /// <summary><see cref="Profile"/> of the built-in template.</summary>
    public const string BuiltIn = "fallback";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Its title.</summary>
    public required string TaskTitle { get; init; }

    /// <summary>Its description.</summary>
    public required string TaskDescription { get; init; }

    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>What the agent reads.</summary>
    public required string Content { get; init; }

    /// <summary>Where it came from: <c>file:PATH</c>, <c>ppc:MODE</c> or <c>fallback</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>What PPC says of itself, when it was asked and is there.</summary>
    public string? PpcVersion { get; init; }

    /// <summary>See <see cref="ContractWarning"/>.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// The contract of an attempt, from the first source that has one. What was not asked for, because an earlier one had it, is null.
    /// </summary>
    /// <param name="facts">What it tells.</param>
    /// <param name="file">The text of the contract file, or null.</param>
    /// <param name="ppc">What PPC answered, or null.</param>
    /// <param name="warnings">What was wrong with the file.</param>
    /// <param name="now">The time.</param>
    public static ContractEnvelope Of(ContractFacts facts, string? file, PpcAnswer? ppc, IReadOnlyList<string> warnings, DateTimeOffset now)
    {
        var source = facts.Agent.Contract;
        var (content, profile, problems) = (file, ppc) switch
        {
            ({ } template, _) when ContractTemplate.Fill(template, facts) is var (text, odd) => (text, $"file:{source.File}", odd),
            (_, { Prompt: { } prompt }) => (ContractTemplate.Complete(prompt, facts), $"ppc:{source.Ppc!.Mode}", []),
            (_, { Version: null }) => (Contract.Markdown(facts), BuiltIn, [ContractWarning.NoPpc]),
            (_, { Problem: { } why }) => (Contract.Markdown(facts), BuiltIn, [ContractWarning.PpcFailed(why)]),
            _ => (Contract.Markdown(facts), BuiltIn, (IReadOnlyList<string>)[]),
        };
        return new()
        {
            TaskId = facts.Task.Value,
            TaskTitle = facts.Title,
            TaskDescription = facts.Spec?.Description ?? "",
            Agent = facts.Agent.Name,
            Content = content,
            Profile = profile,
            PpcVersion = ppc?.Version,
            Warnings = [.. warnings, .. problems],
            CreatedAt = now,
        };
    }

    /// <summary>One line of JSON, keys sorted, with its closing newline.</summary>
    public string ToLine()
    {
        var buffer = new ArrayBufferWriter<byte>(Content.Length + 512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("agent", Agent);
            json.WriteString("content", Content);
            json.WriteString("created_at", EventLine.Time(CreatedAt));
            json.WriteString("format", Format);
            json.WriteString("ppc_profile", Profile);
            json.WriteString("ppc_version", PpcVersion);
            json.WriteString("task_description", TaskDescription);
            json.WriteString("task_id", TaskId);
            json.WriteString("task_title", TaskTitle);
            json.WriteNumber("version", Version);
            json.WriteStartArray("warnings");
            foreach (var warning in Warnings)
            {
                json.WriteStringValue(warning);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return $"{Encoding.UTF8.GetString(buffer.WrittenSpan)}\n";
    }
}
