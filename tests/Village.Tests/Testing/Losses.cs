using System.Text.Json;

namespace Village.Tests.Testing;

/// <summary>What may never be lost, whoever was killed and when: files that parse, tasks, and every byte that an agent wrote.</summary>
internal static class Losses
{
    /// <summary>
    /// An agent that leaves a mark in its workspace and then notes that it did: <c>written</c> holds a line for each mark, <c>starts</c>
    /// one for each run. <c>$mark</c> is the text, other than that of any other run.
    /// </summary>
    public const string Marks = """
        echo "$VILLAGE_TASK $VILLAGE_ATTEMPT" >> "$HOME/starts"
        mark="mark-$VILLAGE_TASK-$VILLAGE_ATTEMPT-$$"
        echo "$mark" > "$mark.txt"; echo "$VILLAGE_TASK $mark" >> "$HOME/written"

        """;

    extension(TestVillage village)
    {
        /// <summary>A note's lines; none when there is no note.</summary>
        public IReadOnlyList<string> NoteLines(string name) => (village.Note(name) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        /// <summary>How often an agent was started for a task.</summary>
        public int Starts(string task) => village.NoteLines("starts").Count(line => line.StartsWith($"{task} ", StringComparison.Ordinal));

        /// <summary>
        /// Every lease parses, every line of the log but a torn last one, every task is there, and every mark is in its workspace, on its
        /// branch or at a ref that Village keeps.
        /// </summary>
        public async Task NothingIsLostAsync(IReadOnlyList<string> tasks)
        {
            var locks = (await village.RunAsync("locks", "--json")).Succeed().Json().GetProperty("locks").EnumerateArray();
            Assert.All(locks, row => Assert.True(Asking.Text(row, "status") is not "CORRUPT", row.ToString()));
            var text = File.ReadAllText(Path.Combine(village.State, "events.log"));
            Assert.All(text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
            var known = (await village.RunAsync("task", "list", "--all", "--json")).Succeed().Json().GetProperty("tasks").EnumerateArray().Select(row => Asking.Text(row, "id")).ToHashSet();
            Assert.All(tasks, task => Assert.Contains(task, known));
            foreach (var line in village.NoteLines("written").Select(line => line.Split(' ')))
            {
                Assert.True(village.Keeps(line[0], line[1]), $"{line[1]} of {line[0]} is lost");
            }
        }

        /// <summary>Lets the program repair what it finds; then it finds nothing any more.</summary>
        public async Task RepairAsync()
        {
            (await village.RunAsync("doctor", "--fix")).Succeed();
            (await village.RunAsync("doctor")).Succeed();
        }

        /// <summary>No lease, no liveness file and no half-written file is there once all is done.</summary>
        public async Task NothingIsLeftOverAsync()
        {
            await village.RepairAsync();
            Assert.Equal([".guard"], Directory.EnumerateFileSystemEntries(Path.Combine(village.State, "locks")).Select(path => Path.GetFileName(path)));
        }

        // A file called after its mark: in the workspace, or in any commit that a branch or a ref of Village's reaches.
        private bool Keeps(string task, string mark) =>
            (Path.Combine(village.Workspace(task), $"{mark}.txt") is var path && File.Exists(path) && File.ReadAllText(path) == $"{mark}\n")
            || (village.Git("log", "--all", "--format=%H", "-1", "--", $"{mark}.txt") is { Length: > 0 } commit && village.Git("show", $"{commit}:{mark}.txt") == mark);
    }
}
