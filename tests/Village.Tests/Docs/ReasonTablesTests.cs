using System.Globalization;
using System.Text;
using Village.Diagnosis;
using Village.Errors;
using Village.Events;
using Village.Leases;
using Village.Scheduling;
using Village.Tasks;

namespace Village.Tests.Docs;

/// <summary>The closed lists of reasons and kinds in the documents are those of the program.</summary>
public sealed class ReasonTablesTests
{
    [Fact]
    public void The_table_of_error_kinds_is_the_one_table_from_kinds_to_exit_codes()
    {
        var text = new StringBuilder("| Kind | Exit code | Meaning |\n|---|---|---|\n");
        foreach (var kind in Enum.GetValues<ErrorKind>())
        {
            var example = new VillageException(kind, "");
            Row(text, example.KindName, $"{(int)example.ExitCode} | {Summaries.OfField(typeof(ErrorKind), kind.ToString())}");
        }

        text.ToString().ShouldBeBlock("docs/troubleshooting.md", "error kinds");
    }

    [Fact]
    public void The_table_of_skip_reasons_is_complete()
    {
        var text = new StringBuilder("| Reason | Why the task is not started |\n|---|---|\n");
        foreach (var reason in Enum.GetValues<SkipReason>())
        {
            Row(text, reason.Name(), Summaries.OfField(typeof(SkipReason), reason.ToString()));
        }

        text.ToString().ShouldBeBlock("docs/formats.md", "skip reasons");
    }

    [Fact]
    public void The_table_of_findings_is_complete_and_each_has_an_entry_of_what_to_do()
    {
        var text = new StringBuilder("| Kind | What was found |\n|---|---|\n");
        foreach (var kind in Enum.GetValues<FindingKind>())
        {
            Row(text, kind.Name(), Summaries.OfField(typeof(FindingKind), kind.ToString()));
        }

        text.ToString().ShouldBeBlock("docs/troubleshooting.md", "finding kinds");
        var entries = Markdown.Read("docs/troubleshooting.md").Split('\n').Where(line => line.StartsWith("- `", StringComparison.Ordinal))
            .SelectMany(line => line[2..line.IndexOf(':', StringComparison.Ordinal)].Split(", ")).ToList();
        Assert.Equal(Enum.GetValues<FindingKind>().Select(kind => $"`{kind.Name()}`").Order(), entries.Order());
    }

    [Fact]
    public void The_table_of_failure_reasons_is_complete()
    {
        var text = new StringBuilder("| Reason | Why the attempt failed |\n|---|---|\n");
        foreach (var field in typeof(FailureReason).GetFields())
        {
            Row(text, (string)field.GetRawConstantValue()!, Summaries.OfField(typeof(FailureReason), field.Name));
        }

        text.ToString().ShouldBeBlock("docs/formats.md", "failure reasons");
    }

    [Fact]
    public void The_table_of_lease_statuses_is_complete()
    {
        var text = new StringBuilder("| Status | Meaning |\n|---|---|\n");
        foreach (var status in Enum.GetValues<LeaseStatus>())
        {
            Row(text, status.Name(), Summaries.OfField(typeof(LeaseStatus), status.ToString()));
        }

        text.ToString().ShouldBeBlock("docs/formats.md", "lease statuses");
    }

    [Fact]
    public void The_table_of_states_is_the_table_of_moves()
    {
        var text = new StringBuilder("| State | Meaning | May become |\n|---|---|---|\n");
        foreach (var state in TaskStates.All)
        {
            Row(text, state.Name(), $"{Summaries.OfField(typeof(TaskState), state.ToString())} | {string.Join(", ", state.Targets().Select(s => Markdown.Code(s.Name())))}");
        }

        text.ToString().ShouldBeBlock("docs/formats.md", "states");
    }

    // In the order in which a line has them, which is the order of the properties.
    [Fact]
    public void The_table_of_event_keys_is_complete()
    {
        var text = new StringBuilder("| Key | Meaning |\n|---|---|\n");
        foreach (var property in typeof(VillageEvent).GetProperties().Where(p => p.Name is not ("Raw" or "EqualityContract")))
        {
            Row(text, Summaries.Snake(property.Name), Summaries.OfProperty(typeof(VillageEvent), property.Name));
        }

        text.ToString().ShouldBeBlock("docs/formats.md", "event keys");
    }

    private static void Row(StringBuilder text, string name, string meaning) =>
        text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {meaning} |\n");
}
