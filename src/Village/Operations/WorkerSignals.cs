using System.Runtime.InteropServices;
using Village.Platform;

namespace Village.Operations;

/// <summary>
/// What the supervisor hears: HUP and TERM end its task for now; INT, QUIT and TSTP are for the agent, which has them from
/// the terminal already; USR1 says that the agent has reported something or a person has paused it, USR2 that it is to be released.
/// </summary>
internal sealed class WorkerSignals : IDisposable
{
    private readonly TaskCompletionSource interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim reports = new(0);
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Lock reaping = new();
    private Action? childEnded;

    /// <summary>Starts to listen.</summary>
    public WorkerSignals()
    {
        Listen(PosixSignal.SIGHUP, () => interrupted.TrySetResult());
        Listen(PosixSignal.SIGTERM, () => interrupted.TrySetResult());
        Listen(PosixSignal.SIGINT, () => { });
        Listen(PosixSignal.SIGQUIT, () => { });
        Listen(PosixSignal.SIGTSTP, () => { });
        Listen((PosixSignal)Libc.SigUsr1, () => reports.Release());
        Listen((PosixSignal)Libc.SigUsr2, () => released.TrySetResult());
        Listen(PosixSignal.SIGCHLD, () =>
        {
            lock (reaping)
            {
                childEnded?.Invoke();
            }
        });
    }

    /// <summary>Done at the first HUP or TERM.</summary>
    public Task Interrupted => interrupted.Task;

    /// <summary>Done when a person wants the slot back: the agent is to end, and its task to be kept.</summary>
    public Task Released => released.Task;

    /// <summary>Waits for the next report.</summary>
    public Task NextReportAsync(CancellationToken ct) => reports.WaitAsync(ct);

    /// <summary>
    /// Calls back whenever a child ends, until disposed. Only while no tool runs: the framework waits for those itself.
    /// </summary>
    public IDisposable OnChildEnd(Action act)
    {
        SetChildEnded(act);
        return new Until(() => SetChildEnded(null));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        reports.Dispose();
    }

    private void SetChildEnded(Action? act)
    {
        lock (reaping)
        {
            childEnded = act;
        }
    }

    private sealed class Until(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private void Listen(PosixSignal signal, Action act) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    }));
}
