using Village.Errors;
using Village.Tasks;

namespace Village.Core.Tests.Tasks;

public sealed class TaskBatchTests
{
    [Fact]
    public void A_list_in_Markdown_is_a_list_of_tasks()
    {
        var tasks = TaskBatch.Parse("""
            # Plan

            Some words that are no task.

            - Fix the login page P1 #ui agent:build type:bug
              It says 500
              when there is a quote.
              1. [ ] Write a test after:bd-a3f
            - [x] Was done before
              Not a task.
              - Still to do
            * Costs 5 dollars #
            """);

        Assert.Equal(["Fix the login page", "Write a test", "Still to do", "Costs 5 dollars #"], tasks.Select(task => task.Title));
        Assert.Equal((1, "bug", "It says 500\nwhen there is a quote."), (tasks[0].Priority, tasks[0].Type, tasks[0].Description));
        Assert.Equal(["agent:build", "ui"], tasks[0].Labels.Order(StringComparer.Ordinal));
        Assert.Equal([null, tasks[0].Key, null, null], tasks.Select(task => task.Parent));
        Assert.Equal(["bd-a3f"], tasks[1].DependsOn);
    }

    [Fact]
    public void So_is_one_JSON_object_a_line()
    {
        var tasks = TaskBatch.Parse("""
            {"title":"Fix","key":"login","priority":1,"type":"feat","labels":["ui"],"acceptance":"A","design":"D","notes":"N","assignee":"ann"}

            {"title":"Tell","depends_on":["login","bd-a3f"],"parent":"login","priority":"P0"}
            """);

        Assert.Equal(("Fix", "login", 1, "feature", "A", "D", "N", "ann"),
            (tasks[0].Title, tasks[0].Key, tasks[0].Priority, tasks[0].Type, tasks[0].Acceptance, tasks[0].Design, tasks[0].Notes, tasks[0].Assignee));
        Assert.Equal(("Tell", "login", 0), (tasks[1].Title, tasks[1].Parent, tasks[1].Priority));
        Assert.Equal(["login", "bd-a3f"], tasks[1].DependsOn);
    }

    [Theory]
    [InlineData("", "there is no task in the text")]
    [InlineData("words", "there is no task in the text")]
    [InlineData("- a\n- b type:bugg", "line 2: --type: there is no type 'bugg'")]
    [InlineData("{\"title\":\"\"}", "line 1: a task needs a title")]
    [InlineData("{\"title\":\"T\"}\n{", "line 2: it is not a JSON object")]
    [InlineData("{\"title\":7}", "line 1: 'title' is no text")]
    [InlineData("{\"title\":\"\\ud800\"}", "line 1: 'title' is no text")]
    [InlineData("{\"title\":\"T\",\"labels\":\"a\"}", "line 1: 'labels' is no list of texts")]
    [InlineData("{\"title\":\"T\",\"id\":\"bd-1\"}", "line 1: a new task gets its id here")]
    [InlineData("{\"title\":\"T\",\"titel\":\"bd-1\"}", "line 1: there is no field 'titel'")]
    [InlineData("{\"title\":\"T\",\"key\":\"a\"}\n{\"title\":\"T\",\"key\":\"a\"}", "two lines have the key 'a'")]
    public void What_is_wrong_is_named_with_its_line(string text, string message) =>
        Assert.Equal(message, Assert.Throws<VillageException>(() => TaskBatch.Parse(text)).Message);
}
