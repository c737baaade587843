using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village cleanup</c>: branches, processes and panes that nobody needs any more, and those that somebody may.</summary>
public sealed class CleanupWasteTests
{
    [Fact]
    public async Task Branches_go_whose_tasks_are_over_and_whose_work_is_in_the_base()
    {
        await using var village = await TestVillage.UpAsync("grep -q 'please fail' && exit 1; echo work > \"$VILLAGE_TASK\"");
        var (merged, alone, failed) = (await village.AddAsync("please work"), await village.AddAsync("please work too"), await village.AddAsync("please fail"));
        (await village.RunAsync("queue", "--drain")).ExitsWith(4);
        var tip = village.Git("rev-parse", $"village/{merged}");
        village.Git("merge", "-q", "--no-ff", "--no-edit", $"village/{merged}");
        village.Git("branch", "village/bd-nobody");
        village.Git("branch", "village/not.a/task");
        var before = village.Fingerprint();

        var plan = (await village.RunAsync("cleanup", "--apply", "--plan")).Succeed();
        Assert.Equal(before, village.Fingerprint());
        var report = (await village.RunAsync("cleanup", "--apply")).Succeed();

        Assert.Equal(
            new[]
            {
                $"Removed worktree {merged}: its task is completed",
                $"Removed worktree {alone}: its task is completed",
                $"Removed branch village/{merged}: its task is over, and HEAD contains its work",
                "Removed branch village/bd-nobody: its task is over, and HEAD contains its work",
                "Keep branch village/not.a/task: it is named after no task",
                $"Keep worktree {failed}: its task failed; `village retry {failed}` goes on there",
            }.Order(StringComparer.Ordinal),
            report.Out.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
        Assert.Contains(
            $"Keep branch village/{alone}: HEAD does not contain its work; `git merge village/{alone}`, or `git branch -D village/{alone}` if nobody wants it\n",
            (await village.RunAsync("cleanup", "--apply")).Succeed().Out, StringComparison.Ordinal);
        Assert.Equal(report.Out, plan.Out.Replace("Would remove", "Removed", StringComparison.Ordinal));
        Assert.Equal(
            new[] { "main", $"village/{alone}", $"village/{failed}", "village/not.a/task" }.Order(StringComparer.Ordinal),
            village.Git("branch", "--format=%(refname:short)").Split('\n').Order(StringComparer.Ordinal));
        var e = village.Events().Single(e => Asking.Text(e, "reason") is "branch" && Asking.Text(e, "task") == merged);
        Assert.Equal((tip, $"village/{merged}"), (Asking.Text(e, "commit"), Asking.Text(e, "message")));
        foreach (var task in new[] { merged, alone })
        {
            (await village.RunAsync("retry", task, "--force")).Succeed();
        }

        await village.RunAsync("queue", "--drain");
        Assert.Equal("work", village.Git("show", $"village/{alone}:{alone}"));
    }

    [Fact, Trait("scm", "git")]
    public async Task A_branch_that_is_checked_out_or_whose_task_is_open_stays()
    {
        await using var village = await TestVillage.UpAsync("echo work > work.txt");
        var open = await village.AddAsync("One");
        village.Git("branch", $"village/{open}");
        village.Git("worktree", "add", "-q", "-b", "village/bd-elsewhere", Path.Combine(village.Sandbox, "elsewhere"));

        (await village.RunAsync("cleanup", "--apply")).Succeed().Transcript.Replace(open, "TASK", StringComparison.Ordinal).Split('\n').Order(StringComparer.Ordinal).ToList()
            .ForEach(line => Assert.True(line is "Nothing to remove" or "Keep branch village/TASK: its task is open; `village resume TASK` goes on there"
                or "Keep branch village/bd-elsewhere: it is checked out in '$SANDBOX/elsewhere'", line));

        Assert.Equal($"main\nvillage/{open}\nvillage/bd-elsewhere".Split('\n').Order(StringComparer.Ordinal), village.Git("branch", "--format=%(refname:short)").Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Processes_of_a_worker_without_a_lease_are_ended_and_no_others()
    {
        await using var village = await TestVillage.UpAsync("trap '' HUP; touch \"$HOME/hanging\"; sleep 1000", "MAX_WORKERS=2");
        var (lost, living) = (await village.AddAsync("One"), await village.AddAsync("Two"));
        (await village.RunAsync("queue", "2")).Succeed();
        await village.NoteAppearsAsync("hanging");
        await TestVillage.EventuallyAsync(() => village.Processes().Count(id => Asking.CommandOf(id).StartsWith("sleep\0", StringComparison.Ordinal)) is 2, "both agents sleep");
        await Asking.KillHardAsync(village.ProcessOf(lost));
        File.Delete(village.LockPath(lost));

        var report = (await village.RunAsync("cleanup")).Succeed();

        Assert.Matches($@"\ARemoved processes {lost}: an ended worker left them: [0-9, ]+\n\z", report.Out);
        Assert.Single(village.Processes(), id => Asking.CommandOf(id).StartsWith("sleep\0", StringComparison.Ordinal));
        Assert.Equal("ACTIVE", Asking.Text(await village.LockAsync(living), "status"));
        Assert.Single(village.Events(), e => (Asking.Text(e, "cmd"), Asking.Text(e, "task"), Asking.Text(e, "reason")) == ("cleanup", lost, "processes_ended"));
    }

    [Fact]
    public async Task Panes_of_dead_workers_are_closed_and_one_that_a_person_uses_is_not()
    {
        await using var village = await TestVillage.UpAsync();
        var dead = Open("exec true");
        var used = Open("exec sleep 1000");
        await TestVillage.EventuallyAsync(() => village.Tool("tmux", "display-message", "-p", "-t", dead, "#{pane_dead}").Trim() is "1", "the pane's program has ended");
        var process = village.Tool("tmux", "display-message", "-p", "-t", used, "#{pane_pid}").Trim();

        (await village.RunAsync("cleanup")).Succeed().Transcript.ShouldBe($"""
            Removed pane {dead}: its worker is gone
            Keep pane {used}: its worker is gone, and process {process} runs in it that is no worker; it goes when that has ended
            """);

        Assert.DoesNotContain(dead, village.Tool("tmux", "list-panes", "-s", "-t", "=village:", "-F", "#{pane_id}").Split('\n'));
        Assert.True(Asking.IsAlive(int.Parse(process, System.Globalization.CultureInfo.InvariantCulture)));

        string Open(string script)
        {
            var pane = village.Tool("tmux", "new-window", "-d", "-P", "-F", "#{pane_id}", "-t", "=village:", "sh", "-c", $"sleep 0.5; {script}").Trim();
            village.Tool("tmux", "set-option", "-p", "-t", pane, "@village_lease", new string('0', 32), ";", "set-option", "-w", "-t", pane, "remain-on-exit", "on");
            return pane;
        }
    }
}
