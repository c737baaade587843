using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Village.Tests.Testing;

/// <summary>A task's history as <c>village state --json</c> tells it.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Live">Whether a worker holds it.</param>
/// <param name="History">Every change, oldest first.</param>
internal sealed record Story(string State, bool Live, IReadOnlyList<JsonElement> History)
{
    /// <summary>The typed reason of the last change.</summary>
    public string? Reason => Last("reason");

    /// <summary>The last change in words.</summary>
    public string Message => Last("message") ?? "";

    /// <summary>The ref that keeps what was taken back.</summary>
    public string? Trash => Last("trash");

    /// <summary>The commit that holds the work.</summary>
    public string? Commit => Last("commit");

    /// <summary>The states it went through: <c>claimed in_progress failed</c>.</summary>
    public string Path => string.Join(' ', History.Select(change => change.GetProperty("to_state").GetString()));

    private string? Last(string name) => History[^1].GetProperty(name).GetString();
}

/// <summary>What a test asks a village for: by the program's own answers, and behind its back by files, git and the kernel.</summary>
internal static class Asking
{
    extension(TestVillage village)
    {
        /// <summary>The sandbox's home directory: agents leave notes for the test there.</summary>
        public string Home => village.Environment["HOME"];

        /// <summary>A note that an agent left in the home directory, or null.</summary>
        public string? Note(string name) =>
            Path.Combine(village.Home, name) is var path && File.Exists(path) ? File.ReadAllText(path) : null;

        /// <summary>A task's workspace.</summary>
        public string Workspace(string task) => Path.Combine(village.Root, ".worktrees", task);

        /// <summary>git in the user's checkout.</summary>
        public string Git(params string[] args) => village.Tool("git", args).TrimEnd('\n');

        /// <summary>git in a task's workspace.</summary>
        public string GitIn(string task, params string[] args) =>
            village.Tool("git", ["-C", village.Workspace(task), .. args]).TrimEnd('\n');

        /// <summary>Adds another agent to the configuration: a script, and settings of its own.</summary>
        public void AddAgent(string name, string script, string settings = "") => File.AppendAllText(
            Path.Combine(village.State, "config"), $"[agent.{name}]\ncommand='{village.Agent(name, script)}'\n{settings}\n");

        /// <summary>A task's state and history.</summary>
        public async Task<Story> StateAsync(string task)
        {
            var json = (await village.RunAsync("state", task, "--json")).Succeed().Json();
            return new(
                json.GetProperty("current_state").GetString()!, json.GetProperty("live").GetBoolean(), [.. json.GetProperty("history").EnumerateArray()]);
        }

        /// <summary>Waits until a task is in a state; the end of the attempt in another one ends the waiting too.</summary>
        public async Task<Story> StateBecomesAsync(string task, string state)
        {
            await TestVillage.EventuallyAsync(() => village.LoggedState(task) is var now && (now == state || now is "completed" or "failed"), $"{task} is {state}");
            var story = await village.StateAsync(task);
            Assert.True(story.State == state, $"{task} is {story.State} ({story.Reason}: {story.Message}), not {state}");
            return story;
        }

        /// <summary>Waits for a note of an agent.</summary>
        public Task NoteAppearsAsync(string name) =>
            TestVillage.EventuallyAsync(() => village.Note(name) is not null, $"the agent left the note '{name}'");

        /// <summary>Every line of the event log that is an object, oldest first.</summary>
        public IReadOnlyList<JsonElement> Events() =>
            [.. ReadShared(Path.Combine(village.State, "events.log")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(TryParse).OfType<JsonElement>()];

        /// <summary>The <c>to</c> of a task's last state change, straight from the log.</summary>
        public string? LoggedState(string task) => village.Events()
            .Where(e => Text(e, "task") == task && Text(e, "to") is not null).Select(e => Text(e, "to")).LastOrDefault();

        /// <summary>A lease file's keys; empty when there is no file.</summary>
        public IReadOnlyDictionary<string, string> Lease(string task)
        {
            try
            {
                return ReadShared(village.LockPath(task)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(p => p[0], p => p[^1]);
            }
            catch (FileNotFoundException)
            {
                return new Dictionary<string, string>();
            }
        }

        /// <summary>Where a task's lease file is.</summary>
        public string LockPath(string task) => Path.Combine(village.State, "locks", $"{task}.lock");

        /// <summary>The liveness files that are there.</summary>
        public IReadOnlyList<string> LiveFiles() =>
            [.. Directory.EnumerateFiles(Path.Combine(village.State, "locks"), "*.live").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

        /// <summary>A task's row in <c>locks --json</c>.</summary>
        public async Task<JsonElement> LockAsync(string task) =>
            (await village.RunAsync("locks", "--json")).Succeed().Json().GetProperty("locks").EnumerateArray()
                .Single(row => row.GetProperty("task").GetString() == task);

        /// <summary>Why <c>queue</c> would not start a task: the typed reason.</summary>
        public async Task<string?> SkipReasonAsync(string task) =>
            (await village.RunAsync("queue", "--plan", "--json")).Succeed().Json().GetProperty("blocked_tasks").EnumerateArray()
                .Single(row => row.GetProperty("task").GetString() == task).GetProperty("skip_reason").GetString();

        /// <summary>The process id in a lease's <c>pid:start</c>.</summary>
        public int ProcessOf(string task, string key = "worker") =>
            int.Parse(village.Lease(task)[key].Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);

        /// <summary>Everything that a command without a write may not change: every file below .village, every ref, every workspace's name.</summary>
        public string Fingerprint()
        {
            var text = new StringBuilder();
            var files = Directory.Exists(village.State)
                ? Directory.EnumerateFileSystemEntries(village.State, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                : Enumerable.Empty<string>();
            foreach (var path in files)
            {
                text.Append(path).Append('\n').Append(File.Exists(path) ? ReadShared(path) : "").Append('\n');
            }

            var worktrees = Path.Combine(village.Root, ".worktrees");
            foreach (var path in Directory.Exists(worktrees) ? Directory.EnumerateDirectories(worktrees).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
            {
                text.Append(path).Append('\n');
            }

            return text.Append(village.TryTool("git", "for-each-ref").Out).ToString();
        }
    }

    /// <summary>Kills a process the hard way and waits until it is gone.</summary>
    public static async Task KillHardAsync(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
        await TestVillage.EventuallyAsync(() => !IsAlive(id), $"process {id} is gone");
    }

    /// <summary>Whether a process runs; a dead one that nobody has collected does not.</summary>
    public static bool IsAlive(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');

            // proc(5): the state, and 17 further on the number of threads. The first thread may end before the others, and locks go with the last.
            return fields[0] is not "Z" || fields[17] is not ("0" or "1");
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A process's words, each ended by a NUL; empty when it is gone.</summary>
    public static string CommandOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>A text field of a JSON object, or null.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private static JsonElement? TryParse(string line)
    {
        try
        {
            return JsonDocument.Parse(line).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
