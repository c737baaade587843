using Village.Adapters.Processes;
using Village.Adapters.Scm;
using Village.Configuration;
using Village.Tests.Testing;

namespace Village.Tests.Scm;

/// <summary>A repository of one kind and Village's way of talking to it, without anything else of a village.</summary>
internal sealed class ScmSandbox : IAsyncDisposable
{
    private readonly TestVillage village;

    private ScmSandbox(TestVillage village, IScm scm, Repository repository, Git git) =>
        (this.village, Scm, Repository, Git) = (village, scm, repository, git);

    /// <summary>The kinds: <c>git</c>, <c>jj</c> beside git, <c>jj-plain</c> without.</summary>
    public static TheoryData<string> Kinds => ["git", "jj", "jj-plain"];

    /// <summary>The seam under test.</summary>
    public IScm Scm { get; }

    /// <summary>The repository.</summary>
    public Repository Repository { get; }

    /// <summary>git on the store, whatever keeps it.</summary>
    public Git Git { get; }

    /// <summary>The main checkout.</summary>
    public string Root => village.Root;

    /// <summary>A repository with one commit on main: README and .gitignore, which hides .env and node_modules.</summary>
    public static async Task<ScmSandbox> CreateAsync(string kind, string name = "repo it's")
    {
        var village = TestVillage.Create(name, kind is "jj-plain" ? null : kind);
        var environment = village.Environment;
        environment["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!;
        File.WriteAllText(Path.Combine(village.Root, ".gitignore"), ".env\nnode_modules/\n");
        if (kind is "jj-plain")
        {
            File.WriteAllText(Path.Combine(village.Root, "README"), "hello\n");
            environment["JJ_USER"] = "Tester";
            environment["JJ_EMAIL"] = "tester@example.com";
            village.Tool("jj", "git", "init", "--no-colocate", "--quiet");
            village.Tool("jj", "commit", "--quiet", "-m", "initial");
            village.Tool("jj", "bookmark", "create", "--quiet", "main", "-r", "@-");
        }
        else
        {
            village.Tool("git", "add", "--all");
            village.Tool("git", "commit", "--quiet", "--amend", "--no-edit");
        }

        var runner = new ProcessRunner(environment, null);
        var git = new Git(runner, Durability.Full);
        var repository = kind is "git" ? (await git.FindAsync(village.Root, default))! : Repository.OfJujutsu(village.Root)!;
        Directory.CreateDirectory(Path.Combine(village.Root, ".worktrees"));
        Directory.CreateDirectory(Path.Combine(repository.CommonDirectory, "info"));
        File.AppendAllText(Path.Combine(repository.CommonDirectory, "info", "exclude"), "/.worktrees/\n/.jj/\n");
        return new(village, kind is "git" ? git : new Jujutsu(runner, git, repository, Durability.Full, "village/"), repository, git);
    }

    /// <summary>Where a task's workspace is.</summary>
    public string Path_(string task) => Path.Combine(Root, ".worktrees", task);

    /// <summary>Makes and fills a workspace from the main checkout's head, or from a commit; returns its directory.</summary>
    public async Task<string> WorkspaceAsync(string task, string? from = null)
    {
        var path = Path_(task);
        await Scm.AddWorkspaceAsync(Root, path, $"village/{task}", branchExists: false, from ?? (await Scm.BaseHeadAsync(Root, null, default))!, default);
        await Scm.FillAsync(path, $"village/{task}", default);
        return path;
    }

    /// <summary>A workspace with one file that is committed on its branch; returns the commit.</summary>
    public async Task<string> CommittedAsync(string task, string file, string text, string? from = null)
    {
        var path = await WorkspaceAsync(task, from);
        Write(path, file, text);
        (await Scm.CommitAllAsync(path, $"{task}: work", default)).Require();
        await Scm.AdvanceAsync(path, $"village/{task}", default);
        return (await Scm.HeadAsync(path, default))!;
    }

    /// <summary>Writes a file with the directories above it.</summary>
    public static void Write(string workspace, string file, string text)
    {
        var path = Path.Combine(workspace, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Runs a tool in a directory.</summary>
    public string Tool(string directory, string program, params string[] args)
    {
        var result = new ProcessRunner(village.Environment, null).RunAsync(new(program, directory, args), default).GetAwaiter().GetResult();
        return result.Require();
    }

    /// <summary>git on the store.</summary>
    public string InStore(params string[] args) => Tool(Repository.CommonDirectory, "git", args).TrimEnd('\n');

    /// <summary>The text of a file in a commit.</summary>
    public string Show(string commit, string file) => InStore("show", $"{commit}:{file}");

    /// <summary>Everything of the main checkout that a person would call theirs.</summary>
    public string Mine()
    {
        var files = Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Where(file => !file[Root.Length..].StartsWith("/.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O} {Convert.ToHexString(File.ReadAllBytes(file))}");
        var index = Path.Combine(Root, ".git", "index");
        return string.Join('\n', files.Append(File.Exists(index) ? Convert.ToHexString(File.ReadAllBytes(index)) : "").Append(File.ReadAllText(Path.Combine(Repository.CommonDirectory, "HEAD"))));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => village.DisposeAsync();
}
