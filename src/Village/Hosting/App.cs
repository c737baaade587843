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
        var config = VillageConfig.Of(
            ReadIni(UserConfigPath), ReadIni(Path.Combine(directory, "config"), Path.GetRelativePath(repository.Root, Path.Combine(directory, "config"))), Host.Environment);
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
        var (repository, problem) = version is null ? (null, null) : await git.TryFindAsync(Host.WorkingDirectory, ct);
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
            try
            {
                var entries = IniFile.Parse(path is not null && NativeFile.TryReadAll(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : "", shown ?? path ?? "", out var problems);
                bad.AddRange(problems);
                return entries;
            }
            catch (IOException failure)
            {
                unreadable.Add(new(shown ?? path!, $"'{shown ?? path}' cannot be read: {failure.Message}"));
                return [];
            }
        }

        var own = Path.Combine(directory, "config");
        var config = VillageConfig.Read(Read(UserConfigPath, null), Read(own, Path.GetRelativePath(root, own)), Host.Environment, out var values);
        opened = new(Host, repository, directory, config, runner.Value);
        return new(opened, version, problem, unreadable, [.. bad, .. values.Select(value => value.Message)]);
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

    private static IReadOnlyList<IniEntry> ReadIni(string? path, string? shown = null)
    {
        byte[]? bytes;
        try
        {
            bytes = path is null ? null : NativeFile.TryReadAll(path);
        }
        catch (IOException problem)
        {
            throw new VillageException(ErrorKind.Config, $"'{path}' cannot be read: {problem.Message}", null, problem);
        }

        if (bytes is null)
        {
            return [];
        }

        var entries = IniFile.Parse(Encoding.UTF8.GetString(bytes), shown ?? path!, out var problems);
        return problems is [var first, ..]
            ? throw new VillageException(ErrorKind.Config, first, "fix that line, or put a '#' before it")
            : entries;
    }
}
