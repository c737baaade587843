using Village.Adapters.Processes;
using Village.Adapters.Tasks;
using Village.Errors;
using Village.Tests.Testing;

namespace Village.Tests.Beads;

/// <summary>What a bd that does not answer does to its caller.</summary>
public sealed class BeadsToolTests
{
    [Fact]
    public async Task A_bd_that_hangs_is_ended_with_its_children()
    {
        await using var village = TestVillage.Create();
        var pids = Path.Combine(village.Sandbox, "pids");
        var bd = village.Agent("bd", $"sleep 600 & echo $! >> '{pids}'; echo $$ >> '{pids}'; wait");
        var environment = new Dictionary<string, string> { ["PATH"] = $"{Path.GetDirectoryName(bd)}:/usr/bin:/bin" };

        // The framework looks a program up on this process's PATH.
        var before = System.Environment.GetEnvironmentVariable("PATH");
        System.Environment.SetEnvironmentVariable("PATH", $"{Path.GetDirectoryName(bd)}:{before}");
        try
        {
            var tool = new BeadsTool(new ProcessRunner(environment, trace: null), place: null, village.Root, TimeSpan.FromSeconds(1));

            var failure = await Assert.ThrowsAsync<VillageException>(() => tool.ExportAsync(CancellationToken.None));

            Assert.Equal((ErrorKind.Transient, "`bd export` did not end within 1 s"), (failure.Kind, failure.Message));
        }
        finally
        {
            System.Environment.SetEnvironmentVariable("PATH", before);
        }

        await TestVillage.EventuallyAsync(
            () => File.ReadAllLines(pids) is [_, _] lines && lines.All(pid => !Directory.Exists($"/proc/{pid}")), "bd and its child have ended");
    }
}
