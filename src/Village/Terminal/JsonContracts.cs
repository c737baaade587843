using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Village.Cleanup;
using Village.Dashboard;
using Village.Events;
using Village.Reports;

namespace Village.Terminal;

/// <summary>Every JSON document the program prints (docs/formats.md describes them).</summary>
[JsonSerializable(typeof(AgentsReport))]
[JsonSerializable(typeof(AttachReport))]
[JsonSerializable(typeof(CleanupPlan))]
[JsonSerializable(typeof(CleanupReport))]
[JsonSerializable(typeof(CompletionReport))]
[JsonSerializable(typeof(ConfigReport))]
[JsonSerializable(typeof(ChangesReport))]
[JsonSerializable(typeof(ConflictsReport))]
[JsonSerializable(typeof(ContractReport))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(DownReport))]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(ExecReport))]
[JsonSerializable(typeof(GraphReport))]
[JsonSerializable(typeof(LocksReport))]
[JsonSerializable(typeof(LogReport))]
[JsonSerializable(typeof(MetricsReport))]
[JsonSerializable(typeof(NextStepReport))]
[JsonSerializable(typeof(PauseReport))]
[JsonSerializable(typeof(QueuePlanReport))]
[JsonSerializable(typeof(QueueReport))]
[JsonSerializable(typeof(ReadyReport))]
[JsonSerializable(typeof(ResumeAllReport))]
[JsonSerializable(typeof(ResumeReport))]
[JsonSerializable(typeof(RetryReport))]
[JsonSerializable(typeof(RollbackReport))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(SendReport))]
[JsonSerializable(typeof(SignalReport))]
[JsonSerializable(typeof(StateReport))]
[JsonSerializable(typeof(StatesReport))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(DashboardReport))]
[JsonSerializable(typeof(WhyReport))]
[JsonSerializable(typeof(InboxReport))]
[JsonSerializable(typeof(WaitReport))]
[JsonSerializable(typeof(SyncReport))]
[JsonSerializable(typeof(TaskCyclesReport))]
[JsonSerializable(typeof(TaskDeleteReport))]
[JsonSerializable(typeof(TasksDeleteReport))]
[JsonSerializable(typeof(TaskExportReport))]
[JsonSerializable(typeof(TaskImportReport))]
[JsonSerializable(typeof(TaskLabelsReport))]
[JsonSerializable(typeof(TaskListReport))]
[JsonSerializable(typeof(TaskMoveReport))]
[JsonSerializable(typeof(TaskReport))]
[JsonSerializable(typeof(TaskStatsReport))]
[JsonSerializable(typeof(TaskTreeReport))]
[JsonSerializable(typeof(TrashDropReport))]
[JsonSerializable(typeof(TrashListReport))]
[JsonSerializable(typeof(TrashShowReport))]
[JsonSerializable(typeof(UndoReport))]
[JsonSerializable(typeof(UnlockReport))]
[JsonSerializable(typeof(UpReport))]
[JsonSerializable(typeof(UsageReport))]
internal sealed partial class JsonContracts : JsonSerializerContext
{
    /// <summary>The shapes as they are printed: nothing escaped that JSON does not demand, times as the event log writes them.</summary>
    public static JsonContracts Shapes { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new EventTime() },
    });

    private sealed class EventTime : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            EventLine.ParseTime(reader.GetString()) ?? throw new JsonException("not a time");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(EventLine.Time(value));
    }
}
