using Village.Adapters.Processes;
using Village.Agents;
using Village.Errors;

namespace Village.Adapters.Agents;

/// <summary>PPC, the Prompt Policy Compiler: makes a prompt of the Markdown modules in the repository's <c>prompts/</c>. It writes nothing.</summary>
/// <param name="runner">Starts programs.</param>
/// <param name="root">The repository: where <c>prompts/</c> is.</param>
internal sealed class Ppc(ProcessRunner runner, string root)
{
    /// <summary>The program.</summary>
    public const string Program = "ppc";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Whether it is on PATH.</summary>
    public static bool IsInstalled(string root, IReadOnlyDictionary<string, string> environment) => AgentProcess.Find(Program, root, environment) is not null;

    /// <summary>The prompt, or why there is none. A missing, broken or slow PPC is an answer too.</summary>
    public async Task<PpcAnswer> CompileAsync(PpcOrder order, CancellationToken ct)
    {
        string? version = null;
        try
        {
            // "ppc version v0.5.1\n"
            var asked = await CallAsync(["--version"], ct);
            if (!asked.Succeeded)
            {
                return new(null, null, null);
            }

            version = Printable.Line(asked.Stdout.Trim());
            var result = await CallAsync(order.Words, ct);
            return PpcOrder.Problem(result.ExitCode, result.Stdout, result.Stderr) is { } problem ? new(version, null, problem) : new(version, result.Stdout, null);
        }
        catch (VillageException failure)
        {
            return failure.Kind is ErrorKind.NotReady ? new(null, null, null) : new(version ?? "", null, failure.Message);
        }
    }

    private Task<ToolResult> CallAsync(IReadOnlyList<string> words, CancellationToken ct) => runner.RunAsync(new(Program, root, words) { Deadline = Deadline }, ct);
}
