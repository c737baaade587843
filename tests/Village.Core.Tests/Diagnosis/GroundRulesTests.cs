using Village.Core.Tests.Tasks;
using Village.Diagnosis;
using Village.Events;

namespace Village.Core.Tests.Diagnosis;

/// <summary>What cannot be had on every machine: full disks, remote file systems, other versions of tools.</summary>
public sealed class GroundRulesTests
{
    [Fact]
    public void Nothing_is_wrong_with_a_machine_that_has_enough_of_everything() =>
        Assert.Empty(Findings(new() { FreeBytes = 256L << 20, FreeInodes = 10_000, Tools = [Tool("git", "git version 2.38.0")] }));

    [Fact]
    public void A_disk_that_does_not_say_what_is_free_is_not_full() => Assert.Empty(Findings(new() { FreeBytes = null, FreeInodes = null }));

    [Fact]
    public void An_almost_full_disk_is_a_warning()
    {
        var found = Findings(new() { FreeBytes = (256L << 20) - 1, FreeInodes = 9_999 });

        Assert.Equal([FindingKind.LowDisk, FindingKind.LowDisk], found.Select(finding => finding.Kind));
        Assert.Equal(["the disk of the repository has only 255 MiB free", "the file system of the repository has room for only 9999 more files"], found.Select(finding => finding.Message));
        Assert.DoesNotContain(found, finding => finding.IsError);
    }

    [Fact]
    public void A_remote_file_system_is_a_warning()
    {
        var found = Assert.Single(Findings(new() { RemoteFileSystem = "NFS" }));

        Assert.Equal((FindingKind.RemoteFileSystem, "NFS", false), (found.Kind, found.Subject, found.IsError));
        Assert.StartsWith("the repository is on NFS, ", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_library_is_an_error()
    {
        var found = Assert.Single(Findings(new() { MissingLibraries = [new("libssl", "the library libssl is not there")] }));

        Assert.Equal((FindingKind.MissingTool, "libssl", true), (found.Kind, found.Subject, found.IsError));
    }

    [Theory]
    [InlineData("git version 2.37.9", true)]
    [InlineData("git version 2.38.0.windows.1", false)]
    [InlineData("git version 2.100.0", false)]
    [InlineData("git version 3.0.0-rc1", false)]
    [InlineData("git version 1.99", true)]
    [InlineData("tmux next-3.6", false)]
    [InlineData("tmux master", false)]
    [InlineData("tmux 2.9a", true)]
    public void The_version_of_a_tool_is_the_first_number_in_what_it_says(string said, bool isOld) =>
        Assert.Equal(isOld, Findings(new() { Tools = [Tool(said.Split(' ')[0], said)] }) is [{ Kind: FindingKind.OldTool, IsError: true }]);

    [Theory]
    [InlineData("cat .git/MERGE_HEAD", true)]
    [InlineData("if [ -d \"$top\"/.git/rebase-merge ]; then", true)]
    [InlineData("test -f ./.git/hooks/local", true)]
    [InlineData("# reads .git/HEAD", false)]
    [InlineData("git rev-parse --git-dir", false)]
    [InlineData("ssh host:repo.git/x", false)]
    public void A_hook_that_takes_dot_git_for_a_directory_is_a_warning(string text, bool isBad) =>
        Assert.Equal(isBad, Findings(new() { Hooks = [new("pre-commit", IsExecutable: true, $"#!/bin/sh\n{text}\n")] }) is [{ Kind: FindingKind.BadHook }]);

    private static ToolFact Tool(string name, string version) => new(name, version, name is "git" ? new(2, 38) : new(3, 0), "what it is for");

    private static IReadOnlyList<Finding> Findings(GroundFacts ground) => DiagnosisRules.Apply(new(
        new() { Now = TaskSamples.Now, Log = new(new Ledger(), 0, 0, IsTorn: false, null) }, new(), ground));
}
