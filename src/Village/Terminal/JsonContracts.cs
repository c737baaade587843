using System.Text.Json.Serialization;
using Village.Cleanup;
using Village.Reports;

namespace Village.Terminal;

/// <summary>Every JSON document the program prints (docs/formats.md describes them).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(AttachReport))]
[JsonSerializable(typeof(CleanupPlan))]
[JsonSerializable(typeof(CleanupReport))]
[JsonSerializable(typeof(ConfigReport))]
[JsonSerializable(typeof(DownReport))]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(LocksReport))]
[JsonSerializable(typeof(LogReport))]
[JsonSerializable(typeof(NextStepReport))]
[JsonSerializable(typeof(QueuePlanReport))]
[JsonSerializable(typeof(QueueReport))]
[JsonSerializable(typeof(ReadyReport))]
[JsonSerializable(typeof(ResumeReport))]
[JsonSerializable(typeof(RetryReport))]
[JsonSerializable(typeof(SignalReport))]
[JsonSerializable(typeof(StateReport))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(TaskListReport))]
[JsonSerializable(typeof(TaskReport))]
[JsonSerializable(typeof(UnlockReport))]
[JsonSerializable(typeof(UpReport))]
internal sealed partial class JsonContracts : JsonSerializerContext;
