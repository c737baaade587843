using Village.Dashboard;
using Village.Errors;
using Village.Hosting;
using Village.Observation;
using Village.Operations;
using Village.Terminal;

namespace Village.Commands.Dashboard;

/// <summary>
/// The dashboard on a terminal. Wakes on a change in the village, a key, or a new size of the terminal; between them, only ages and the
/// load are drawn anew, from what is known. It starts no process while nothing changes.
/// </summary>
internal sealed class DashboardLoop(App app, VillageContext village, TimeSpan refresh, DashboardActs acts) : IDisposable
{
    // Bursts of changes make one look.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);
    private readonly StateWatch changes = new(village.StateDirectory, village.Leases.Location);
    private readonly RawTerminal terminal = new();
    private readonly WorkLook work = new(village);
    private Snapshot seen = null!;
    private DashboardReport report = null!;
    private Selection selection = new();
    private IReadOnlyList<string> drawn = [];
    private string? server;
    private (string Text, bool IsAlarm)? message;
    private IReadOnlyList<string>? question;
    private TextPage? page;
    private (int Width, int Height) size;
    private DateTimeOffset asked;

    private IReadOnlyList<string> Tasks => [.. report.Workers.Select(row => row.Task), .. report.Queue.Select(row => row.Task)];

    /// <summary>Shows until a person has enough.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        size = RawTerminal.Size;
        // What stood on the screen goes to what can be scrolled back to.
        RawTerminal.Write(string.Concat(Enumerable.Repeat("\r\n", size.Height - 1)));
        await LookAsync(ct);
        work.Begin(seen, report, ct);
        try
        {
            while (await StepAsync(ct))
            {
            }
        }
        finally
        {
            RawTerminal.Write("\x1b[H\x1b[J");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        terminal.Dispose();
        changes.Dispose();
    }

    // One frame, and what comes after it; false at the end.
    private async Task<bool> StepAsync(CancellationToken ct)
    {
        Draw();
        var (keys, resized) = (terminal.KeysAsync(), terminal.ChangedAsync());
        await Task.WhenAny(keys, resized, changes.ChangeAsync(), work.DoneAsync(), Task.Delay(refresh, ct));
        ct.ThrowIfCancellationRequested();
        if (keys.IsCompleted)
        {
            if (!await keys)
            {
                return false;
            }

            foreach (var key in DashboardKeys.Parse(RawTerminal.Read()))
            {
                if (!await PressAsync(key, ct))
                {
                    return false;
                }
            }
        }

        await FollowAsync(ct);
        return true;
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        if (await work.TakeDoneAsync() is { } problem)
        {
            message = problem is "" ? message : (problem, true);
            Rebuild();
        }

        // Beads does not say when somebody else changes it; and a session may be ended without a worker in it.
        var isOld = !village.Tasks.IsEmbedded && village.Now - asked >= TaskSource.UsualAge;
        if (changes.TakeChange() || isOld || (server is not null && !Directory.Exists($"/proc/{server.Split(':')[0]}")))
        {
            await Task.Delay(Settle, ct);
            await LookAsync(ct);
        }

        work.BeginIfDue(seen, report, ct);
        page?.Renew();
    }

    private async Task LookAsync(CancellationToken ct)
    {
        asked = village.Now;
        try
        {
            (seen, _) = await village.ObserveAsync(ct);
            server = seen.Session.Server;
            Rebuild();
        }
        catch (VillageException failure) when (report is not null)
        {
            // What was seen before stays; the next change looks again.
            message = (failure.Advice, true);
        }
    }

    private void Rebuild()
    {
        report = DashboardReport.For(seen, village.Config.MaxWorkers, work.Known);
        selection = selection.In(Tasks);
    }

    private async Task<bool> PressAsync(DashboardKey key, CancellationToken ct)
    {
        if (question is { } words)
        {
            question = null;
            message = null;
            return key is not DashboardKey.Yes || await DoAsync(words, ct);
        }

        message = null;
        if (key is DashboardKey.Suspend)
        {
            terminal.StopHere();
            return true;
        }

        if (page is not null)
        {
            if (!page.Press(key, size.Height - 2))
            {
                page = null;
                terminal.WasDisturbed = true;
            }

            return true;
        }

        return await ListAsync(key, ct);
    }

    private async Task<bool> ListAsync(DashboardKey key, CancellationToken ct)
    {
        switch ((key, selection.Task))
        {
            case (DashboardKey.Quit, _):
                return false;
            case (DashboardKey.Refresh, _):
                await LookAsync(ct);
                work.Begin(seen, report, ct);
                terminal.WasDisturbed = true;
                return true;
            case (DashboardKey.Help, _):
                page = new("Keys of the dashboard", () => DashboardActs.Help);
                return true;
            case (DashboardKey.Undo, var task):
                question = task is null ? ["undo"] : ["undo", task];
                message = ($"village {string.Join(' ', question)}? y to do it, any other key not to", true);
                return true;
            case (_, null):
                return true;
            case (DashboardKey.Log, { } task):
                page = new($"Log of {task}", () => acts.Log(task), grows: true);
                return true;
            case (DashboardKey.Why, { } task):
                var (_, lines) = await acts.AskAsync(["why", task], ct);
                page = new($"Why {task}", () => lines);
                return true;
            case (DashboardKey.Stop, { } task):
                question = ["pause", task, "--release"];
                message = ($"stop the agent of {task}? Its work is kept. y to do it, any other key not to", true);
                return true;
            case (DashboardKey.Pause, { } task):
                return await DoAsync(DashboardActs.PauseWords(task, report), ct);
            case (DashboardKey.Attach, { } task):
                await AttachAsync(task, ct);
                return true;
            default:
                var rows = DashboardFrame.Share(size.Height, size.Width, report);
                selection = selection.After(key, Tasks, Math.Max(1, Math.Max(rows.Workers, rows.Queue) - 1));
                return true;
        }
    }

    private async Task<bool> DoAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        message = ($"village {string.Join(' ', words)} …", false);
        Draw();
        message = await acts.DoAsync(words, ct);
        await LookAsync(ct);
        return true;
    }

    private async Task AttachAsync(string task, CancellationToken ct)
    {
        terminal.Suspend();
        try
        {
            if (Village.Tasks.TaskId.TryParse(task, out var id))
            {
                await AttachCommand.RunAsync(app, village, id, ct);
            }
        }
        catch (VillageException failure)
        {
            message = (failure.Advice, true);
        }
        finally
        {
            terminal.Resume();
        }
    }

    private void Draw()
    {
        var now = RawTerminal.Size;
        var isNew = now != size || terminal.WasDisturbed;
        (size, terminal.WasDisturbed) = (now, false);
        var frame = new DashboardFrame(new(
            size.Width, size.Height, app.Ui.Colour, village.Now, $"Village Dashboard  {Path.GetFileName(village.Root)}", SystemLoad.Read(app.Host.Processors), message?.Text, message?.IsAlarm is true));
        var lines = page is null ? frame.Draw(report, selection) : page.Draw(frame, size.Height - 2);
        RawTerminal.Write(Screen.Difference(isNew ? [] : drawn, [.. lines.Take(size.Height)], isNew));
        drawn = lines;
    }
}
