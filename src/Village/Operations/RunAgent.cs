using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Village.Adapters.Machine;
using Village.Adapters.Processes;
using Village.Agents;
using Village.Configuration;
using Village.Events;
using Village.Hosting;
using Village.Leases;
using Village.Platform;
using Village.Storage;
using Village.Tasks;

namespace Village.Operations;

/// <summary>How the agent's run ended.</summary>
/// <param name="End">How its process ended; null when it was ended by the supervisor.</param>
/// <param name="Early">Why it was ended, where that is a failure.</param>
/// <param name="IsReleased">Whether a person wanted its slot back.</param>
internal sealed record AgentOutcome(ProcessEnd? End, Verdict? Early = null, bool IsReleased = false);

/// <summary>
/// One run of an agent: starts it, hears what it says of itself, stops and continues it when a person pauses it, and waits without
/// polling until it ends or is to be ended.
/// </summary>
internal sealed class RunAgent(VillageContext village, Lease lease, AgentConfig agent, WorkerSignals signals, PaneVoice voice)
{
    private static readonly TimeSpan DoneGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HearingTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(5);
    private readonly Channel<AgentNews> news = Channel.CreateUnbounded<AgentNews>(new() { SingleReader = true, SingleWriter = false });
    private readonly Stopwatch working = new();
    private AgentProcess? process;
    private Task reading = Task.CompletedTask;
    private Task limit = Task.Delay(Timeout.Infinite);
    private Task stuck = Task.Delay(Timeout.Infinite);
    private VillageEvent? folded;
    private bool isStopped;

    /// <summary>What is known of it.</summary>
    public AgentRecord Record { get; private set; } = AgentRecord.Empty;

    /// <summary>Whether it tells JSON.</summary>
    public bool TellsJson { get; private set; }

    /// <summary>Starts it; returns why it cannot be, or null.</summary>
    public async Task<string?> StartAsync(AgentOrder order, IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        var call = agent.Preset.Call(order);
        Record = Record with { Session = call.Session, Before = UsedBefore(order.Session) };
        foreach (var (name, text) in call.Files)
        {
            DurableFile.MakeDirectory(order.Directory, village.Config.Durability);
            DurableFile.Replace(Path.Combine(order.Directory, name), text, village.Config.Durability);
        }

        var all = environment.Concat(agent.Environment).Concat(call.Environment).ToLookup(pair => pair.Key, pair => pair.Value).ToDictionary(pair => pair.Key, pair => pair.Last());
        await FirstRun.EnsureAsync(village, agent, all, lease.Workspace!, ct);
        var (pipe, errors) = (call.TellsJson ? LinePipe.Open() : null, call.TellsErrors ? LinePipe.Open() : null);
        (process, var problem) = await AgentProcess.StartAsync(call.Words, lease.Workspace!, call.Input, pipe?.Writer ?? 1, all, ct, errors?.Writer ?? 2);
        TellsJson = call.TellsJson;
        reading = Task.WhenAll(pipe?.ReadAsync(Hear) ?? Task.CompletedTask, errors?.ReadAsync(HearError) ?? Task.CompletedTask);
        Work(TimeSpan.Zero);
        return problem;
    }

    /// <summary>Waits for its end, or for a reason to end it. What it started may still be there.</summary>
    public async Task<AgentOutcome> WaitAsync(CancellationToken ct)
    {
        using var reaping = Reap();
        var grace = Task.Delay(Timeout.Infinite, ct);
        var report = signals.NextReportAsync(ct);
        var told = news.Reader.WaitToReadAsync(ct).AsTask();
        while (true)
        {
            var first = await Task.WhenAny(process!.End, signals.Interrupted, signals.Released, limit, stuck, grace, report, told);
            if (first == process.End)
            {
                var end = await process.End;
                return end.ExitCode is 0 || !await WasInterruptedAsync(ct) ? new(end) : new(null);
            }

            if (first == signals.Interrupted || first == signals.Released)
            {
                return new(null, IsReleased: first == signals.Released);
            }

            if (first == limit)
            {
                return new(null, Verdict.No(FailureReason.Timeout, $"it ran longer than {Duration.Text(agent.Timeout)}"));
            }

            if (first == stuck)
            {
                return new(null, AgentReports.LimitMet(village, lease, agent, Record));
            }

            if (first == grace)
            {
                return new(new(0, null));
            }

            if (first == told)
            {
                await TakeNewsAsync(ct);
                told = news.Reader.WaitToReadAsync(ct).AsTask();
            }
            else
            {
                report = signals.NextReportAsync(ct);
                grace = await TakeReportAsync(ct) ? Task.Delay(DoneGrace, ct) : grace;
            }
        }
    }

    /// <summary>Takes what it said last, when no process of it is left.</summary>
    public async Task FinishAsync(CancellationToken ct)
    {
        await Task.WhenAny(reading, Task.Delay(ReadingTime, ct));
        await TakeNewsAsync(ct);
        Fold(village.Events.Read().Of(lease.Task).LastNews);
    }

    // A closing pane tells the agent and us at once, and the agent may be quicker to end than we to hear of it. On a busy
    // machine the signal comes late; that the terminal is gone can be asked.
    /// <summary>Whether the pane was closed, or its end asked for.</summary>
    public async Task<bool> WasInterruptedAsync(CancellationToken ct) =>
        Libc.IsHungUp(0) || await Task.WhenAny(signals.Interrupted, Task.Delay(HearingTime, ct)) == signals.Interrupted;

    private AgentUsage UsedBefore(string? session) => session is null ? AgentUsage.None : village.Events.All()
        .Where(e => e is { To: not null, Usage: not null } && e.Session == session)
        .Aggregate(AgentUsage.None, (sum, e) => sum + e.Usage!);

    // On the thread that reads. What is no JSON is shown as it is.
    private void Hear(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            foreach (var item in agent.Preset.Read(document.RootElement, village.Now))
            {
                news.Writer.TryWrite(item);
            }
        }
        catch (JsonException)
        {
            news.Writer.TryWrite(new() { Line = System.Text.Encoding.UTF8.GetString(line.Span) });
        }
    }

    private void HearError(ReadOnlyMemory<byte> line)
    {
        var text = System.Text.Encoding.UTF8.GetString(line.Span);
        news.Writer.TryWrite((agent.Preset.ReadError(text, village.Now) ?? new()) with { Line = text });
    }

    // Where nobody sits there, a wait for a provider is a slot that another task could have. It may say so again and again.
    private void WatchLimit(AgentTrouble? before)
    {
        static bool IsLimit(AgentTrouble? trouble) => trouble is { Kind: AgentTroubleKind.UsageLimit };
        if (agent.Mode is AgentMode.Run && IsLimit(Record.Trouble) != IsLimit(before))
        {
            var isLong = Record.Trouble?.Until > village.Now + UsageLimits.Patience;
            stuck = Task.Delay(!IsLimit(Record.Trouble) ? Timeout.InfiniteTimeSpan : isLong ? DoneGrace : UsageLimits.Patience);
        }
    }

    private async Task TakeNewsAsync(CancellationToken ct)
    {
        while (news.Reader.TryRead(out var item))
        {
            if (item.Line is { Length: > 0 } line)
            {
                voice.Show(line);
            }

            var before = Record;
            Record = Record.With(item);
            WatchLimit(before.Trouble);
            if (Record.Activity is { } activity && (activity != before.Activity || Record.Message != before.Message || Record.Session != before.Session))
            {
                AgentReports.Record(village, lease, agent.Preset, item with { Session = Record.Session, Model = Record.Model });
                await NotifyAsync(activity, item.Message, ct);
            }
        }
    }

    // True when the agent says that it is done.
    private async Task<bool> TakeReportAsync(CancellationToken ct)
    {
        var entry = village.Events.Read().Of(lease.Task);
        if (entry.State is TaskState.Paused && !isStopped)
        {
            isStopped = true;
            working.Stop();
            limit = Task.Delay(Timeout.Infinite, ct);
            Claims.Renew(village, lease.Fence);
            await ProcessTable.StopAsync(Processes, ct);
            voice.Say($"{lease.Task}: paused; `village resume-task {lease.Task}` goes on with it");
        }
        else if (entry.State is TaskState.InProgress && isStopped)
        {
            isStopped = false;
            Claims.Renew(village, lease.Fence);
            foreach (var id in Processes())
            {
                // A screen is drawn anew when its size may have changed.
                _ = Libc.Kill(id, Libc.SigCont);
                _ = id == process!.Id ? Libc.Kill(id, Libc.SigWindow) : 0;
            }

            voice.Say($"{lease.Task}: goes on");
            Work(working.Elapsed);
        }

        var isNew = entry.LastNews is { } last && last.Nonce == lease.Nonce && Fold(last);
        if (isNew && AgentReports.Parse(entry.LastNews!.Signal) is { } activity)
        {
            await NotifyAsync(activity, entry.LastNews.Message, ct);
        }

        return entry.LastSignal is { Signal: "done" } done && done.Nonce == lease.Nonce;
    }

    private IDisposable Reap() => signals.OnChildEnd(() => ProcessTable.ReapStrays(village.Host.ProcessId, except: process!.Id));

    // What hooks told comes through the log.
    private bool Fold(VillageEvent? last)
    {
        if (last is null || last == folded || last.Nonce != lease.Nonce)
        {
            return false;
        }

        folded = last;
        Record = Record.With(new() { Session = last.Session, Model = last.Model, UsedInAll = last.Usage });
        return last.Source != agent.Preset.Name || !TellsJson;
    }

    private IReadOnlyList<int> Processes() =>
        [.. ProcessTable.Descendants(village.Host.ProcessId).Union(ProcessTable.Carrying(lease.Nonce!, village.Host.ProcessId))];

    private void Work(TimeSpan before)
    {
        working.Start();
        limit = Task.Delay(agent.Timeout <= TimeSpan.Zero ? Timeout.InfiniteTimeSpan : VillageConfig.Timer(agent.Timeout - before));
    }

    private async Task NotifyAsync(AgentActivity activity, string? message, CancellationToken ct)
    {
        if (activity is AgentActivity.Waiting)
        {
            // The framework waits for tools itself.
            using var apart = signals.OnChildEnd(() => { });
            await Notify.WaitingAsync(village, lease, message, voice, ct);
            Reap();
        }
    }
}
