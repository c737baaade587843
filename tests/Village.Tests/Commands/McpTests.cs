using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary>The tools that agents get, called by a real client of the protocol.</summary>
[Trait("scm", "none")]
public sealed class McpTests
{
    [Fact]
    public async Task An_agent_sees_by_tools_what_a_person_sees_and_its_acts_count()
    {
        await using var village = await TestVillage.UpAsync("exec sleep 600");
        var task = await village.AddAsync("One");
        (await village.RunAsync("queue", "1")).Succeed();
        (village.Environment["VILLAGE_TASK"], village.Environment["VILLAGE_LEASE"]) = (task, village.Lease(task)["nonce"]);
        await using var client = await ConnectAsync(village);

        Assert.Equal("village", client.ServerInfo?.Name);
        var tools = await client.ListToolsAsync();
        Assert.Equal(["add_task", "comment", "signal"], tools.Where(tool => tool.ProtocolTool.Annotations?.ReadOnlyHint is false).Select(tool => tool.Name).Order());
        Assert.All(tools, tool => Assert.Equal("object", tool.JsonSchema.GetProperty("type").GetString()));

        var status = await CallAsync(client, "status");
        Assert.Equal(Shape((await village.RunAsync("status", "--json")).Succeed().Json()), Shape(status));
        Assert.Equal(task, (await CallAsync(client, "task", ("task", task))).GetProperty("task").GetProperty("id").GetString());
        foreach (var name in (string[])["why", "changes", "contract"])
        {
            Assert.Contains(task, (await CallAsync(client, name, ("task", task))).GetRawText(), StringComparison.Ordinal);
        }

        foreach (var name in (string[])["tasks", "ready", "conflicts", "usage"])
        {
            Assert.Equal(1, (await CallAsync(client, name)).GetProperty("version").GetInt32());
        }

        await CallAsync(client, "signal", ("state", "waiting"), ("message", "--which one?"));
        Assert.Equal("waiting", (await village.LockAsync(task)).GetProperty("signal").GetString());
        await CallAsync(client, "comment", ("task", task), ("text", "Seen \"this\"\n$(touch pwned)"));
        var added = await CallAsync(client, "add_task", ("title", "More"), ("description", "-d"), ("depends_on", new[] { task }));
        Assert.Equal([task], added.GetProperty("task").GetProperty("blocked_by").EnumerateArray().Select(id => id.GetString()));
    }

    [Fact]
    public async Task What_cannot_be_done_is_an_error_that_says_why_and_an_argument_is_never_an_option()
    {
        await using var village = await TestVillage.UpAsync();
        await using var client = await ConnectAsync(village);
        async Task<string> RefusedAsync(string name, params (string Name, object Value)[] arguments)
        {
            var result = await client.CallToolAsync(name, arguments.ToDictionary(pair => pair.Name, object? (pair) => pair.Value));
            Assert.True(result.IsError);
            return ((TextContentBlock)Assert.Single(result.Content)).Text;
        }

        Assert.Contains("there is no task 'bd-zzzz'", await RefusedAsync("task", ("task", "bd-zzzz")), StringComparison.Ordinal);
        Assert.Contains("inside its worker", await RefusedAsync("signal", ("state", "done")), StringComparison.Ordinal);
        Assert.Contains("may not begin with '-'", await RefusedAsync("task", ("task", "--help")), StringComparison.Ordinal);
        Assert.Contains("'task' is missing", await RefusedAsync("task"), StringComparison.Ordinal);
        Assert.Contains("'task' is not a text", await RefusedAsync("task", ("task", 1)), StringComparison.Ordinal);
        Assert.Contains("there is no argument 'force'", await RefusedAsync("task", ("task", "bd-1"), ("force", "1")), StringComparison.Ordinal);
        await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("unlock"));
        Assert.Equal(1, (await CallAsync(client, "status")).GetProperty("version").GetInt32());
    }

    private static async Task<McpClient> ConnectAsync(TestVillage village) => await McpClient.CreateAsync(new StdioClientTransport(new()
    {
        Command = TestVillage.Binary,
        Arguments = ["mcp"],
        WorkingDirectory = village.Root,
        EnvironmentVariables = village.Environment.ToDictionary(pair => pair.Key, string? (pair) => pair.Value),
    }));

    private static async Task<JsonElement> CallAsync(McpClient client, string name, params (string Name, object Value)[] arguments)
    {
        var result = await client.CallToolAsync(name, arguments.ToDictionary(pair => pair.Name, object? (pair) => pair.Value));
        var text = ((TextContentBlock)Assert.Single(result.Content)).Text;
        Assert.False(result.IsError ?? false, text);
        Assert.Equal(Shape(result.StructuredContent!.Value), Shape(JsonDocument.Parse(text).RootElement));
        return result.StructuredContent.Value;
    }

    private static string Shape(JsonElement document) => string.Join(' ', document.EnumerateObject().Select(property => property.Name));
}
