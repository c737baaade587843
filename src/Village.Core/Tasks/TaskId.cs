using System.Text.RegularExpressions;
using Village.Errors;

namespace Village.Tasks;

/// <summary>
/// The identity of a task: safe as a file name, a branch name, a window name and an argument (design, section 10).
/// Ids that differ only by case are one, because file systems may think so too.
/// </summary>
public readonly partial record struct TaskId : IComparable<TaskId>
{
    private TaskId(string value) => Value = value;

    /// <summary>The text as it was written: <c>bd-a3f8.1</c>.</summary>
    public string Value { get; }

    /// <summary>Parses an id, or returns false when it could leave its directory or confuse a tool.</summary>
    public static bool TryParse(string? text, out TaskId id)
    {
        var valid = text is not null && Shape().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal)
            && !text.EndsWith('.') && !text.EndsWith(".lock", StringComparison.OrdinalIgnoreCase);
        id = valid ? new(text!) : default;
        return valid;
    }

    /// <summary>Parses an id from the command line or throws the sentence for it.</summary>
    public static TaskId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new VillageException(
            ErrorKind.UserInput,
            $"'{Printable.Line(text)}' is not a task id",
            "ids are letters, digits, '.', '_' and '-', for example bd-a3f8; run `village task list`");

    /// <inheritdoc/>
    public bool Equals(TaskId other) => string.Equals(Value, other.Value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => Value is null ? 0 : Value.GetHashCode(StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public int CompareTo(TaskId other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>The text itself.</summary>
    public override string ToString() => Value;

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
