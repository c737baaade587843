using System.Runtime.InteropServices;
using Village.Adapters.Processes;
using Village.Errors;
using Village.Hosting;
using Village.Platform;
using Village.Tasks;

namespace Village.Operations;

/// <summary>Runs a person's command in a task's workspace, on the person's terminal, with the surroundings that the agent has.</summary>
internal static class RunInside
{
    /// <summary>
    /// Waits for its end and returns the exit code as a shell would say it: 128 and the number for a signal. Ctrl-C is the
    /// command's, which has it from the terminal. With <paramref name="answers"/> its output goes to stderr.
    /// </summary>
    public static async Task<int> RunAsync(VillageContext village, TaskId task, IReadOnlyList<string> words, bool answers)
    {
        var workspace = village.WorkspaceOf(task);
        if (!Directory.Exists(workspace))
        {
            throw new VillageException(ErrorKind.NotFound, $"'{task}' has no workspace", $"village resume {task}");
        }

        var lease = village.Leases.Read(task);
        var environment = WorkerEnvironment.In(
            village, task, workspace, lease?.Attempt ?? village.Events.Read().Of(task).Attempt, lease?.Ports ?? []);

        // TERM and HUP come to this process alone; the terminal's own signals reach both. One that comes before the command has started waits for it.
        var (id, missed) = (0, 0);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Pass(context, Libc.SigTerm));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Pass(context, Libc.SigHup));
        var (process, problem) = await AgentProcess.StartAsync(words, workspace, input: null, output: answers ? 2 : 1, environment, CancellationToken.None);
        if (process is null)
        {
            throw new VillageException(ErrorKind.NotFound, problem!, $"a shell's own commands need one: village exec {task} -- sh -c '…'");
        }

        Volatile.Write(ref id, process.Id);
        if (Volatile.Read(ref missed) is not 0 and var early)
        {
            _ = Libc.Kill(process.Id, early);
        }

        var end = await process.End;
        return end.ExitCode ?? (128 + (end.Signal ?? 0));

        void Pass(PosixSignalContext context, int signal)
        {
            context.Cancel = true;
            Volatile.Write(ref missed, signal);
            if (Volatile.Read(ref id) is not 0 and var started)
            {
                _ = Libc.Kill(started, signal);
            }
        }
    }
}
