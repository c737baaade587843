using System.CommandLine;
using Village.Hosting;
using Village.Operations;
using Village.Terminal;

namespace Village.Commands.Trash;

/// <summary><c>village trash show</c>.</summary>
internal static class TrashShowCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var name = new Argument<string>("name") { Description = "Its name in the list, or the ref that an event names" };
        var patch = new Option<bool>("--patch") { Description = "The whole difference instead of its numbers" };
        var command = new VillageCommand("show", "Show what was taken from a workspace")
        {
            Examples = ["village trash show bd-a3f8/1-1", "village trash show bd-a3f8/1-1 --patch"],
            ExitCodes = ["1  there is no such thing in the trash"],
            Arguments = { name },
            Options = { patch },
        };
        command.SetAction(async (parse, ct) =>
        {
            var village = await app.OpenAsync(ct);
            var row = await TrashCan.FindAsync(village, parse.GetRequiredValue(name), ct);
            app.Ui.Answer(await TrashCan.ShowAsync(village, row, parse.GetValue(patch), ct), JsonContracts.Shapes.TrashShowReport, r =>
            {
                app.Ui.Line($"{r.Entry.Name}, saved {CommonOptions.Ago(village, r.Entry.At)}, commit {r.Entry.Commit}");
                app.Ui.Line(r.Text.TrimEnd('\n'));
                if (r.Entry.Kept is not null)
                {
                    app.Ui.Line($"Ignored files: {KeptFiles.PathOf(village, r.Entry.Kept)}");
                }
            });
            return 0;
        });
        return command;
    }
}
