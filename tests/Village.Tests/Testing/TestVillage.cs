using System.Diagnostics;
using System.Text;
using Village.Hosting;

namespace Village.Tests.Testing;

/// <summary>
/// A repository, a home directory, a PATH and a tmux server of its own, thrown away after the test. Runs the built program as
/// a process against real git and tmux; nothing in it can reach the person's own session.
/// </summary>
internal sealed partial class TestVillage : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly string sandbox;

    // The framework looks a program up on this process's PATH, not on the sandbox's.
    static TestVillage() => System.Environment.SetEnvironmentVariable(
        "PATH", $"{System.Environment.GetEnvironmentVariable("PATH")}:{Path.Combine(SourceRoot.Path, "artifacts", "tools", "jj", "bin")}");

    private TestVillage(string name, string? kind)
    {
        // Short: tmux takes socket paths of about 100 characters. Real path: tools report that one.
        sandbox = Directory.CreateTempSubdirectory("v-").FullName;
        Root = Path.Combine(sandbox, name);
        Environment = new()
        {
            ["PATH"] = $"{Directory.CreateDirectory(Path.Combine(sandbox, "bin")).FullName}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["HOME"] = Directory.CreateDirectory(Path.Combine(sandbox, "home")).FullName,
            ["TMUX_TMPDIR"] = Directory.CreateDirectory(Path.Combine(sandbox, "t")).FullName,
            ["USER"] = "tester",
            ["TERM"] = "xterm-256color",
            ["SHELL"] = "/bin/sh",
            ["LANG"] = "C.UTF-8",
            ["TZ"] = "UTC",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_AUTHOR_NAME"] = "Tester",
            ["GIT_AUTHOR_EMAIL"] = "tester@example.com",
            ["GIT_COMMITTER_NAME"] = "Tester",
            ["GIT_COMMITTER_EMAIL"] = "tester@example.com",
        };
        if (kind is "jj")
        {
            Environment["PATH"] += $":{Path.Combine(SourceRoot.Path, "artifacts", "tools", "jj", "bin")}";
            Environment["VILLAGE_SCM"] = "jj";
            Environment["JJ_USER"] = "Tester";
            Environment["JJ_EMAIL"] = "tester@example.com";
        }
    }

    /// <summary>The program under test: the native binary, or what VILLAGE_TEST_BINARY names (a coverage run).</summary>
    public static string Binary { get; } =
        System.Environment.GetEnvironmentVariable("VILLAGE_TEST_BINARY") ?? Path.Combine(SourceRoot.Path, "artifacts", "village");

    /// <summary>Whether this run of the tests is about jj: VILLAGE_TEST_SCM is jj.</summary>
    public static bool UsesJujutsu { get; } = System.Environment.GetEnvironmentVariable("VILLAGE_TEST_SCM") is "jj";

    /// <summary>The repository.</summary>
    public string Root { get; }

    /// <summary>What every process of the sandbox inherits; a test may change it.</summary>
    public Dictionary<string, string> Environment { get; }

    /// <summary>The directory that holds everything.</summary>
    public string Sandbox => sandbox;

    /// <summary><c>.village</c>, as this process can reach it.</summary>
    public string State => Path.Combine(View + Root, ".village");

    /// <summary>What is put before every call of the program, which runs in that directory: another view of the file system, a tracer.</summary>
    public Func<string, IReadOnlyList<string>> Through { get; set; } = _ => [];

    /// <summary>Where this process finds the file system that the program sees, when that is another one.</summary>
    public string View { get; set; } = "";

    /// <summary>A repository with one commit, nothing else, of the kind that this run is about.</summary>
    public static TestVillage Create(string name = "repo") => Create(name, UsesJujutsu ? "jj" : "git");

    /// <summary>A repository with one commit, of git's or of jj's beside git's; with null an empty directory.</summary>
    public static TestVillage Create(string name, string? kind)
    {
        var village = new TestVillage(name, kind);
        Directory.CreateDirectory(village.Root);
        if (kind is null)
        {
            return village;
        }

        village.Tool("git", "init", "--quiet", "--initial-branch=main", village.Root);
        File.WriteAllText(Path.Combine(village.Root, "README"), "hello\n");
        village.Tool("git", "-C", village.Root, "add", "--all");
        village.Tool("git", "-C", village.Root, "commit", "--quiet", "-m", "initial");
        if (kind is "jj")
        {
            village.Tool("jj", "git", "init", "--colocate", "--quiet", village.Root);
        }

        return village;
    }

    /// <summary>Makes a git repository one of jj's too, when this run is about jj.</summary>
    public void MakeJujutsu(string repository)
    {
        if (Environment.ContainsKey("VILLAGE_SCM"))
        {
            Tool("jj", "git", "init", "--colocate", "--quiet", repository);
        }
    }

    /// <summary>A village that is up, whose agent <c>build</c> runs a script; see <see cref="Agent"/>.</summary>
    public static async Task<TestVillage> UpAsync(string agentScript = "exit 0", string settings = "", string name = "repo", string? kind = null)
    {
        var village = kind is null ? Create(name) : Create(name, kind);
        village.Configure(settings, agentScript);
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        return village;
    }

    /// <summary>Writes <c>.village/config</c>: DEFAULT settings, and the agent <c>build</c> as a script of its own.</summary>
    public void Configure(string settings, string agentScript)
    {
        Directory.CreateDirectory(State);
        var agent = Agent("build", agentScript);
        File.WriteAllText(Path.Combine(State, "config"), $"[DEFAULT]\nDEFAULT_AGENT=build\n{settings}\n[agent.build]\ncommand='{agent}'\n");
    }

    /// <summary>Puts a shell script as a program on the sandbox's PATH; returns its path.</summary>
    public string Agent(string name, string script)
    {
        var path = Path.Combine(sandbox, "bin", name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Runs <c>village ARGS</c> in the repository, as a process.</summary>
    public Task<CliResult> RunAsync(params string[] args) => RunInAsync(Root, args);

    /// <summary>Runs <c>village ARGS</c> in a directory, as a process, with text on stdin.</summary>
    public async Task<CliResult> RunInAsync(string directory, string[] args, string input = "")
    {
        using var process = Start(directory, args);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It refused before it read anything.
        }

        var (stdout, stderr) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(Deadline);
        await process.WaitForExitAsync(deadline.Token);
        return new(process.ExitCode, Normalize(await stdout), Normalize(await stderr));
    }

    /// <summary>Starts <c>village ARGS</c> and does not wait for it.</summary>
    public Process Start(string directory, params string[] args)
    {
        IReadOnlyList<string> words = [.. Through(directory), Binary, .. args];
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        // The coverage run's collector reaches child processes through these.
        foreach (System.Collections.DictionaryEntry pair in System.Environment.GetEnvironmentVariables())
        {
            if (pair.Key is string key && (key.StartsWith("CORECLR_", StringComparison.Ordinal) || key.StartsWith("CODE_COVERAGE", StringComparison.OrdinalIgnoreCase)
                || key.StartsWith("MicrosoftInstrumentation", StringComparison.OrdinalIgnoreCase) || key.StartsWith("DOTNET_", StringComparison.Ordinal)))
            {
                start.Environment[key] = (string?)pair.Value;
            }
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs the whole program in this process, with a clock of the test's.</summary>
    public async Task<CliResult> RunInProcessAsync(TimeProvider clock, params string[] args)
    {
        var (answer, stderr) = (new MemoryStream(), new StringWriter());
        await using var stdout = new StreamWriter(answer);
        var exit = await VillageApp.RunAsync(
            args,
            new Host
            {
                Out = stdout,
                Error = stderr,
                In = StreamReader.Null,
                WorkingDirectory = Root,
                Environment = Environment,
                Clock = clock,
                Executable = Binary,
                ProcessId = System.Environment.ProcessId,
                Version = "test",
            },
            CancellationToken.None);
        await stdout.FlushAsync();
        return new(exit, Normalize(Encoding.UTF8.GetString(answer.ToArray())), Normalize(stderr.ToString()));
    }

    /// <summary>Adds a task and returns its id.</summary>
    public async Task<string> AddAsync(string title, params string[] more) =>
        (await RunAsync(["task", "add", title, .. more])).Succeed().Out.Trim();

    /// <summary>Runs a tool in the repository; it must succeed. Returns its output.</summary>
    public string Tool(string program, params string[] args) => TryTool(program, args) is (0, var output, _)
        ? output
        : throw new InvalidOperationException($"{program} {string.Join(' ', args)}: {TryTool(program, args)}");

    /// <summary>Runs a tool in the repository.</summary>
    public (int Exit, string Out, string Error) TryTool(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = Directory.Exists(Root) ? Root : sandbox,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (stdout, stderr) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, stdout.Result, stderr.Result);
    }

    /// <summary>Waits until something is true; asynchronous truths are asked for again and again, never slept for.</summary>
    public static Task EventuallyAsync(Func<bool> truth, string what) => EventuallyAsync(() => Task.FromResult(truth()), what);

    /// <inheritdoc cref="EventuallyAsync(Func{bool}, string)"/>
    public static async Task EventuallyAsync(Func<Task<bool>> truth, string what)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Deadline; await Task.Delay(10))
        {
            if (await truth())
            {
                return;
            }
        }

        Assert.Fail($"did not come true in {Deadline.TotalSeconds:0} s: {what}");
    }

    private string Normalize(string text) => text.Replace(sandbox, "$SANDBOX", StringComparison.Ordinal);
}
