using System.Text;
using Village.Adapters.Processes;
using Village.Adapters.Scm;
using Village.Configuration;
using Village.Diagnosis;
using Village.Errors;
using Village.Platform;
using Village.Terminal;

namespace Village.Hosting;

/// <summary>Composes the program by hand and opens things when they are asked for, so <c>--help</c> works anywhere.</summary>
internal sealed class App
{
    private readonly Lazy<ProcessRunner> runner;
    private VillageContext? opened;

    /// <summary>The program around a host.</summary>
    public App(Host host)
    {
        Host = host;
        Ui = new(host, verbose: false, json: false);
        runner = new(() => new ProcessRunner(Host.Environment, Ui.Verbose ? Ui.Say : null));
    }

    /// <summary>The process. A supervisor puts the environment of its caller into it before anything is opened.</summary>
    public Host Host { get; set; }

    /// <summary>The terminal.</summary>
    public Ui Ui { get; set; }

    /// <summary>The village that was opened, for the report of a failure; null before.</summary>
    public VillageContext? Opened => opened;

    /// <summary>The village around the current directory; it must have been brought up once.</summary>
    public async Task<VillageContext> OpenAsync(CancellationToken ct)
    {
        var village = await LocateAsync(ct);
        return Directory.Exists(village.StateDirectory)
            ? village
            : throw new VillageException(ErrorKind.NotReady, "this repository has no village yet", "village up");
    }

    /// <summary>The same, with its tasks at hand.</summary>
    public async Task<VillageContext> OpenWithTasksAsync(CancellationToken ct)
    {
        var village = await OpenAsync(ct);
        await village.Tasks.LoadAsync(ct);
        return village;
    }

    /// <summary>The village around the current directory, whether or not it exists yet.</summary>
    public async Task<VillageContext> LocateAsync(CancellationToken ct)
    {
        if (opened is not null)
        {
            return opened;
        }

        var git = new Git(runner.Value, Durability.Full);
        var jujutsu = Repository.OfJujutsu(Host.WorkingDirectory);
        var repository = jujutsu ?? await git.FindAsync(Host.WorkingDirectory, ct) ?? throw Nowhere();
        var directory = StateDirectoryOf(repository.Root);
        var config = VillageConfig.Of(RequireIni(UserConfigPath, UserConfigPath), RequireIni(OwnConfigPath(directory), ShownConfigPath(repository.Root, directory)), Host.Environment);
        foreach (var warning in config.Warnings)
        {
            Ui.Warn(warning);
        }

        if (config.UsesJujutsu)
        {
            repository = Repository.OfJujutsu(repository.Root) ?? throw new VillageException(
                ErrorKind.NotReady, $"SCM is jj, and '{Printable.Line(repository.Root)}' is no jj repository", "jj git init --colocate, or set SCM=git in .village/config");
        }
        else if (jujutsu is not null)
        {
            repository = jujutsu.HasGitCheckout ? await git.FindAsync(jujutsu.Root, ct) ?? throw Nowhere() : throw new VillageException(
                ErrorKind.NotReady, $"'{Printable.Line(jujutsu.Root)}' is a jj repository without a git checkout, and SCM is git", "put SCM=jj into .village/config, or set VILLAGE_SCM=jj");
        }

        return opened = new(Host, repository, directory, config, runner.Value);
    }

    /// <summary>
    /// The village around the current directory, however broken: without git it is found by its directory, and what cannot be
    /// read of the configuration is left out and told. Still refuses where there is no village.
    /// </summary>
    public async Task<BrokenVillage> OpenBrokenAsync(CancellationToken ct)
    {
        var git = new Git(runner.Value, Durability.Full);
        var version = await git.VersionAsync(Host.WorkingDirectory, ct);
        var (repository, problem) = Repository.OfJujutsu(Host.WorkingDirectory) is { } jujutsu ? (jujutsu, null)
            : version is null ? (null, null)
            : await git.TryFindAsync(Host.WorkingDirectory, ct);
        if (repository is null && (version is null || problem is not null))
        {
            repository = Above(Host.WorkingDirectory);
        }

        var root = (repository ?? throw Nowhere()).Root;
        var directory = StateDirectoryOf(root);
        if (!Directory.Exists(directory))
        {
            throw new VillageException(ErrorKind.NotReady, "this repository has no village yet", "village up");
        }

        List<Remark> unreadable = [];
        List<string> bad = [];
        IReadOnlyList<IniEntry> Read(string? path, string? shown)
        {
            var entries = ReadIni(path, shown, out var problems, out var failure);
            bad.AddRange(problems);
            unreadable.AddRange(failure is null ? [] : [new Remark(shown!, Unreadable(shown!, failure))]);
            return entries;
        }

        var config = VillageConfig.Read(Read(UserConfigPath, UserConfigPath), Read(OwnConfigPath(directory), ShownConfigPath(root, directory)), Host.Environment, out var values);
        string? jjVersion = null;
        if (config.UsesJujutsu)
        {
            jjVersion = await Jujutsu.VersionAsync(runner.Value, root, ct);
            problem ??= Repository.OfJujutsu(root) is not null ? null : $"SCM is jj, and '{Printable.Line(root)}' is no jj repository";
            repository = Repository.OfJujutsu(root) ?? repository;
        }
        else if (!repository.HasGitCheckout)
        {
            problem ??= $"'{Printable.Line(root)}' is a jj repository without a git checkout, and SCM is git";
        }

        opened = new(Host, repository, directory, config, runner.Value);
        return new(opened, version, jjVersion, problem, unreadable, [.. bad, .. values.Select(value => value.Message)]);
    }

    // The nearest directory with a village or a repository in it; git could not be asked.
    private static Repository? Above(string? directory)
    {
        for (; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (Directory.Exists(Path.Combine(directory, ".village")) || Directory.Exists(Path.Combine(directory, ".git")))
            {
                return new(directory, Path.Combine(directory, ".git"));
            }
        }

        return null;
    }

    private static VillageException Nowhere() =>
        new(ErrorKind.NotReady, "this is not inside a git repository", "cd into one, or make one with `git init`");

    private string StateDirectoryOf(string root) => Host.Variable("VILLAGE_DIR") is { } given
        ? Path.GetFullPath(given, Host.WorkingDirectory)
        : Path.Combine(root, ".village");

    private string? UserConfigPath =>
        Host.Variable("XDG_CONFIG_HOME") is { } xdg ? Path.Combine(xdg, "village", "config")
        : Host.Variable("HOME") is { } home ? Path.Combine(home, ".config", "village", "config")
        : null;

    private static string OwnConfigPath(string directory) => Path.Combine(directory, "config");

    private static string ShownConfigPath(string root, string directory) => Path.GetRelativePath(root, OwnConfigPath(directory));

    private static string Unreadable(string shown, IOException failure) => $"'{shown}' cannot be read: {failure.Message}";

    private static IReadOnlyList<IniEntry> RequireIni(string? path, string? shown)
    {
        var entries = ReadIni(path, shown, out var problems, out var failure);
        return failure is not null ? throw new VillageException(ErrorKind.Config, Unreadable(shown!, failure), null, failure)
            : problems is [var first, ..] ? throw new VillageException(ErrorKind.Config, first, "fix that line, or put a '#' before it")
            : entries;
    }

    // A file that is not there has no entries, like one that cannot be read.
    private static IReadOnlyList<IniEntry> ReadIni(string? path, string? shown, out IReadOnlyList<string> problems, out IOException? failure)
    {
        failure = null;
        try
        {
            return IniFile.Parse(path is not null && NativeFile.TryReadAll(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : "", shown ?? "", out problems);
        }
        catch (IOException problem)
        {
            (problems, failure) = ([], problem);
            return [];
        }
    }
}
