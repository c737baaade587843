using Village.Tests.Testing;

namespace Village.Tests.OriginalDefects;

/// <summary>Agents and places that several of these tests use.</summary>
internal static class Scripts
{
    /// <summary>Leaves a note, stays until <c>go</c> is there, then does its work.</summary>
    public const string Waits =
        "pwd > \"$HOME/hangs\"; mv \"$HOME/hangs\" \"$HOME/hanging\"; echo half > half.txt; while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done; echo \"$VILLAGE_TASK\" > work.txt";

    /// <summary>Does its work and leaves a note of each start.</summary>
    public const string Works = "echo \"$VILLAGE_TASK\" >> \"$HOME/starts\"; echo \"$VILLAGE_TASK\" > work.txt";

    extension(TestVillage)
    {
        /// <summary>A village whose only task is at work, and will be until it is let go.</summary>
        public static async Task<(TestVillage Village, string Task)> AtWorkAsync(string settings = "")
        {
            var village = await TestVillage.UpAsync(Waits, settings);
            var task = await village.AddAsync("One");
            (await village.RunAsync("queue", "1")).Succeed();
            await village.NoteAppearsAsync("hanging");
            return (village, task);
        }
    }

    extension(TestVillage village)
    {
        /// <summary>Lets the agent that waits go on.</summary>
        public void Go() => File.WriteAllText(Path.Combine(village.Home, "go"), "");

        /// <summary>A lease as the original wrote it, of five keys.</summary>
        public void OriginalsLock(string task, string pane) => File.WriteAllText(
            village.LockPath(task), $"id={task}\npane={pane}\nwindow=worker-1-{task}\nagent=worker\nclaimed_at=2026-01-22T10:41:12\n");

        /// <summary>How often an agent was started for a task.</summary>
        public int StartsOf(string task) => (village.Note("starts") ?? "").Split('\n').Count(line => line == task);

        /// <summary>A program of that name on PATH that notes each call and then becomes the real one.</summary>
        public void CountCallsOf(string program) =>
            village.Agent(program, $"echo \"$*\" >> \"$HOME/{program}.calls\"\nexec /usr/bin/{program} \"$@\"");

        /// <summary>How often such a program was called since the last question.</summary>
        public int CallsOf(string program)
        {
            var count = (village.Note($"{program}.calls") ?? "").Count(c => c is '\n');
            File.Delete(Path.Combine(village.Home, $"{program}.calls"));
            return count;
        }
    }
}
