using Village.Events;
using Village.Tasks;

namespace Village.Core.Tests.Events;

/// <summary>Short ways to say an event, for tests.</summary>
internal static class EventSamples
{
    /// <summary>A state change, some seconds after the samples' now.</summary>
    public static VillageEvent To(string task, TaskState to, long? generation = null, int? attempt = null, double seconds = 0) => new()
    {
        Ts = Tasks.TaskSamples.Now.AddSeconds(seconds),
        Cmd = "test",
        Task = task,
        To = to,
        Generation = generation,
        Attempt = attempt,
    };

    /// <summary>What an agent says of itself.</summary>
    public static VillageEvent Signal(string task, string signal, long? generation = null) =>
        new() { Ts = Tasks.TaskSamples.Now, Cmd = "signal", Task = task, Signal = signal, Message = $"{signal}!", Generation = generation };

    public static Ledger Ledger(params IEnumerable<VillageEvent> events)
    {
        var ledger = new Ledger();
        foreach (var e in events)
        {
            ledger.Add(e);
        }

        return ledger;
    }
}
