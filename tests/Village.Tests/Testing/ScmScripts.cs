namespace Village.Tests.Testing;

/// <summary>What agents and tests do with version control, in the words of the one that this run is about.</summary>
internal static class ScmScripts
{
    /// <summary>Shell words that commit everything in the current workspace.</summary>
    public static string Save(string message) =>
        TestVillage.UsesJujutsu ? $"jj commit --quiet -m '{message}'" : $"{{ git add --all && git commit -q --allow-empty -m '{message}'; }}";

    /// <summary>Shell words that stage a file; jj has no stage.</summary>
    public static string Stage(string file) => TestVillage.UsesJujutsu ? "true" : $"git add {file}";

    /// <summary>Shell words that leave the task's branch for the commit it came from.</summary>
    public static string Stray => TestVillage.UsesJujutsu ? "jj new --quiet 'root()'; jj restore --quiet --from main" : "git checkout -q --detach; git commit -q --allow-empty -m strayed";

    extension(TestVillage village)
    {
        /// <summary>A workspace's uncommitted files, sorted: <c>A new.txt</c>, <c>M README</c>.</summary>
        public string DirtIn(string task) => string.Join('\n', (TestVillage.UsesJujutsu
            ? village.Tool("jj", "-R", village.Workspace(task), "diff", "-r", "@", "-T", "status_char ++ ' ' ++ path ++ \"\\n\"")
            : village.Tool("git", "-C", village.Workspace(task), "-c", "status.renames=false", "status", "--porcelain", "--untracked-files=all"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => TestVillage.UsesJujutsu ? line : Short(line)).Order(StringComparer.Ordinal));

        /// <summary>The workspace is clean and stands on its branch.</summary>
        public void ShouldBeOnItsBranch(string task)
        {
            Assert.Equal("", village.DirtIn(task));
            if (TestVillage.UsesJujutsu)
            {
                var (bookmark, parent) = (village.Jj(task, $"bookmarks(exact:'village/{task}')"), village.Jj(task, "@-"));
                Assert.Equal(bookmark, parent);
            }
            else
            {
                Assert.Equal($"refs/heads/village/{task}", village.GitIn(task, "symbolic-ref", "HEAD"));
            }
        }

        /// <summary>Makes a task's workspace as a start does that is killed before it has any file.</summary>
        public void MakeEmptyWorkspace(string task)
        {
            if (!TestVillage.UsesJujutsu)
            {
                village.Git("worktree", "add", "-q", "--no-checkout", village.Workspace(task), $"village/{task}");
                return;
            }

            // It says that it may not, and has done it.
            village.TryTool("jj", "--config", "git.colocate=false", "--ignore-working-copy", "workspace", "add", village.Workspace(task), "-r", "root()");
            village.Tool("jj", "-R", village.Workspace(task), "git", "import");
        }

        /// <summary>Fills it from its branch.</summary>
        public void FillWorkspace(string task)
        {
            if (TestVillage.UsesJujutsu)
            {
                village.Tool("jj", "-R", village.Workspace(task), "new", $"village/{task}");
                return;
            }

            village.GitIn(task, "reset", "-q", "--hard");
        }

        private string Jj(string task, string revision) =>
            village.Tool("jj", "-R", village.Workspace(task), "--ignore-working-copy", "log", "--no-graph", "-r", revision, "-T", "commit_id");
    }

    // "?? new.txt", "A  staged.txt", " M changed.txt", "AM both.txt"
    private static string Short(string line) => $"{(line[..2] is "??" ? 'A' : line[..2].Trim()[0])} {line[3..]}";
}
