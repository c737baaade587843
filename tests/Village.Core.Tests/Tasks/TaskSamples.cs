using System.Text;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

/// <summary>Short ways to say a task, for tests.</summary>
internal static class TaskSamples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static TaskId Id(string id) => TaskId.Parse(id);

    /// <summary>An open task; edges as <c>blocks:bd-b</c>.</summary>
    public static TaskSpec Task(string id, params string[] edges) => new()
    {
        Id = Id(id),
        Title = id,
        CreatedAt = "2026-11-01T00:00:00Z",
        UpdatedAt = "2026-11-01T00:00:00Z",
        Dependencies = [.. from edge in edges let part = edge.Split(':', 2) select new TaskDependency(part[1], part[0])],
    };

    public static TaskSpec Parse(string line)
    {
        var reading = TaskLine.Parse(Encoding.UTF8.GetBytes(line));
        Assert.Null(reading.Problem);
        return Assert.IsType<TaskSpec>(reading.Task);
    }

    public static string Format(TaskSpec task) => Encoding.UTF8.GetString(TaskLine.Format(task));

    public static string? Problem(string line) => TaskLine.Parse(Encoding.UTF8.GetBytes(line)).Problem;
}
