using System.Text;
using System.Text.Json;

namespace Village.Tasks;

/// <summary>A task while its line is being read, field by field in any order.</summary>
internal ref struct TaskDraft(ReadOnlySpan<byte> line, TaskLineScratch scratch)
{
    private readonly ReadOnlySpan<byte> line = line;
    private readonly TaskLineScratch scratch = scratch;
    private List<KeyValuePair<string, string>>? other; // Made when it is needed: most tasks have none.
    private int place;
    private string kind = "issue";
    private bool isHeader, hasMore;
    private int priority;
    private string id = "", title = "", description = "", acceptance = "", design = "", notes = "", status = "", type = "";
    private string assignee = "", createdAt = "", createdBy = "", updatedAt = "", closedAt = "", closeReason = "";
    private string dueAt = "", deferUntil = "";
    private string? owner;
    private string? problem;

    /// <summary>Takes the field at whose name the reader stands.</summary>
    public void Take(ref Utf8JsonReader json)
    {
        var name = Name(ref json, TaskFields.Table, ref place, out var known);
        json.Read();
        switch (name)
        {
            case "_type": kind = json.TokenType is JsonTokenType.String ? json.GetString()! : ""; hasMore = true; json.Skip(); break;
            case "_schema": isHeader = true; json.Skip(); break;
            case "dependency_count" or "dependent_count" or "comment_count": hasMore = true; json.Skip(); break;
            case "id": id = Text(ref json, name); break;
            case "title": title = Text(ref json, name); break;
            case "description": description = Text(ref json, name); break;
            case "design": design = Text(ref json, name); break;
            case "acceptance_criteria": acceptance = Text(ref json, name); break;
            case "notes": notes = Text(ref json, name); break;
            case "status": status = Word(ref json, name); break;
            case "priority": priority = Priority(ref json); break;
            case "issue_type": type = Word(ref json, name); break;
            case "assignee": assignee = Word(ref json, name); break;
            case "created_at": createdAt = Time(ref json, name, ""); break;
            case "created_by": createdBy = Word(ref json, name); break;
            case "updated_at": updatedAt = Time(ref json, name, createdAt); break;
            case "closed_at": closedAt = Time(ref json, name, updatedAt); break;
            case "close_reason": closeReason = Text(ref json, name); break;
            case "due_at": dueAt = Time(ref json, name, ""); break;
            case "defer_until": deferUntil = Time(ref json, name, ""); break;
            case "labels": Labels(ref json); break;
            case "dependencies": Dependencies(ref json); break;
            default: Other(ref json, name, known); break;
        }
    }

    /// <summary>What the line was.</summary>
    public readonly TaskLineReading ToReading()
    {
        if (isHeader || kind is not "issue")
        {
            return new(isHeader ? TaskLineKind.Nothing : TaskLineKind.Foreign, null, null);
        }

        var isId = TaskId.TryParse(id, out var taskId);
        var wrong = problem
            ?? (id is "" ? "has no 'id'" : isId ? null : "has an 'id' that is no task id")
            ?? (title is "" ? "has no 'title'" : null)
            ?? (id.Equals(owner ?? id, StringComparison.OrdinalIgnoreCase) ? null : "has a dependency of another task");
        return wrong is not null ? new(TaskLineKind.Problem, null, wrong) : new(
            status is "tombstone" ? TaskLineKind.Tombstone : TaskLineKind.Task,
            new()
            {
                Id = taskId,
                Title = title,
                Description = description,
                Acceptance = acceptance,
                Design = design,
                Notes = notes,
                Status = status is "" ? "open" : status,
                Priority = priority,
                Type = type is "" ? "task" : type,
                Assignee = assignee,
                Labels = [.. scratch.Labels],
                Dependencies = [.. scratch.Dependencies],
                CreatedAt = createdAt,
                UpdatedAt = updatedAt,
                ClosedAt = closedAt,
                DeferUntil = deferUntil,
                DueAt = dueAt,
                CreatedBy = createdBy,
                CloseReason = closeReason,
                Other = other ?? [],
            },
            null)
        {
            HasMore = hasMore,
        };
    }

    private static string Name(ref Utf8JsonReader json, FieldNames names, ref int place, out bool known)
    {
        if (names.Find(json.ValueSpan, ref place) is { } found)
        {
            known = true;
            return found;
        }

        var name = json.GetString()!;
        var start = 0;
        known = json.ValueIsEscaped && names.Find(Encoding.UTF8.GetBytes(name), ref start) is not null;
        return name;
    }

    // What comes again and again is kept once.
    private readonly string? Repeated(in Utf8JsonReader json) =>
        json is { TokenType: JsonTokenType.String, ValueIsEscaped: false } ? scratch.Word(json.ValueSpan) : null;

    private string Word(ref Utf8JsonReader json, string name) => Repeated(json) ?? Text(ref json, name);

    // Most times of a task are the same.
    private string Same(ref Utf8JsonReader json, string name, params ReadOnlySpan<string> likely)
    {
        foreach (var word in likely)
        {
            if (json is { TokenType: JsonTokenType.String, ValueIsEscaped: false } && Ascii.Equals(json.ValueSpan, word))
            {
                return word;
            }
        }

        return Text(ref json, name);
    }

    // A null is the same as nothing, as for Beads.
    private string Text(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType is JsonTokenType.String)
        {
            return json.GetString()!;
        }

        if (json.TokenType is not JsonTokenType.Null)
        {
            problem ??= $"has a '{name}' that is no text";
        }

        json.Skip();
        return "";
    }

    private string Time(ref Utf8JsonReader json, string name, string likely)
    {
        var text = Same(ref json, name, likely);
        if (!ReferenceEquals(text, likely) && text is not "" && TaskTime.Parse(text) is null)
        {
            problem ??= $"has a '{name}' that is no time";
        }

        return text;
    }

    private int Priority(ref Utf8JsonReader json)
    {
        var level = 0;
        var isLevel = json.TokenType is JsonTokenType.Number && json.TryGetInt32(out level) && level is >= 0 and <= 4;
        if (!isLevel && json.TokenType is not JsonTokenType.Null)
        {
            problem ??= "has a 'priority' that is not 0 to 4";
        }

        json.Skip();
        return level;
    }

    private void Labels(ref Utf8JsonReader json)
    {
        if (!IsList(ref json, "labels"))
        {
            return;
        }

        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            scratch.Labels.Add(Word(ref json, "label"));
        }
    }

    private void Dependencies(ref Utf8JsonReader json)
    {
        if (!IsList(ref json, "dependencies"))
        {
            return;
        }

        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            if (json.TokenType is JsonTokenType.StartObject)
            {
                Dependency(ref json);
            }
            else
            {
                problem ??= "has a dependency that is no object";
                json.Skip();
            }
        }
    }

    private void Dependency(ref Utf8JsonReader json)
    {
        string target = "", edgeType = "", made = "", by = "", metadata = "";
        List<KeyValuePair<string, string>>? more = null;
        var edgePlace = 0;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = Name(ref json, TaskFields.EdgeTable, ref edgePlace, out _);
            json.Read();
            switch (name)
            {
                case "issue_id": Owner(ref json, name); break;
                case "depends_on_id": target = Text(ref json, name); break;
                case "type": edgeType = Word(ref json, name); break;
                case "created_at": made = Same(ref json, name, createdAt, updatedAt); break;
                case "created_by": by = Word(ref json, name); break;
                case "metadata": metadata = Word(ref json, name); break;
                default: (more ??= []).Add(new(name, Raw(ref json))); break;
            }
        }

        if (target is "" || edgeType is "")
        {
            problem ??= $"has a dependency without '{(target is "" ? "depends_on_id" : "type")}'";
        }

        scratch.Dependencies.Add(new(target, edgeType) { CreatedAt = made, CreatedBy = by, Metadata = metadata, Other = more ?? [] });
    }

    // Every edge repeats whose it is. The task's id may come later in the line, so the comparison waits for the end.
    private void Owner(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType is JsonTokenType.String && json.ValueTextEquals(owner ?? id))
        {
            return;
        }

        var text = Text(ref json, name);
        if (owner is not null && text is not "")
        {
            problem ??= "has dependencies of different tasks";
        }

        owner ??= text is "" ? null : text;
    }

    private bool IsList(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType is JsonTokenType.StartArray)
        {
            return true;
        }

        if (json.TokenType is not JsonTokenType.Null)
        {
            problem ??= $"has '{name}' that are no list";
        }

        json.Skip();
        return false;
    }

    // Beads never writes an empty value of a field it knows; what it does not know may be empty on purpose.
    private void Other(ref Utf8JsonReader json, string name, bool known)
    {
        var raw = Raw(ref json);
        if (!known || raw is not ("null" or "false" or "[]" or "\"\""))
        {
            (other ??= []).Add(new(name, raw));
        }
    }

    // A line break can only stand between two tokens, and must not get into our file.
    private readonly string Raw(ref Utf8JsonReader json)
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        var raw = Encoding.UTF8.GetString(line[start..(int)json.BytesConsumed]);
        return raw.AsSpan().IndexOfAny('\n', '\r') < 0
            ? raw
            : raw.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
    }
}
