using System.CommandLine;
using System.CommandLine.Help;
using Village.Commands.Completion;
using Village.Hosting;

namespace Village.Commands;

/// <summary>Every command, in the order of the help.</summary>
internal static class CommandTree
{
    /// <summary>The whole tree. Nothing is opened by building it.</summary>
    public static RootCommand Create(App app)
    {
        var root = new RootCommand("Several coding agents on one repository: each on its own task, in its own workspace, in its own tmux pane.")
        {
            UpCommand.Create(app),
            DownCommand.Create(app),
            TaskCommand.Create(app),
            GraphCommand.Create(app),
            ReadyCommand.Create(app),
            QueueCommand.Create(app),
            ResumeCommand.Create(app),
            PauseCommand.Create(app),
            ResumeTaskCommand.Create(app),
            RetryCommand.Create(app),
            ContractCommand.Create(app),
            StatusCommand.Create(app),
            InboxCommand.Create(app),
            WhyCommand.Create(app),
            WaitCommand.Create(app),
            SendCommand.Create(app),
            UsageCommand.Create(app),
            ReportCommand.Create(app),
            AgentsCommand.Create(app),
            ChangesCommand.Create(app),
            ConflictsCommand.Create(app),
            AttachCommand.Create(app),
            LogsCommand.Create(app),
            ExecCommand.Create(app),
            LocksCommand.Create(app),
            UnlockCommand.Create(app),
            CleanupCommand.Create(app),
            RollbackCommand.Create(app),
            UndoCommand.Create(app),
            TrashCommand.Create(app),
            DoctorCommand.Create(app),
            SyncCommand.Create(app),
            StateCommand.Create(app),
            EventsCommand.Create(app),
            MetricsCommand.Create(app),
            DashboardCommand.Create(app),
            SignalCommand.Create(app),
            ConfigCommand.Create(app),
            CompletionCommand.Create(app),
            CompleteCommand.Create(app),
            McpCommand.Create(app),
            HookCommand.Create(app),
            WorkerCommand.Create(app),
        };
        root.Options.Add(CommonOptions.Json());
        root.Options.Add(CommonOptions.Verbose());
        root.Options.Add(CommonOptions.Quiet());
        root.Options.Add(CommonOptions.Color());
        foreach (var option in root.Options.ToList())
        {
            if (option is VersionOption)
            {
                root.Options.Remove(option);
            }
            else if (option is HelpOption { Action: HelpAction usual } help)
            {
                help.Action = new HelpWithExamples(usual);
            }
        }

        root.Options.Add(new Option<bool>("--version") { Description = "Show the version" });
        return root;
    }
}
