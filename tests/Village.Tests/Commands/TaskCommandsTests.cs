using System.Text;
using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village task …</c>: the embedded store from the command line.</summary>
[Trait("scm", "none")]
public sealed class TaskCommandsTests
{
    [Fact]
    public async Task A_task_is_shown_as_it_was_added()
    {
        await using var village = await TestVillage.UpAsync();
        var clock = ManualClock.Fixed();
        var first = (await village.RunInProcessAsync(clock, "task", "add", "First thing")).Succeed().Out.Trim();
        clock.Pass(TimeSpan.FromSeconds(1));
        var task = (await village.RunInProcessAsync(
            clock, "task", "add", "Fix the login page", "-p", "1", "-t", "bug", "-l", "agent:build", "ui", "--depends-on", first,
            "-d", "It is broken.\nVery.", "--acceptance", "A person can log in")).Succeed().Out.Trim();

        (await village.RunInProcessAsync(clock, "task", "show", task)).Transcript.Replace(task, "TASK", StringComparison.Ordinal).Replace(first, "FIRST", StringComparison.Ordinal).ShouldBe("""
            TASK  Fix the login page
            bug, priority 1, open, queued
            labels: agent:build, ui
            blocks: FIRST  First thing
            not ready: waits for FIRST

            Description:
            It is broken.
            Very.

            Acceptance:
            A person can log in

            made 2026-01-22T10:41:13Z by tester, changed 2026-01-22T10:41:13Z
            """);
        (await village.RunInProcessAsync(clock, "task", "list")).Transcript.Replace(task, "TASK--", StringComparison.Ordinal).Replace(first, "FIRST-", StringComparison.Ordinal).ShouldBe("""
            TASK    P  TYPE  STATE    TITLE
            TASK--  1  bug   waiting  Fix the login page (after FIRST-)
            FIRST-  2  task  ready    First thing
            """);
        (await village.RunInProcessAsync(clock, "task", "show", task, "--json")).Transcript.Replace(task, "TASK", StringComparison.Ordinal).Replace(first, "FIRST", StringComparison.Ordinal).ShouldBe("""
            {
              "command": "task show",
              "version": 1,
              "task": {
                "id": "TASK",
                "title": "Fix the login page",
                "status": "open",
                "state": "queued",
                "ready": false,
                "priority": 1,
                "type": "bug",
                "labels": [
                  "agent:build",
                  "ui"
                ],
                "blocked_by": [
                  "FIRST"
                ]
              },
              "not_ready": "is blocked by FIRST",
              "description": "It is broken.\nVery.",
              "acceptance": "A person can log in",
              "design": "",
              "notes": "",
              "assignee": "",
              "estimated_minutes": null,
              "dependencies": [
                {
                  "depends_on": "FIRST",
                  "type": "blocks"
                }
              ],
              "dependents": [],
              "comments": [],
              "metadata": null,
              "created_at": "2026-01-22T10:41:13Z",
              "created_by": "tester",
              "updated_at": "2026-01-22T10:41:13Z",
              "defer_until": null,
              "due_at": null,
              "closed_at": null,
              "close_reason": null
            }
            """);
    }

    [Fact]
    public async Task The_file_holds_one_line_a_task_in_Beads_own_format()
    {
        await using var village = await TestVillage.UpAsync();

        var task = (await village.RunInProcessAsync(ManualClock.Fixed(), "task", "add", "Fix <login>", "-p", "P0", "-l", "agent:build")).Succeed().Out.Trim();

        File.ReadAllText(Path.Combine(village.State, "tasks.jsonl")).TrimEnd('\n').Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            {"id":"TASK","title":"Fix \u003clogin\u003e","status":"open","priority":0,"issue_type":"task","created_at":"2026-01-22T10:41:12Z","created_by":"tester","updated_at":"2026-01-22T10:41:12Z","labels":["agent:build"]}
            """);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("x", "-p", "5")]
    [InlineData("x", "-p", "-1")]
    [InlineData("x", "-p", "high")]
    [InlineData("x", "-t", "bugg")]
    [InlineData("x", "-l", " ")]
    [InlineData("x", "y")]
    [InlineData("--prioritty")]
    public async Task What_makes_no_sense_is_not_added(params string[] words)
    {
        await using var village = await TestVillage.UpAsync();

        Assert.Empty(await village.RefuseAsync(village.Root, 5, "user_input", [["task", "add", .. words]]));
        Assert.False(File.Exists(Path.Combine(village.State, "tasks.jsonl")));
    }

    [Fact]
    public async Task A_title_has_at_most_500_bytes()
    {
        await using var village = await TestVillage.UpAsync();

        Assert.Empty(await village.RefuseAsync(village.Root, 5, "user_input", [["task", "add", new string('é', 251)]]));
        await village.AddAsync(new string('é', 250));
    }

    [Fact]
    public async Task A_title_that_looks_like_an_option_goes_after_two_dashes()
    {
        await using var village = await TestVillage.UpAsync();

        var task = (await village.RunAsync("task", "add", "--", "--drain")).Succeed().Out.Trim();

        Assert.Equal("--drain", (await village.RunAsync("task", "show", task, "--json")).Json().GetProperty("task").GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_description_may_come_from_standard_input()
    {
        await using var village = await TestVillage.UpAsync();
        var text = new StringBuilder().Insert(0, "ünï\n\t\"quoted\" $(x) `y`\n", 4000).ToString();

        var task = (await village.RunInAsync(village.Root, ["task", "add", "Big", "--description", "-"], text)).Succeed().Out.Trim();

        Assert.Equal(text, (await village.RunAsync("task", "show", task, "--json")).Json().GetProperty("description").GetString());
    }

    [Fact]
    public async Task An_id_may_be_shortened_as_long_as_it_means_one_task()
    {
        await using var village = await TestVillage.UpAsync();
        File.WriteAllText(
            Path.Combine(village.State, "tasks.jsonl"),
            string.Concat(new[] { "bd-abc", "bd-abd", "bd-x1y" }.Select(id => $$"""{"id":"{{id}}","title":"T"}""" + "\n")));

        Assert.StartsWith("bd-x1y", (await village.RunAsync("task", "show", "x1")).Succeed().Out, StringComparison.Ordinal);
        Assert.StartsWith("bd-abc", (await village.RunAsync("task", "show", "BD-ABC")).Succeed().Out, StringComparison.Ordinal);
        (await village.RunAsync("task", "show", "ab")).Transcript.ShouldBe("""
            error: 'ab' could be bd-abc or bd-abd
            hint: type more of the id
            [exit 5]
            """);
    }

    [Fact]
    public async Task Edit_changes_what_is_named_and_nothing_else()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("Before", "-l", "a", "b", "-d", "stays");

        (await village.RunAsync("task", "edit", task, "--title", "After", "-p", "0", "-l", "c", "--remove-label", "a")).Succeed();

        var json = (await village.RunAsync("task", "show", task, "--json")).Json();
        Assert.Equal(("After", 0, "stays"), (json.GetProperty("task").GetProperty("title").GetString(), json.GetProperty("task").GetProperty("priority").GetInt32(), json.GetProperty("description").GetString()));
        Assert.Equal(["b", "c"], json.GetProperty("task").GetProperty("labels").EnumerateArray().Select(e => e.GetString()));
        Assert.Empty(await village.RefuseAsync(village.Root, 5, "user_input", [["task", "edit", task], ["task", "edit", task, "--title", " "], ["task", "edit", task, "-t", "nothing"]]));
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_writes_nothing()
    {
        await using var village = await TestVillage.UpAsync();
        var task = await village.AddAsync("Same");
        var before = village.Fingerprint();

        (await village.RunAsync("task", "edit", task, "--title", "Same", "-p", "2")).Succeed();

        Assert.Equal(before, village.Fingerprint());
    }

    [Fact]
    public async Task Close_lets_the_next_start_and_reopen_holds_it_again()
    {
        await using var village = await TestVillage.UpAsync();
        var first = await village.AddAsync("First");
        var second = await village.AddAsync("Second", "--depends-on", first);
        Assert.Equal("dependencies", await village.SkipReasonAsync(second));

        (await village.RunAsync("task", "close", first, "--reason", "by hand")).Succeed();

        Assert.Equal(second, (await village.RunAsync("queue", "--json")).Json().GetProperty("available_tasks")[0].GetProperty("task").GetString());
        Assert.Equal("by hand", (await village.RunAsync("task", "show", first, "--json")).Json().GetProperty("close_reason").GetString());
        Assert.DoesNotContain(first, (await village.RunAsync("task", "list")).Out.Split('\n').Select(line => line.Split(' ')[0]));
        Assert.Contains(first, (await village.RunAsync("task", "list", "--all")).Out, StringComparison.Ordinal);
        (await village.RunAsync("task", "reopen", first)).Succeed();
        Assert.Equal("dependencies", await village.SkipReasonAsync(second));
    }

    [Fact]
    public async Task A_task_that_a_worker_has_is_not_closed_and_a_completed_one_is_not_reopened()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt; touch \"$HOME/hanging\"; while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done", "MAX_WORKERS=1");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        await village.NoteAppearsAsync("hanging");
        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["task", "close", task]]));
        File.WriteAllText(Path.Combine(village.Home, "go"), "");
        await village.StateBecomesAsync(task, "completed");
        await village.NothingIsLeftRunningAsync();

        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["task", "reopen", task]]));
        (await village.RunAsync("task", "reopen", task)).Transcript.Replace(task, "TASK", StringComparison.Ordinal).ShouldBe("""
            error: 'TASK' was completed by a worker
            hint: village retry TASK --force
            [exit 3]
            """);
    }

    [Fact]
    public async Task Tasks_that_would_wait_for_each_other_are_refused_with_the_circle()
    {
        await using var village = await TestVillage.UpAsync();
        var a = await village.AddAsync("A");
        var b = await village.AddAsync("B", "--depends-on", a);
        var c = await village.AddAsync("C", "--depends-on", b);

        Assert.Empty(await village.RefuseAsync(village.Root, 3, "blocked", [["task", "dep", "add", a, c], ["task", "dep", "add", a, a]]));
        Assert.Contains($"they would wait for each other: ", (await village.RunAsync("task", "dep", "add", a, c)).Error, StringComparison.Ordinal);
        (await village.RunAsync("task", "dep", "add", a, c, "-t", "related")).Succeed();
        Assert.Empty(await village.RefuseAsync(village.Root, 5, "user_input", [["task", "dep", "add", a, c, "-t", "loves"]]));
        Assert.Empty(await village.RefuseAsync(village.Root, 1, "not_found", [["task", "dep", "remove", a, b]]));
        (await village.RunAsync("task", "dep", "remove", b, a)).Succeed();
        (await village.RunAsync("task", "dep", "add", a, c)).Succeed();
    }

    [Fact]
    public async Task The_list_can_be_narrowed_to_a_label_and_to_what_may_start()
    {
        await using var village = await TestVillage.UpAsync();
        var first = await village.AddAsync("First", "-l", "ui");
        var second = await village.AddAsync("Second", "-l", "ui", "--depends-on", first);
        await village.AddAsync("Third");

        Assert.Equal(new[] { first, second }.Order(), (await Listed(village, "-l", "ui")).Order());
        Assert.Equal([first], await Listed(village, "-l", "ui", "--ready"));
        (await village.RunAsync("task", "list", "-l", "none")).Transcript.ShouldBe("""
            None of 3 tasks; `village task list --all` shows closed ones too
            """);
    }

    private static async Task<IReadOnlyList<string>> Listed(TestVillage village, params string[] words) =>
        [.. (await village.RunAsync(["task", "list", "--json", .. words])).Succeed().Json().GetProperty("tasks").EnumerateArray().Select(e => e.GetProperty("id").GetString()!)];
}
