using System.Security.Cryptography;
using System.Text;
using Village.Tasks;

namespace Village.Beads;

/// <summary>
/// The names of a village's workers in Beads: <c>village/HOST/SESSION-0a1b2c3d/TASK</c>. A name of its own for each worker, since bd
/// gives a task again to whoever has it; and for each clone, since two may share one database. It stays the same for every attempt
/// at a task: Village's lease sees to it that there is one at a time.
/// </summary>
/// <param name="Prefix">What all names begin with.</param>
public sealed record BeadsActors(string Prefix)
{
    /// <summary>The names for a village.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="session">The tmux session.</param>
    /// <param name="directory">The state directory, which tells two clones apart.</param>
    public static BeadsActors For(string host, string session, string directory) => new(
        $"village/{Printable.Line(host)}/{session}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..8]}/");

    /// <summary>The name of whoever works on a task.</summary>
    public string Of(TaskId task) => Prefix + task.Value;

    /// <summary>
    /// A task of Beads as Village's own log would have it kept: what this village's workers have there, or have failed at, is open.
    /// Where it stands the log says.
    /// </summary>
    public TaskSpec Unclaimed(TaskSpec task) =>
        task.Status is "in_progress" && AreOurs(task.Assignee) ? task with { Status = "open", Assignee = "" }
        : task is { Status: "blocked", Assignee: "" } && AreOurs(TaskMetadata.Value(task, "village_run") ?? "") ? task with { Status = "open" }
        : task;

    /// <summary>Whether a name is one of this village's workers.</summary>
    public bool AreOurs(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}
