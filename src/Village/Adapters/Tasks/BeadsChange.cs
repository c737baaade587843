using Village.Beads;
using Village.Errors;
using Village.Tasks;

namespace Village.Adapters.Tasks;

/// <summary>Makes of Beads' tasks what they are to be, call by call, and looks at what came of it.</summary>
internal sealed class BeadsChange(BeadsTool beads, BeadsActors actors, string actor)
{
    private readonly Dictionary<TaskId, TaskId> ids = [];
    private readonly List<TaskId> touched = [];
    private string? said;

    /// <summary>The ids that new tasks were given, by those that they had before.</summary>
    public IReadOnlyDictionary<TaskId, TaskId> Ids => ids;

    /// <summary>Carries the change out and returns the store as it is afterwards. What bd refuses ends it; what was done before stays, and is named.</summary>
    public async Task<TaskStore> RunAsync(TaskStore before, TaskStore after, bool keepsIds, CancellationToken ct)
    {
        foreach (var call in BeadsWrites.Of(before, after, keepsIds, (await beads.VersionAsync(ct)).HasMetadataKeys, Name))
        {
            if (call.Creates && keepsIds && (await beads.ShowAsync([call.Task], ct)).Of(call.Task) is not null)
            {
                // bd up to 1.0.3 would write over it.
                throw new VillageException(ErrorKind.Blocked, $"there is a task '{call.Task}' in Beads already", $"village task show {call.Task}");
            }

            await CallAsync(call, ct);
        }

        var wanted = after.Tasks.Where(task => touched.Contains(task.Id)).ToDictionary(task => task.Id);
        var shown = wanted.Count is 0 ? null : await beads.ShowAsync([.. wanted.Keys.Select(Given)], ct);
        TaskSpec? Found(TaskId id) => shown?.Of(Given(id)) is { } issue ? actors.Unclaimed(issue.Task) : null;
        foreach (var task in wanted.Values)
        {
            if (BeadsWrites.Difference(task, Found(task.Id), Name) is { } difference)
            {
                throw new VillageException(ErrorKind.Permanent, $"'{Given(task.Id)}' {difference} in Beads{(said is null ? "" : $": {said}")}", $"village task show {Given(task.Id)}");
            }
        }

        return after with { Tasks = [.. after.Tasks.Select(task => wanted.ContainsKey(task.Id) ? Found(task.Id)! : task)] };
    }

    private TaskId Given(TaskId id) => ids.GetValueOrDefault(id, id);

    private string Name(string id) => TaskId.TryParse(id, out var known) && ids.TryGetValue(known, out var given) ? given.Value : id;

    private async Task CallAsync(BeadsCall call, CancellationToken ct)
    {
        var answer = await beads.WriteAsync(call.Words, actor, ct);
        if (call.Creates && answer.Issues is [var made])
        {
            ids[call.Task] = made.Task.Id;
        }
        else if (call.Creates || (!answer.Succeeded && !IsThereAlready(call, answer)) || IsMissing(call, answer))
        {
            throw WithWhatWasDone(BeadsTool.Failure(call.Words[0], answer));
        }
        else if (answer.Issues is null or [])
        {
            // Whether it was done, the look at the end tells.
            said = answer.Sentence;
        }

        if (call.Words[0] is not "delete" && !touched.Contains(call.Task))
        {
            touched.Add(call.Task);
        }
    }

    private VillageException WithWhatWasDone(VillageException failure) => ids is { Count: 0 } ? failure
        : new(failure.Kind, $"{failure.Message}; {string.Join(", ", ids.Values)} {(ids.Count is 1 ? "was" : "were")} made before that", failure.Hint, failure);

    // bd 0.49 says no and exits with 0. What was changed is in the answer of every version.
    private bool IsMissing(BeadsCall call, BeadsAnswer answer) =>
        call.Words[0] is "update" or "close" && answer.Of(ids.GetValueOrDefault(call.Task, call.Task)) is null;

    // bd 0.49 takes an edge only once, and newer ones as often as one likes.
    private static bool IsThereAlready(BeadsCall call, BeadsAnswer answer) =>
        call.Words is ["dep", "add", ..] && answer.Sentence.Contains("UNIQUE", StringComparison.OrdinalIgnoreCase);
}
