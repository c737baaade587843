using System.Globalization;

namespace Village.Tests.Testing;

/// <summary>How an attempt must have ended, in all that Village promises about it.</summary>
internal static class Outcomes
{
    extension(TestVillage village)
    {
        /// <summary>
        /// Failed for that reason; the workspace is back on its branch and what it held is at the ref that the event names; the lease
        /// reads ENDED; nothing runs any more; and the slot is free.
        /// </summary>
        public async Task<Story> ShouldHaveFailedAsync(string task, string reason, params (string File, string Text)[] saved)
        {
            await village.NothingIsLeftRunningAsync();
            var story = await village.StateAsync(task);
            Assert.Equal(("failed", reason, false), (story.State, story.Reason, story.Live));
            var e = village.Events().Last(e => Asking.Text(e, "to") is "failed");
            Assert.Equal((task, "error", reason), (Asking.Text(e, "task"), Asking.Text(e, "result"), Asking.Text(e, "reason")));
            Assert.Equal(story.Trash, Asking.Text(e, "trash"));
            Assert.Equal(saved is not [], story.Trash is not null);
            foreach (var (file, text) in saved)
            {
                Assert.Equal(text, village.Git("show", $"{story.Trash}:{file}"));
            }

            village.ShouldBeOnItsBranch(task);
            await village.ShouldHaveEndedLeaseAsync(task);
            await village.ShouldBeIdleAsync();
            return story;
        }

        /// <summary>The lease of a failed attempt is kept, says so, and holds nothing.</summary>
        public async Task ShouldHaveEndedLeaseAsync(string task)
        {
            Assert.Equal("ENDED", (await village.LockAsync(task)).GetProperty("status").GetString());
            Assert.Equal("failed", village.Lease(task)["state"]);
            Assert.Empty(village.LiveFiles());
        }

        /// <summary>Completed with a commit on its branch; the lease is gone, nothing runs any more, and the slot is free.</summary>
        public async Task<Story> ShouldHaveCompletedAsync(string task)
        {
            await village.NothingIsLeftRunningAsync();
            var story = await village.StateAsync(task);
            Assert.Equal(("completed", false), (story.State, story.Live));
            Assert.Equal(village.Git("rev-parse", $"village/{task}"), story.Commit);
            Assert.Empty(village.Lease(task));
            Assert.Empty(village.LiveFiles());
            await village.ShouldBeIdleAsync();
            return story;
        }

        /// <summary>Nothing of the sandbox runs but the session's own shell, and a task that is added now is started and completed.</summary>
        public async Task ShouldBeIdleAsync()
        {
            await village.NothingIsLeftRunningAsync();
            if (!File.ReadAllText(Path.Combine(village.State, "config")).Contains("[agent.other]", StringComparison.Ordinal))
            {
                village.AddAgent("other", "echo other > other.txt");
            }

            var next = await village.AddAsync("Something else", "--label", "agent:other");
            (await village.RunAsync("queue", "1", "--agent", "other")).Succeed();
            await village.StateBecomesAsync(next, "completed");
            await village.NothingIsLeftRunningAsync();
        }

        /// <summary>Waits until no process of the sandbox is left but tmux and the session's own shell.</summary>
        public async Task NothingIsLeftRunningAsync()
        {
            var panes = village.TryTool("tmux", "list-panes", "-t", "=village:shell", "-F", "#{pane_pid}").Out.Trim();
            var shell = int.TryParse(panes, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
            await TestVillage.EventuallyAsync(() => village.Processes().All(p => p == shell), "nothing but the session's shell is left");
        }
    }
}
