using System.Diagnostics;
using System.Text.Json;
using Village.Tests.Testing;

namespace Village.Tests.Agents;

/// <summary>
/// A stand-in for a provider of models, on loopback, that speaks the protocols of OpenAI and Anthropic: it answers a real agent with
/// the steps that stand in the prompt after <c>%%script</c>. So a test puts them into the text of its task.
/// </summary>
internal sealed class ScriptedModel : IAsyncDisposable
{
    private static readonly HttpClient Client = new();
    private readonly Process server;

    private ScriptedModel(Process server, int port) => (this.server, Port) = (server, port);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Starts it.</summary>
    public static async Task<ScriptedModel> StartAsync()
    {
        var server = Process.Start(new ProcessStartInfo("node", [Path.Combine(SourceRoot.Path, "demo", "scripted-model.mjs")]) { RedirectStandardOutput = true })!;
        var line = await server.StandardOutput.ReadLineAsync();
        return new(server, JsonDocument.Parse(line!).RootElement.GetProperty("port").GetInt32());
    }

    /// <summary>The description of a task whose agent is to take these steps: JSON, see the head of the program.</summary>
    public static string Script(string steps) => $"Do as you are told.\n%%script {steps}";

    /// <summary>Adds scenarios that a prompt can name after <c>%%scenario</c>, as JSON by name.</summary>
    public async Task AddAsync(string scenarios) => (await Client.PostAsync(new Uri($"http://127.0.0.1:{Port}/__scenarios"), new StringContent(scenarios))).EnsureSuccessStatusCode();

    /// <summary>Everything that agents have asked so far, as one text.</summary>
    public Task<string> LogAsync() => Client.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/__log"));

    /// <summary>Lets go of requests that hang.</summary>
    public async Task ReleaseAsync() => (await Client.PostAsync(new Uri($"http://127.0.0.1:{Port}/__release"), null)).EnsureSuccessStatusCode();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
    }
}
