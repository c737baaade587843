using System.Globalization;
using Village.Errors;
using Village.Tasks;

namespace Village.Beads;

/// <summary>One call of <c>bd</c> that changes something.</summary>
/// <param name="Task">The task; for a new one the id that Village gave it for the time being.</param>
/// <param name="Words">The arguments, without <c>--json</c> and <c>--actor</c>. What a person wrote stands behind <c>=</c> or <c>--</c>.</param>
/// <param name="Creates">Whether the task is a new one, whose id bd chooses.</param>
public sealed record BeadsCall(TaskId Task, IReadOnlyList<string> Words, bool Creates = false);

/// <summary>Says a change of the store in calls of <c>bd</c>.</summary>
public static class BeadsWrites
{
    /// <summary>
    /// The calls that make of one store the other, in order: new tasks, then edges, then fields, then what is closed and deleted.
    /// Yielded one by one, and <paramref name="name"/> is asked for each: by then the ids of the tasks made before are known.
    /// </summary>
    /// <param name="before">The store as bd told it.</param>
    /// <param name="after">The store as it is to be.</param>
    /// <param name="keepsIds">Whether new tasks are to get just the ids that they have here.</param>
    /// <param name="hasKeys">Whether this bd can set single keys of the metadata.</param>
    /// <param name="name">The id by which bd knows a task.</param>
    public static IEnumerable<BeadsCall> Of(TaskStore before, TaskStore after, bool keepsIds, bool hasKeys, Func<string, string> name)
    {
        var old = before.Tasks.ToDictionary(task => task.Id);
        var kept = after.Tasks.Select(task => task.Id).ToHashSet();
        var changed = after.Tasks.Where(task => !old.TryGetValue(task.Id, out var known) || !ReferenceEquals(known, task)).ToList();
        RefuseGates(old, changed);
        foreach (var task in changed.Where(task => !old.ContainsKey(task.Id)))
        {
            yield return new(task.Id, Create(task, keepsIds, name), Creates: true);
        }

        var gone = before.Tasks.Where(task => !kept.Contains(task.Id)).ToList();
        foreach (var task in gone)
        {
            yield return new(task.Id, ["delete", "--force", "--", task.Id.Value]);
        }

        foreach (var task in changed)
        {
            var known = old.GetValueOrDefault(task.Id) ?? Made(task, keepsIds);
            foreach (var words in Edges(known, task, gone, name).Concat(Fields(known, task, name(task.Id.Value), before, hasKeys)))
            {
                yield return new(task.Id, words);
            }
        }
    }

    /// <summary>What bd did not do of what it was asked, or null: the content decides, not the exit code.</summary>
    /// <param name="wanted">The task as it was to be.</param>
    /// <param name="found">The task as bd shows it, or null.</param>
    /// <param name="name">The id by which bd knows a task.</param>
    public static string? Difference(TaskSpec wanted, TaskSpec? found, Func<string, string> name) =>
        found is null ? "is not there"
        : found.Title != wanted.Title ? "has another title"
        : found.Status != wanted.Status ? $"has the status '{Printable.Line(found.Status)}' and not '{Printable.Line(wanted.Status)}'"
        : found.Priority != wanted.Priority ? $"has the priority {found.Priority} and not {wanted.Priority}"
        : found.Type != wanted.Type ? $"has the type '{Printable.Line(found.Type)}' and not '{Printable.Line(wanted.Type)}'"
        : found.Assignee != wanted.Assignee ? $"has the assignee '{Printable.Line(found.Assignee)}' and not '{Printable.Line(wanted.Assignee)}'"
        : wanted.Labels.Except(found.Labels).FirstOrDefault() is { } label ? $"lacks the label '{Printable.Line(label)}'"
        : wanted.Dependencies.FirstOrDefault(edge => !found.Dependencies.Any(other => other.Type == edge.Type && Same(other.DependsOn, name(edge.DependsOn)))) is { } edge
            ? $"does not depend on {Printable.Line(name(edge.DependsOn))}"
        : null;

    private static List<string> Create(TaskSpec task, bool keepsId, Func<string, string> name)
    {
        List<string> words = ["create", $"--title={task.Title}", Priority(task), $"--type={task.Type}"];
        Text(words, "description", task.Description);
        Text(words, "design", task.Design);
        Text(words, "acceptance", task.Acceptance);
        Text(words, "notes", task.Notes);
        Text(words, "assignee", task.Assignee);
        Text(words, "due", task.DueAt);
        Text(words, "labels", string.Join(',', task.Labels.Where(IsPlain)));
        if (keepsId)
        {
            // Its prefix was looked at before; that it is free too.
            words.AddRange([$"--id={task.Id}", "--force"]);
        }
        else if (Parent(task) is { } parent)
        {
            words.Add($"--parent={name(parent)}");
        }

        return words;
    }

    // A new task as bd has made it by the call above.
    private static TaskSpec Made(TaskSpec task, bool keepsId) => task with
    {
        Status = "open",
        DeferUntil = "",
        Labels = [.. task.Labels.Where(IsPlain)],
        Dependencies = !keepsId && Parent(task) is { } parent ? [new(parent, DependencyType.ParentChild)] : [],
        Other = [],
    };

    private static IEnumerable<IReadOnlyList<string>> Edges(TaskSpec old, TaskSpec task, List<TaskSpec> gone, Func<string, string> name)
    {
        var id = name(task.Id.Value);
        HashSet<string> cut = new(StringComparer.OrdinalIgnoreCase);
        foreach (var edge in old.Dependencies.Where(edge => !Has(task, edge) && !gone.Any(other => Same(other.Id.Value, edge.DependsOn))))
        {
            if (cut.Add(edge.DependsOn))
            {
                yield return ["dep", "remove", "--", id, name(edge.DependsOn)];
            }
        }

        // bd up to 0.49 has several edges to one task, and takes them all away at once.
        foreach (var edge in task.Dependencies.Where(edge => cut.Contains(edge.DependsOn) || !Has(old, edge)))
        {
            yield return ["dep", "add", $"--type={edge.Type}", "--", id, name(edge.DependsOn)];
        }
    }

    // Before the first call, for there is none that undoes what was made until then.
    private static void RefuseGates(Dictionary<TaskId, TaskSpec> old, IEnumerable<TaskSpec> changed)
    {
        if (changed.SelectMany(task => task.Dependencies.Where(edge => !(old.TryGetValue(task.Id, out var known) && Has(known, edge)))).FirstOrDefault(edge => edge.WaitsForAny) is { } gate)
        {
            throw new VillageException(
                ErrorKind.UserInput, "bd takes a gate for any of the children only with a new task", $"bd create --waits-for {gate.DependsOn} --waits-for-gate any-children");
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Fields(TaskSpec old, TaskSpec task, string id, TaskStore before, bool hasKeys)
    {
        var isOpened = old.IsClosed && !task.IsClosed;
        if (isOpened)
        {
            yield return ["reopen", "--", id];
            old = old with { Status = "open" };
        }

        List<string> words = ["update"];
        Change(words, "title", old.Title, task.Title);
        Change(words, "description", old.Description, task.Description);
        Change(words, "design", old.Design, task.Design);
        Change(words, "acceptance", old.Acceptance, task.Acceptance);
        Change(words, "notes", old.Notes, task.Notes);
        Change(words, "assignee", old.Assignee, task.Assignee);
        Change(words, "type", old.Type, task.Type);
        Change(words, "due", old.DueAt, task.DueAt);

        // Newer ones forget how long a task was put off when they open it again, and older ones do not.
        var isPutOff = old.DeferUntil != task.DeferUntil || (isOpened && old.DeferUntil is not "");
        if (isPutOff)
        {
            words.Add($"--defer={task.DeferUntil}");
        }

        if (old.Priority != task.Priority)
        {
            words.Add(Priority(task));
        }

        // Beads from 1.0.1 takes what is put off for deferred, and that does not pass with the date.
        if (!task.IsClosed && (old.Status != task.Status || isPutOff))
        {
            words.Add($"--status={task.Status}");
        }

        words.AddRange(task.Labels.Except(old.Labels).Where(IsPlain).Select(label => $"--add-label={label}"));
        words.AddRange(old.Labels.Except(task.Labels).Where(IsPlain).Select(label => $"--remove-label={label}"));
        words.AddRange(Metadata(old, task, hasKeys));
        if (words.Count > 1)
        {
            yield return [.. words, "--", id];
        }

        // bd does not take these beside --metadata.
        if (hasKeys && TaskMetadata.Keys(old).Except(TaskMetadata.Keys(task)).Select(key => $"--unset-metadata={key}").ToList() is [_, ..] missing)
        {
            yield return ["update", .. missing, "--", id];
        }

        foreach (var label in task.Labels.Except(old.Labels).Where(label => !IsPlain(label)))
        {
            yield return ["label", "add", "--", id, label];
        }

        foreach (var label in old.Labels.Except(task.Labels).Where(label => !IsPlain(label)))
        {
            yield return ["label", "remove", "--", id, label];
        }

        var known = TaskComments.Of(old).Select(comment => comment.Id).ToHashSet();
        foreach (var comment in TaskComments.Of(task).Where(comment => !known.Contains(comment.Id)))
        {
            yield return ["comments", "add", "--", id, comment.Text];
        }

        if (task.IsClosed && !old.IsClosed)
        {
            // Whoever asked for this has said --force, or there is nothing to be said against it.
            var isForced = old.IsPinned || before.Tasks.Any(other => !other.IsClosed && HoldsOpen(other, old));
            yield return ["close", $"--reason={task.CloseReason}", .. isForced ? ["--force"] : Array.Empty<string>(), "--", id];
        }
    }

    // All keys as they are to be, since bd up to 0.56 replaces the whole; newer ones keep what is missing, and are told of it apart.
    private static IEnumerable<string> Metadata(TaskSpec old, TaskSpec task, bool hasKeys) =>
        old.Field("metadata") == task.Field("metadata") ? []
        : !hasKeys ? [$"--metadata={task.Field("metadata") ?? "{}"}"]
        : TaskMetadata.Keys(task).Any(key => TaskMetadata.Value(old, key) != TaskMetadata.Value(task, key)) ? [$"--metadata={task.Field("metadata")}"]
        : [];

    private static bool HoldsOpen(TaskSpec other, TaskSpec task) =>
        task.Dependencies.Any(edge => edge.IsBlocking && Same(edge.DependsOn, other.Id.Value))
        || (task.IsEpic && other.Dependencies.Any(edge => edge.Type is DependencyType.ParentChild && Same(edge.DependsOn, task.Id.Value)));

    private static string? Parent(TaskSpec task) => task.Dependencies.FirstOrDefault(edge => edge.Type is DependencyType.ParentChild)?.DependsOn;

    private static bool Has(TaskSpec task, TaskDependency edge) =>
        task.Dependencies.Any(other => other.Type == edge.Type && Same(other.DependsOn, edge.DependsOn));

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    // bd splits lists of labels at commas, and takes quotes for its own.
    private static bool IsPlain(string label) => !label.AsSpan().ContainsAny(",\"\n");

    private static string Priority(TaskSpec task) => string.Create(CultureInfo.InvariantCulture, $"--priority={task.Priority}");

    private static void Text(List<string> words, string flag, string text) => Change(words, flag, "", text);

    private static void Change(List<string> words, string flag, string old, string text)
    {
        if (old != text)
        {
            words.Add($"--{flag}={text}");
        }
    }
}
