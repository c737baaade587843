using Village.Errors;
using Village.Tests.Testing;

namespace Village.Tests.Errors;

/// <summary>Every class of failure, provoked in the real program: its name in the JSON, its exit code, one sentence, and what to type next.</summary>
public sealed class ErrorClassTests
{
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_class_has_its_name_its_exit_code_and_says_what_to_type(string name)
    {
        var kind = Enum.Parse<ErrorKind>(name);
        await using var village = await TestVillage.UpAsync("exec sleep 600");
        var provoked = await ProvokeAsync(village, kind);
        var expected = new VillageException(kind, "");

        var (asJson, asText) = (village.RunAsync([.. provoked, "--json"]), village.RunAsync(provoked));
        var (error, text) = ((await asJson).ExitsWith((int)expected.ExitCode).Json().GetProperty("error"), await asText);

        Assert.Equal(expected.KindName, Asking.Text(error, "kind"));
        Assert.Equal($"error: {Asking.Text(error, "message")}\nhint: {Asking.Text(error, "hint")}\n", text.ExitsWith((int)expected.ExitCode).Error);
        Assert.Equal("", text.Out);
        Assert.DoesNotMatch(@"\bat Village\.|Exception", text.Transcript);
        var logged = village.Events().Where(e => Asking.Text(e, "result") is "error"
            && Asking.Text(e, "error")!.Replace(village.Sandbox, "$SANDBOX", StringComparison.Ordinal) == Asking.Text(error, "message")).ToList();
        if (kind is ErrorKind.Transient or ErrorKind.Permanent)
        {
            Assert.Equal(2, logged.Count);
            Assert.All(logged, e => Assert.Equal((expected.KindName, true), (Asking.Text(e, "reason"), Asking.Text(e, "stack")!.Contains("   at ", StringComparison.Ordinal))));
        }
        else
        {
            Assert.Empty(logged);
        }
    }

    public static TheoryData<string> Kinds() => [.. Enum.GetNames<ErrorKind>()];

    // A kind without a way to provoke it is one that nobody can meet, or that nobody has tried.
    private static async Task<string[]> ProvokeAsync(TestVillage village, ErrorKind kind)
    {
        var task = await village.AddAsync("One");
        switch (kind)
        {
            case ErrorKind.UserInput:
                return ["statsu"];
            case ErrorKind.Config:
                village.Environment["VILLAGE_MAX_WORKERS"] = "many";
                return ["status"];
            case ErrorKind.NotReady:
                village.Tool("tmux", "kill-server");
                return ["queue", "1"];
            case ErrorKind.Blocked:
                (await village.RunAsync("queue", "1")).Succeed();
                return ["resume", task];
            case ErrorKind.NotFound:
                return ["state", "bd-none"];
            case ErrorKind.Transient:
                village.Agent("tmux", "echo 'lost server' >&2; exit 1");
                return ["status"];
            case ErrorKind.Permanent:
                File.AppendAllText(Path.Combine(village.State, "tasks.jsonl"), "<<<<<<< HEAD\n");
                return ["task", "list"];
            default:
                throw new InvalidOperationException($"{kind}: nothing provokes it");
        }
    }
}
