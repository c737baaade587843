using System.CommandLine;
using System.Text.Json;
using Village.Agents;
using Village.Errors;
using Village.Hosting;
using Village.Operations;
using Village.Tasks;

namespace Village.Commands;

/// <summary>
/// <c>village hook PRESET</c>: called by an agent's own hooks, with their document on standard input or as the last argument. Not for
/// people. It never fails: the end of a hook means something to agents, and none of it is meant.
/// </summary>
internal static class HookCommand
{
    private const int Longest = 4 << 20;

    /// <summary>The command.</summary>
    public static Command Create(App app)
    {
        var preset = new Argument<string>("preset");
        var text = new Argument<string?>("document") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("hook", "Takes what an agent's hook tells") { preset, text };
        command.Hidden = true;
        command.SetAction(async (parse, ct) =>
        {
            try
            {
                await TakeAsync(app, parse.GetRequiredValue(preset), parse.GetValue(text) ?? await ReadAsync(app.Host.In, ct), ct);
            }
            catch (Exception failure) when (failure is VillageException or JsonException or IOException or UnauthorizedAccessException)
            {
                app.Ui.Say(failure.Message);
            }

            return 0;
        });
        return command;
    }

    private static async Task TakeAsync(App app, string name, string text, CancellationToken ct)
    {
        if (AgentPresets.Find(name) is not { } preset
            || app.Host.Variable("VILLAGE_LEASE") is not { } nonce
            || !TaskId.TryParse(app.Host.Variable("VILLAGE_TASK"), out var task))
        {
            return;
        }

        using var document = JsonDocument.Parse(text);
        if (preset.OfHook(document.RootElement, app.Host.Clock.GetUtcNow()) is not { } news)
        {
            return;
        }

        var village = await app.OpenAsync(ct);
        if (village.Leases.Read(task) is { } lease && lease.Nonce == nonce && AgentReports.Record(village, lease, preset, news) is { } told)
        {
            TakeSignal.Wake(told);
        }
    }

    private static async Task<string> ReadAsync(TextReader input, CancellationToken ct)
    {
        var buffer = new char[Longest];
        return new(buffer, 0, await input.ReadBlockAsync(buffer.AsMemory(), ct));
    }
}
