using Village.Tests.Testing;

namespace Village.Tests.Doctor;

/// <summary>What a test expects of <c>village doctor</c>.</summary>
internal static class Checkup
{
    extension(TestVillage village)
    {
        /// <summary>Doctor finds nothing, and says nothing at all.</summary>
        public async Task IsWellAsync() => Assert.Equal(new CliResult(0, "", ""), await village.RunAsync("doctor"));

        /// <summary>
        /// Doctor finds exactly this error, writes nothing by looking, says what it would do, does it when asked, and is silent then.
        /// </summary>
        public async Task IsMendedAsync(string kind, string sentence, string fix, string severity = "error")
        {
            var before = village.Fingerprint();
            Assert.Equal(
                $"{severity}: {sentence} [{kind}]\n    --fix would {fix}\n\n1 of 1 can be mended: village doctor --fix{(severity is "error" ? "\n[exit 1]" : "")}",
                (await village.RunAsync("doctor")).Transcript);
            Assert.Equal(before, village.Fingerprint());

            Assert.Equal($"mended: {sentence} [{kind}]", (await village.RunAsync("doctor", "--fix")).Transcript);
            Assert.NotEqual(before, village.Fingerprint());
            await village.IsWellAsync();
        }

        /// <summary>Doctor finds exactly this, which is for a person; it changes nothing, and goes on saying so.</summary>
        public async Task IsToldAsync(string kind, string sentence, string severity = "warning")
        {
            var before = village.Fingerprint();
            var line = $"{severity}: {sentence} [{kind}]";
            Assert.Equal(severity is "error" ? $"{line}\n[exit 1]" : line, (await village.RunAsync("doctor")).Transcript);
            Assert.Equal(severity is "error" ? $"{line}\n[exit 4]" : line, (await village.RunAsync("doctor", "--fix")).Transcript);
            Assert.Equal(before, village.Fingerprint());
        }

        /// <summary>The kinds that doctor finds.</summary>
        public async Task<IReadOnlyList<string>> KindsAsync(params string[] args) =>
        [
            .. (await village.RunAsync(["doctor", .. args, "--json"])).Json().GetProperty("findings").EnumerateArray()
                .Select(row => row.GetProperty("kind").GetString()!),
        ];

        /// <summary>Runs a task to its end; returns its id.</summary>
        public async Task<string> EndedAsync(string title, string state)
        {
            var task = await village.AddAsync(title);
            await village.RunAsync("queue", "--drain");
            Assert.Equal(state, village.LoggedState(task));
            return task;
        }

        /// <summary>A worker at work; returns its task.</summary>
        public async Task<string> WorkingAsync()
        {
            var task = await village.AddAsync("Works");
            (await village.RunAsync("queue", "1")).Succeed();
            await village.NoteAppearsAsync("working");
            return task;
        }

        /// <summary>A process id that an agent noted.</summary>
        public int NotedProcess(string note) => int.Parse(village.Note(note)!, System.Globalization.CultureInfo.InvariantCulture);

        /// <summary>Waits until the agent that noted its process as "working" has ended with its terminal.</summary>
        public Task AgentIsGoneAsync() => TestVillage.EventuallyAsync(() => !Asking.IsAlive(village.NotedProcess("working")), "the agent is gone with its terminal");

        /// <summary>Appends a line to the event log, as it is.</summary>
        public void Log(string line) => File.AppendAllText(Path.Combine(village.State, "events.log"), line);
    }
}
