using System.CommandLine;
using Village.Commands.Trash;
using Village.Hosting;

namespace Village.Commands;

/// <summary><c>village trash</c>.</summary>
internal static class TrashCommand
{
    /// <summary>The command.</summary>
    public static Command Create(App app) => new VillageCommand("trash", "Look at what was taken from workspaces and is kept")
    {
        Examples = ["village trash list", "village trash show bd-a3f8/1-1"],
        Subcommands = { TrashListCommand.Create(app), TrashShowCommand.Create(app), TrashDropCommand.Create(app) },
    };
}
