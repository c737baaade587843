using Village.Hosting;
using Village.Leases;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Operations;

/// <summary>The last look at a task before its agent starts: whether it is still to be started, and as what.</summary>
internal static class Reconsider
{
    /// <summary>The task as it is now, or why it is not started after all. The log says what has changed of it since the start was decided.</summary>
    public static (TaskSpec? Task, Skip? Objection) Run(VillageContext village, Lease lease, Premise premise, Action<string> say)
    {
        var graph = village.GraphOf(village.Events.Read());
        var task = graph.Find(lease.Task);
        if (premise.Objection(lease.Task, lease.Agent, graph, village.Config) is { } objection)
        {
            return (task, objection);
        }

        if (task is not null && premise.Changes(task) is { Count: > 0 } changes)
        {
            var message = $"changed since its start was decided: {string.Join(", ", changes)}";
            AttemptNote.Write(village, lease, "task_changed", message);
            say($"{lease.Task}: {message}; the agent is told the new text");
        }

        return (task, null);
    }
}
