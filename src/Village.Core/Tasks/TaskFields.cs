using System.Collections.Frozen;

namespace Village.Tasks;

/// <summary>The fields of a task in the order in which every Beads writes them; unknown ones come after these.</summary>
internal static class TaskFields
{
    /// <summary>How many minutes a task may take.</summary>
    public const string Estimate = "estimated_minutes";

    /// <summary>The names, in order.</summary>
    public static readonly string[] Names =
    [
        "id", "title", "description", "design", "acceptance_criteria", "notes", "spec_id", "status", "priority",
        "issue_type", "assignee", "owner", "estimated_minutes", "created_at", "created_by", "updated_at", "started_at",
        "closed_at", "close_reason", "closed_by_session", "due_at", "defer_until", "external_ref", "source_system",
        "metadata", "compaction_level", "compacted_at", "compacted_at_commit", "original_size", "labels", "dependencies",
        "comments", "sender", "ephemeral", "no_history", "wisp_type", "pinned", "is_template", "bonded_from",
        "await_type", "await_id", "timeout", "waiters", "source_formula", "source_location", "mol_type", "work_type",
        "event_kind", "actor", "target", "payload",
    ];

    /// <summary>The keys of an edge, in order.</summary>
    public static readonly string[] EdgeNames =
        ["issue_id", "depends_on_id", "type", "created_at", "created_by", "metadata"];

    /// <summary>The same two, to be searched.</summary>
    public static readonly FieldNames Table = new(Names), EdgeTable = new(EdgeNames);

    private static readonly FrozenDictionary<string, int> Ranks =
        Names.Index().ToFrozenDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);

    /// <summary>The place of a field; all unknown ones share the last.</summary>
    public static int Rank(string name) => Ranks.GetValueOrDefault(name, Names.Length);

    /// <summary>Whether a Beads of today knows a field.</summary>
    public static bool IsKnown(string name) => Ranks.ContainsKey(name);

    /// <summary>The same fields in order; those of one place stay as they are.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Sorted(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        for (var i = 1; i < fields.Count; i++)
        {
            if (Rank(fields[i - 1].Key) > Rank(fields[i].Key))
            {
                return [.. fields.OrderBy(field => Rank(field.Key))];
            }
        }

        return fields;
    }
}
