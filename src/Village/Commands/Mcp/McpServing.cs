using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Village.Errors;
using Village.Hosting;

namespace Village.Commands.Mcp;

/// <summary>
/// The server side of the Model Context Protocol on standard input and output. A call of a tool is a command of Village's in
/// this process, so that an agent sees exactly what a person sees with <c>--json</c>.
/// </summary>
internal sealed class McpServing(Host host, Func<IReadOnlyList<string>, Host, CancellationToken, Task<int>> run) : IDisposable
{
    private const string Instructions =
        "Village lets several agents work on one repository, each on its own task in its own workspace. Ask `task` for what you are to do, "
        + "`conflicts` for who changes the same files, and say `signal` when you wait for a person or are done.";

    // One command at a time: they were made for a process of their own.
    private readonly SemaphoreSlim alone = new(1);

    /// <summary>Serves until the client closes its side, or this process is told to end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new() { Name = "village", Version = host.Version },
            ServerInstructions = Instructions,
            Handlers = new()
            {
                ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. McpTool.All.Select(Describe)] }),
                CallToolHandler = async (request, stop) => await CallAsync(request.Params, stop),
            },
        };
        var transport = new StreamServerTransport(host.In.BaseStream, host.Out.BaseStream, "village");
        var server = McpServer.Create(transport, options);

        // A read of standard input cannot be called off; the end of the process ends it.
        await server.RunAsync(ct).WaitAsync(ct);
    }

    /// <inheritdoc/>
    public void Dispose() => alone.Dispose();

    private static Tool Describe(McpTool tool) => new()
    {
        Name = tool.Name,
        Description = tool.Description,
        InputSchema = tool.Schema(),
        Annotations = new() { ReadOnlyHint = tool.ReadOnly, DestructiveHint = false, OpenWorldHint = false },
    };

    // A model pays for blanks.
    private static string Compact(JsonDocument document)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private async Task<CallToolResult> CallAsync(CallToolRequestParams? call, CancellationToken ct)
    {
        var tool = McpTool.All.FirstOrDefault(tool => tool.Name == call?.Name)
            ?? throw new McpProtocolException($"there is no tool '{Printable.Line(call?.Name ?? "")}'", McpErrorCode.InvalidParams);
        IReadOnlyList<string> words;
        try
        {
            words = [.. tool.Words(new(tool, call!.Arguments)), "--json"];
        }
        catch (VillageException misuse)
        {
            return new() { IsError = true, Content = [new TextContentBlock { Text = misuse.Message }] };
        }

        await alone.WaitAsync(ct);
        try
        {
            using var answer = new MemoryStream();
            using var output = new StreamWriter(answer, new UTF8Encoding(false));
            await run(words, host with { Out = output, Error = TextWriter.Null, In = StreamReader.Null, Width = null, ErrorIsTerminal = false, InIsTerminal = false }, ct);
            output.Flush();
            // An exit code may also say that there is nothing to do; an error says so itself.
            using var document = JsonDocument.Parse(answer.ToArray());
            return new() { IsError = document.RootElement.TryGetProperty("error", out _), StructuredContent = document.RootElement.Clone(), Content = [new TextContentBlock { Text = Compact(document) }] };
        }
        finally
        {
            alone.Release();
        }
    }
}
