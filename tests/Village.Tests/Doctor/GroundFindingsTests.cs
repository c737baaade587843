using Village.Tests.Testing;

namespace Village.Tests.Doctor;

/// <summary>Configuration and tools that are wrong, also where nothing else works any more.</summary>
public sealed class GroundFindingsTests
{
    [Fact]
    public async Task Every_bad_value_and_every_unknown_key_is_told_at_once()
    {
        await using var village = await TestVillage.UpAsync();
        File.AppendAllText(Path.Combine(village.State, "config"), "timeout=soon\n[DEFAULT]\nMAX_WORKERS=many\nMAX_WORKERZ=2\nnonsense\n[agent.idle]\ntype=command\n");

        (await village.RunAsync("doctor")).Transcript.ShouldBe("""
            error: .village/config:10: 'nonsense' is neither 'key = value' nor '[section]' [bad_setting]
            error: .village/config:6: timeout: 'soon' is not a time such as 90, 10m or 2h [bad_setting]
            error: .village/config:8: MAX_WORKERS: 'many' is not a whole number from 1 to 1000 [bad_setting]
            error: agent 'idle' has type=command and no command= [bad_setting]
            warning: .village/config:9: unknown key 'MAX_WORKERZ'; did you mean 'MAX_WORKERS'? [unknown_setting]
            [exit 1]
            """);
    }

    [Fact]
    public async Task A_bad_variable_is_told_as_one()
    {
        await using var village = await TestVillage.UpAsync();
        village.Environment["VILLAGE_RETRIES"] = "often";

        await village.IsToldAsync("bad_setting", "VILLAGE_RETRIES: 'often' is not a whole number from 0 to 100", "error");
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_read_is_told_and_the_rest_is_examined()
    {
        await using var village = await TestVillage.UpAsync();
        File.Delete(Path.Combine(village.State, "config"));
        Directory.CreateDirectory(Path.Combine(village.State, "config"));
        File.WriteAllText(village.LockPath("bd-1"), "junk\n");

        Assert.Equal(["corrupt_lease", "unreadable_config", "missing_program"], await village.KindsAsync());
    }

    [Fact]
    public async Task Programs_of_agents_and_checks_that_are_not_there_are_told()
    {
        await using var village = await TestVillage.UpAsync(settings: "CHECK=no-such-check --all");
        village.AddAgent("other", "exit 0", "check=./in-the-workspace\n[agent.gone]\ncommand=/no/such/agent {contract}\ncheck=");
        await village.AddAsync("One", "--label", "agent:nobody");

        (await village.RunAsync("doctor")).Transcript.ShouldBe("""
            warning: agent 'gone' runs '/no/such/agent', which is not installed or not on PATH [missing_program]
            warning: agent 'nobody' runs 'opencode', which is not installed or not on PATH [missing_program]
            warning: the check of agent 'build' runs 'no-such-check', which is not installed or not on PATH [missing_program]
            warning: the check of agent 'nobody' runs 'no-such-check', which is not installed or not on PATH [missing_program]
            """);
    }

    [Fact, Trait("scm", "git")]
    public async Task Without_tmux_it_is_named_and_the_rest_is_examined_and_mended()
    {
        await using var village = await TestVillage.UpAsync();
        File.WriteAllText(village.LockPath("bd-1"), "junk\n");
        village.Environment["PATH"] = OnlyGit(village);

        (await village.RunAsync("doctor", "--fix")).ExitsWith(4).Transcript.ShouldBe("""
            mended: the lock of bd-1 has no 'id' [corrupt_lease]
            error: tmux is not installed or not on PATH; for example: sudo apt-get install tmux [missing_tool]
            [exit 4]
            """);
    }

    [Fact, Trait("scm", "git")]
    public async Task Without_git_the_village_is_found_all_the_same()
    {
        await using var village = await TestVillage.UpAsync();
        var deep = Directory.CreateDirectory(Path.Combine(village.Root, "a", "b")).FullName;
        File.WriteAllText(village.LockPath("bd-1"), "junk\n");
        village.Environment["PATH"] = "/nonexistent";

        (await village.RunInAsync(deep, ["doctor"])).ExitsWith(1).Transcript.ShouldBe("""
            error: the lock of bd-1 has no 'id' [corrupt_lease]
                --fix would remove the lock; no work is touched
            error: git is not installed or not on PATH; for example: sudo apt-get install git [missing_tool]
            error: tmux is not installed or not on PATH; for example: sudo apt-get install tmux [missing_tool]

            1 of 3 can be mended: village doctor --fix
            [exit 1]
            """);
    }

    [Fact]
    public async Task Tools_that_are_too_old_are_told_with_what_is_missing()
    {
        await using var village = await TestVillage.UpAsync();
        village.Agent("git", "case \"$*\" in *' version') echo 'git version 2.30.2'; exit;; esac; exec /usr/bin/git \"$@\"");
        village.Agent("tmux", "[ \"$1\" = -V ] && echo 'tmux 2.9a' || exec /usr/bin/tmux \"$@\"");

        (await village.RunAsync("doctor")).Transcript.ShouldBe("""
            error: git is git version 2.30.2, and Village needs 2.38 or newer, for trial merges (git merge-tree --write-tree) [old_tool]
            error: tmux is tmux 2.9a, and Village needs 3.0 or newer, for windows with an environment of their own (new-window -e) [old_tool]
            [exit 1]
            """);
    }

    [Fact, Trait("scm", "git")]
    public async Task A_repository_that_git_does_not_trust_or_does_not_know_is_told_in_its_words()
    {
        await using var village = await TestVillage.UpAsync();
        village.Environment["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1";
        await village.IsToldAsync(
            "git_refuses", "git does not trust the repository at '$SANDBOX/repo': another user owns it: git config --global --add safe.directory '$SANDBOX/repo'", "error");
        village.Environment.Remove("GIT_TEST_ASSUME_DIFFERENT_OWNER");
        await village.IsWellAsync();
        village.Git("config", "core.repositoryFormatVersion", "1");
        village.Git("config", "extensions.relativeWorktreesOfTomorrow", "true");

        var told = (await village.RunAsync("doctor")).ExitsWith(1).Out;

        Assert.Matches(@"\Aerror: git does not open the repository: fatal: unknown repository extension found: relativeworktreesoftomorrow \[git_refuses\]\n\z", told);
    }

    [Fact, Trait("scm", "git")]
    public async Task Hooks_that_do_not_work_in_a_workspace_are_told()
    {
        await using var village = await TestVillage.UpAsync();
        var hooks = Path.Combine(village.Root, ".git", "hooks");
        Directory.CreateDirectory(hooks);
        File.WriteAllText(Path.Combine(hooks, "commit-msg"), "#!/bin/sh\n");
        File.Copy(village.Agent("hook", "# not .git/HEAD\ntouch \"$(git rev-parse --git-dir)/x\" \"$HOME/repo.git/x\" && cat .git/MERGE_HEAD"), Path.Combine(hooks, "pre-commit"));

        (await village.RunAsync("doctor")).Succeed().Transcript.ShouldBe("""
            warning: the hook pre-commit uses '.git/MERGE_HEAD', and in a workspace .git is a file; `git rev-parse --git-path` finds such paths everywhere [bad_hook]
            warning: the hook commit-msg is not executable, so git does not run it [bad_hook]
            """);
    }

    [Fact, Trait("scm", "git")]
    public async Task A_directory_of_hooks_that_is_in_no_commit_is_told()
    {
        await using var village = await TestVillage.UpAsync();
        village.Git("config", "core.hooksPath", ".husky/_");
        await village.IsToldAsync(
            "hooks_path", "core.hooksPath is '.husky/_', which git looks for in each workspace, and it is in no commit: no hook runs there");

        Directory.CreateDirectory(Path.Combine(village.Root, ".husky", "_"));
        File.WriteAllText(Path.Combine(village.Root, ".husky", "_", "README"), "hooks");
        village.Git("add", ".husky");

        await village.IsWellAsync();
    }

    [Fact, Trait("scm", "git")]
    public async Task What_the_exclude_file_lacks_is_added()
    {
        await using var village = await TestVillage.UpAsync();
        var exclude = Path.Combine(village.Root, ".git", "info", "exclude");
        File.WriteAllText(exclude, "/.worktrees/\nmine\n");

        Assert.Equal(
            "error: the repository's private exclude file lacks /.village/, so `git add --all` would take Village's files [missing_exclude]\n    --fix would add the entry\n\n1 of 1 can be mended: village doctor --fix\n[exit 1]",
            (await village.RunAsync("doctor")).Transcript);
        (await village.RunAsync("doctor", "--fix")).Succeed();

        Assert.Equal("/.worktrees/\nmine\n/.village/\n", File.ReadAllText(exclude));
        await village.IsWellAsync();
    }

    private static string OnlyGit(TestVillage village)
    {
        var only = Directory.CreateDirectory(Path.Combine(village.Sandbox, "only-git")).FullName;
        File.CreateSymbolicLink(Path.Combine(only, "git"), "/usr/bin/git");
        return only;
    }
}
