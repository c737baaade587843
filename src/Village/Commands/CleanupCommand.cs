using System.CommandLine;
using Village.Cleanup;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Terminal;

namespace Village.Commands;

/// <summary><c>village cleanup</c>.</summary>
internal static class CleanupCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var planOnly = CommonOptions.Plan("Show what would be removed, and remove nothing");
        var apply = new Option<bool>("--apply") { Description = "Also remove the workspaces of completed tasks, and branches whose work the base contains" };
        var force = new Option<bool>("--force") { Description = "Also when they hold uncommitted work, which is saved to the trash first" };
        var command = new VillageCommand("cleanup", "Remove what dead workers left behind, and on demand what is done with; work stays")
        {
            Examples = ["village cleanup --plan", "village cleanup", "village cleanup --apply"],
            ExitCodes = ["4  some things could not be removed"],
            Options = { planOnly, apply, force },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var (seen, _) = await village.ObserveAsync(ct);
            var waste = await ExamineWaste.LookAsync(village, branches: parse.GetValue(apply), ct);
            var plan = CleanupPlan.For(seen, waste, includeWorktrees: parse.GetValue(apply));
            if (parse.GetValue(planOnly))
            {
                app.Ui.Answer(plan, JsonContracts.Shapes.CleanupPlan, p => Text(app.Ui, "Would remove", p.Remove, p.Keep, []));
                return (int)ExitCode.Success;
            }

            var report = await CleanUp.ApplyAsync(village, plan, waste, parse.GetValue(force), ct);
            app.Ui.Answer(report, JsonContracts.Shapes.CleanupReport, r => Text(app.Ui, "Removed", r.Removed, r.Kept, r.Failed));
            return (int)(report.Failed is [] ? ExitCode.Success : ExitCode.Partial);
        });
        return command;
    }

    private static void Text(Ui ui, string verb, IReadOnlyList<CleanupItem> gone, IReadOnlyList<CleanupItem> kept, IReadOnlyList<CleanupItem> failed)
    {
        foreach (var item in gone)
        {
            ui.Line($"{verb} {item.Kind} {item.Name}: {item.Reason}");
        }

        foreach (var item in kept)
        {
            ui.Line($"Keep {item.Kind} {item.Name}: {item.Reason}");
        }

        foreach (var item in failed)
        {
            ui.Line($"Could not remove {item.Kind} {item.Name}: {item.Reason}");
        }

        if (gone is [] && failed is [])
        {
            ui.Line("Nothing to remove");
        }
    }
}
