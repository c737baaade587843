using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>The state directory on another file system than the repository: nothing is ever moved across.</summary>
public sealed class OtherDisksTests
{
    [Theory]
    [InlineData("a mount")]
    [InlineData("a link")]
    [InlineData("VILLAGE_DIR")]
    public async Task The_state_may_be_on_another_file_system(string how)
    {
        await using var village = TestVillage.Create();
        var elsewhere = how is "a mount" ? village.State : Directory.CreateDirectory(Path.Combine(village.Sandbox, "elsewhere")).FullName;
        Directory.CreateDirectory(elsewhere);
        using var disk = BadDisk.Mount(village, elsewhere);
        if (how is "a link")
        {
            Directory.CreateSymbolicLink(Path.Combine(village.Root, ".village"), elsewhere);
        }
        else if (how is "VILLAGE_DIR")
        {
            village.Environment["VILLAGE_DIR"] = elsewhere;
        }

        var agent = village.Agent("build", "echo work > \"$VILLAGE_TASK.txt\"");
        File.WriteAllText(Path.Combine(village.View + elsewhere, "config"), $"[DEFAULT]\nDEFAULT_AGENT=build\n[agent.build]\ncommand='{agent}'\n");
        (await village.RunAsync("up", "--no-dashboard")).Succeed();
        var first = await village.AddAsync("One");
        var second = await village.AddAsync("Two", "--depends-on", first);

        (await village.RunAsync("queue", "--drain")).Succeed();

        Assert.Equal("completed", (await village.StateAsync(second)).State);
        Assert.True(File.Exists(Path.Combine(village.View + elsewhere, "events.log")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
        (await village.RunAsync("cleanup", "--apply")).Succeed();
        (await village.RunAsync("down")).Succeed();
    }
}
