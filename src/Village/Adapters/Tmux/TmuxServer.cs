using System.Globalization;
using Village.Adapters.Processes;
using Village.Diagnosis;
using Village.Errors;

namespace Village.Adapters.Tmux;

/// <summary>A pane of the session.</summary>
/// <param name="Id"><c>%12</c>.</param>
/// <param name="WindowId"><c>@7</c>.</param>
/// <param name="WindowName">The window's name.</param>
/// <param name="Lease">The nonce of the lease it was made for, or empty.</param>
internal sealed record Pane(string Id, string WindowId, string WindowName, string Lease);

/// <summary>The session as it is now.</summary>
/// <param name="Server">The server as <c>pid:start</c>.</param>
/// <param name="Root">The repository it belongs to, or empty.</param>
/// <param name="Panes">Its panes.</param>
internal sealed record Session(string Server, string Root, IReadOnlyList<Pane> Panes);

/// <summary>One tmux server and session. Targets are exact (<c>=name:</c>) or ids; tab separates, and <c>-u</c> lets it through.</summary>
internal sealed class TmuxServer(ProcessRunner runner, string socket, string session, string directory)
{
    /// <summary>tmux as a tool: the oldest that has what is used here is the first with <c>new-window -e</c> and options of panes.</summary>
    public static ToolFact Tool(string? version) => new("tmux", version, new(3, 0), "windows with an environment of their own (new-window -e)");

    /// <summary>What to type to look at the session without Village.</summary>
    public string AttachCommand => socket is "default" ? $"tmux attach -t {session}" : $"tmux -L {socket} attach -t {session}";

    /// <summary>The session's name.</summary>
    public string Name => session;

    /// <summary>The session, or null when it is not running. One process.</summary>
    public async Task<Session?> FindAsync(CancellationToken ct)
    {
        var result = await RepeatAsync(
            ct, "list-panes", "-s", "-t", $"={session}:",
            "-F", "#{pid}:#{start_time}\t#{@village_root_hex}\t#{pane_id}\t#{window_id}\t#{@village_lease}\t#{window_name}");
        if (!result.Succeeded)
        {
            return result.Trouble is null ? null : throw result.Failure();
        }

        var rows = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t', 6)).ToList();
        return rows is [var first, ..]
            ? new(first[0], FromHex(first[1]), [.. rows.Where(r => r.Length is 6).Select(r => new Pane(r[2], r[3], r[5], r[4]))])
            : null;
    }

    /// <summary>What tmux says of itself; null when it is not there.</summary>
    public async Task<string?> VersionAsync(CancellationToken ct)
    {
        try
        {
            return (await runner.RunAsync(Call([]) with { Arguments = ["-V"] }, ct)).Stdout.Trim();
        }
        catch (VillageException missing) when (missing.Kind is ErrorKind.NotReady)
        {
            return null;
        }
    }

    /// <summary>The processes of the panes of every session that belongs to a repository, by pane id. One process.</summary>
    public async Task<IReadOnlyList<(string Pane, int Process)>> ProcessesAsync(string root, CancellationToken ct)
    {
        var result = await RunAsync(ct, "list-panes", "-a", "-F", "#{@village_root_hex}\t#{pane_id}\t#{pane_pid}");
        return
        [
            .. from line in result.Succeeded ? result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries) : []
               let fields = line.Split('\t')
               where fields.Length is 3 && FromHex(fields[0]) == root && int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out _)
               select (fields[1], int.Parse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>
    /// Starts the session with one plain shell window, detached, and marks it with the repository it belongs to.
    /// Idempotent: somebody else's success is success.
    /// </summary>
    public async Task CreateAsync(string root, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            // Made and marked in one call: a session without its mark would belong to nobody. In hex, because a path may hold
            // anything that a format or a list would misread.
            var result = await RunAsync(
                ct, "new-session", "-d", "-s", session, "-n", "shell", "-c", Directory(root), "-x", "200", "-y", "50",
                ";", "set-option", "-t", $"={session}:", "@village_root_hex", ToHex(root),
                ";", "set-option", "-t", $"={session}:", "destroy-unattached", "off");
            if (await FindAsync(ct) is not null)
            {
                return;
            }

            // A server that is just going down takes the new session with it (9 of 30 when tried).
            if (attempt is 4)
            {
                throw new VillageException(ErrorKind.NotReady, $"tmux could not start the session: {Printable.Line(result.Stderr.Trim())}");
            }

            await Task.Delay(100, ct);
        }
    }

    /// <summary>Opens a window that runs a program directly, without a shell; returns its pane's id.</summary>
    public async Task<string> OpenWindowAsync(
        string name, string where, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> words, CancellationToken ct)
    {
        var result = await RunAsync(ct, [
            "new-window", "-d", "-P", "-F", "#{pane_id}", "-t", $"={session}:", "-n", name, "-c", Directory(where),
            .. variables.SelectMany(pair => new[] { "-e", $"{pair.Key}={pair.Value}" }),
            "--", .. words.Select(Escape)]);
        return result.Succeeded
            ? result.Stdout.Trim()
            : throw new VillageException(
                ErrorKind.NotReady, $"tmux opened no window: {Printable.Line(result.Stderr.Trim())}", "run `village up`, then try again");
    }

    /// <summary>Marks a pane with its lease and copies what it shows into a file, from inside the pane. One process.</summary>
    public async Task AdoptPaneAsync(string pane, string nonce, string log, CancellationToken ct) =>
        (await RepeatAsync(
            ct, "set-option", "-p", "-t", pane, "@village_lease", nonce,
            ";", "set-option", "-w", "-t", pane, "remain-on-exit", "off",
            ";", "pipe-pane", "-t", pane, $"exec cat >> {ShellWord(log)}")).Require();

    /// <summary>Pastes a text into a pane as one piece, lets the program there take it in, and submits it.</summary>
    public async Task PasteAsync(string pane, string text, TimeSpan settling, CancellationToken ct)
    {
        var buffer = $"village-{pane[1..]}";
        (await runner.RunAsync(Call(["load-buffer", "-b", buffer, "-"]) with { Input = text }, ct)).Require();
        (await RunAsync(ct, "paste-buffer", "-p", "-d", "-b", buffer, "-t", pane)).Require();
        await Task.Delay(settling, ct);
        (await RunAsync(ct, "send-keys", "-t", pane, "Enter")).Require();
    }

    /// <summary>Shows a message to everybody who is attached to the session, for five seconds.</summary>
    public async Task TellAsync(string text, CancellationToken ct)
    {
        var clients = await RunAsync(ct, "list-clients", "-t", $"={session}:", "-F", "#{client_name}");
        string[] names = clients.Succeeded ? clients.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        if (names is not [])
        {
            // Formats and times are expanded in a message.
            var plain = Escape(text.Replace("#", "##", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal));
            await RunAsync(ct, [.. names.SelectMany((name, i) => new[] { ";", "display-message", "-d", "5000", "-c", name, plain }).Skip(1)]);
        }
    }

    /// <summary>Ends panes. Those that are gone already do not matter.</summary>
    public async Task KillPaneAsync(string pane, CancellationToken ct) => await RunAsync(ct, "kill-pane", "-t", pane);

    /// <summary>Ends the session, and with it every pane; returns whether there was one.</summary>
    public async Task<bool> KillSessionAsync(CancellationToken ct) =>
        (await RunAsync(ct, "kill-session", "-t", $"={session}:")).Succeeded;

    /// <summary>Shows a window to the person at this terminal; ends when they detach. Inside tmux it switches the client.</summary>
    public async Task<int> ShowAsync(string? windowId, bool insideTmux, CancellationToken ct)
    {
        string[] select = windowId is null ? [] : ["select-window", "-t", windowId, ";"];
        var result = await runner.RunAsync(
            Call([.. select, insideTmux ? "switch-client" : "attach-session", "-t", $"={session}:"]) with { Interactive = true }, ct);
        return result.ExitCode;
    }

    private static string ToHex(string text) => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text));

    private static string FromHex(string hex)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(Convert.FromHexString(hex));
        }
        catch (FormatException)
        {
            return "";
        }
    }

    // Formats are expanded in a start directory.
    private static string Directory(string path) => Escape(path.Replace("#", "##", StringComparison.Ordinal));

    // An argument that ends in ';' would end the command.
    private static string Escape(string argument) => argument.EndsWith(';') ? argument[..^1] + "\\;" : argument;

    // pipe-pane knows only shell commands, and expands formats and times in them: quoted for each of the three readers.
    private static string ShellWord(string path) => string.Create(
        CultureInfo.InvariantCulture,
        $"'{path.Replace("'", "'\\''", StringComparison.Ordinal).Replace("#", "##", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal)}'");

    private Task<ToolResult> RunAsync(CancellationToken ct, params IReadOnlyList<string> arguments) => runner.RunAsync(Call(arguments), ct);

    // Only for what asks or sets: a window that was opened just before the server ended would be opened twice.
    private Task<ToolResult> RepeatAsync(CancellationToken ct, params IReadOnlyList<string> arguments) =>
        runner.RunAsync(Call(arguments) with { RepeatOn = Transience.OfTmux }, ct);

    private ToolCommand Call(IReadOnlyList<string> arguments) => new("tmux", directory, ["-u", "-L", socket, .. arguments])
    {
        Deadline = TimeSpan.FromSeconds(20),
        InstallHint = "install it, for example: sudo apt-get install tmux",
    };
}
