using System.CommandLine;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Village.Commands;
using Village.Hosting;
using Village.Tasks;
using Village.Tests.Testing;

namespace Village.Tests;

/// <summary>The rules of the code, each with the reason that a reader needs when it fails.</summary>
public sealed class ArchitectureTests
{
    private static readonly string Source = Path.Combine(SourceRoot.Path, "src");

    [Theory]
    [InlineData(@"(?<![.\w])(File|Directory|Console|Process|Environment|HttpClient|Stopwatch)\.", "Village.Core/", "Core decides; it never looks or acts")]
    [InlineData(@"\b(async|await)\b", "Village.Core/", "Core is synchronous: what needs await is an act, and lives in Village")]
    [InlineData(@"\b(DateTime(Offset)?\.(Utc)?Now|TimeProvider)\b", "Village.Core/", "time is part of the snapshot: Core has no clock")]
    [InlineData(@"\bDateTime(Offset)?\.(Utc)?Now\b", "", "time comes from Host.Clock, so that tests can hold it")]
    [InlineData(@"\bTimeProvider\.System\b", "", "time comes from Host.Clock, so that tests can hold it", "Village/Program.cs")]
    [InlineData(@"(?<![.\w])(Console|Environment)\.", "", "only Program.cs touches the process; Host names its own property", "Village/Program.cs", "Village/Hosting/Host.cs")]
    [InlineData(@"\b(ProcessStartInfo|Process\.Start|Libc\.Spawn\()", "", "every program is started in one folder: argument list, no shell", "Village/Adapters/Processes/")]
    [InlineData("\"git\"", "Village/", "git semantics stay in one folder", "Village/Adapters/Scm/")]
    [InlineData("\"jj\"", "Village/", "jj semantics stay in one folder", "Village/Adapters/Scm/")]
    [InlineData("\"bd\"", "Village/", "Beads' semantics stay in one folder", "Village/Adapters/Tasks/")]
    [InlineData("\"ppc\"", "Village/", "PPC's semantics stay in one folder", "Village/Adapters/Agents/")]
    [InlineData("\"tmux\"", "Village/", "tmux semantics stay in one folder", "Village/Adapters/Tmux/")]
    [InlineData(@"(?<![.\w])File\.(Write|Append|Create|Copy|Move|Replace|Delete)", "Village/", "what others read is replaced or appended by DurableFile, and fsynced; git's own index is the exception, and what a set-up puts into a workspace", "Village/Adapters/Scm/", "Village/Operations/SetUp.cs")]
    [InlineData(@"(?<![.\w])Directory\.(Delete|Move)\b", "Village/", "no recursive delete: git removes its worktrees, and only clean ones; jj leaves that to us; trial merges have a directory of their own; kept files are moved, and their emptied directories removed", "Village/Adapters/Scm/Git.Trash.cs", "Village/Adapters/Scm/Jujutsu.Workspaces.cs", "Village/Adapters/Scm/JujutsuMerges.cs", "Village/Adapters/Scm/TrialStore.cs", "Village/Operations/DecideQueue.cs", "Village/Operations/KeptFiles.cs")]
    [InlineData(@"\bDirectory\.Delete\([^)]*true|recursive: true", "Village/", "a recursive delete may take what we did not make; the directory of trial merges was made a moment before, a cache is its own, and a workspace of jj's was looked through; kept files are dropped on a person's word", "Village/Adapters/Scm/Jujutsu.Workspaces.cs", "Village/Adapters/Scm/JujutsuMerges.cs", "Village/Adapters/Scm/TrialStore.cs", "Village/Operations/DecideQueue.cs", "Village/Operations/KeptFiles.cs")]
    [InlineData(@"\.Result\b(?! \?\?|\))|\.GetAwaiter\(\)|\bTask\.Run\(|\basync void\b|\bConfigureAwait\b|\bThread\.Sleep\b", "", "async all the way: nothing blocks, nothing is started and forgotten")]
    [InlineData(@"catch \(Exception \w+\)$", "", "a catch names what it expects; only the program's and the supervisor's outermost frame take everything", "Village/VillageApp.cs", "Village/Operations/RunWorker.cs")]
    [InlineData(@"#region|\bTODO\b|\bFIXME\b|\bHACK\b|#pragma|SuppressMessage", "", "what is unfinished is an issue, and a warning is switched off in .editorconfig with its reason")]
    [InlineData(@"\bnew Regex\(|\bDllImport\b|JsonSerializerOptions\b", "", "generated at build time: nothing is compiled or reflected on at start-up; the options only name the shapes", "Village/Terminal/JsonContracts.cs")]
    public void Nothing_matches(string pattern, string under, string because, params string[] except)
    {
        var hits =
            from file in Files(Source)
            let name = Path.GetRelativePath(Source, file)
            where name.StartsWith(under, StringComparison.Ordinal) && !except.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
            from line in File.ReadLines(file).Index()
            where !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal) && Regex.IsMatch(line.Item, pattern)
            select $"{name}:{line.Index + 1}: {line.Item.Trim()}";

        None(hits, because);
    }

    [Theory]
    [InlineData("Commands", "Operations Hosting Terminal")]
    [InlineData("Operations", "Hosting Adapters Storage Platform")]
    [InlineData("Hosting", "Adapters Storage Terminal Platform")]
    [InlineData("Terminal", "Hosting Platform")]
    [InlineData("Adapters", "Platform")]
    [InlineData("Storage", "Platform")]
    [InlineData("Platform", "")]
    public void A_folder_uses_only_what_is_below_it(string folder, string below)
    {
        string[] all = ["Commands", "Operations", "Hosting", "Adapters", "Storage", "Terminal", "Platform"];
        var hits =
            from file in Files(Path.Combine(Source, "Village", folder))
            from line in File.ReadLines(file)
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("namespace", StringComparison.Ordinal)
            from Match use in Regex.Matches(line, $@"(?<!""[^""]*)(?<=^using Village\.|[(<\s])({string.Join('|', all)})(?=[.;]\w*)")
            where use.Value != folder && !below.Split(' ').Contains(use.Value)
            select $"{Path.GetFileName(file)} uses {use.Value}";

        None(hits, "Commands → Operations → Hosting → Adapters, Storage, Terminal → Platform: a reader of one folder needs only those below it");
    }

    [Fact]
    public void The_terminal_knows_of_hosting_only_the_streams_it_writes_to() => None(
        from file in Files(Path.Combine(Source, "Village", "Terminal"))
        from line in File.ReadLines(file)
        where Regex.IsMatch(line, @"\b(App|VillageContext|Observe)\b")
        select $"{Path.GetFileName(file)}: {line.Trim()}",
        "Ui is given a Host; the composition is given a Ui, so the other way round would be a circle");

    [Fact]
    public void Adapters_do_not_use_each_other_except_to_run_processes() => None(
        from file in Files(Path.Combine(Source, "Village", "Adapters"))
        from line in File.ReadLines(file)
        let used = Regex.Match(line, @"^using Village\.Adapters\.(\w+)").Groups[1].Value
        where used is not ("" or "Processes") && used != new DirectoryInfo(Path.GetDirectoryName(file)!).Name
        select $"{Path.GetFileName(file)} uses {used}",
        "what git says is never mixed with what tmux says below an operation");

    [Fact]
    public void Core_references_nothing() => None(
        File.ReadLines(Path.Combine(Source, "Village.Core", "Village.Core.csproj")).Where(line => line.Contains("Reference", StringComparison.Ordinal)),
        "Core is values and decisions; a package or a project would bring acts");

    [Fact]
    public void A_namespace_is_the_folder_it_is_in() => None(
        from file in Files(Source)
        let folder = Path.GetRelativePath(Source, Path.GetDirectoryName(file)!).Replace("Village.Core", "Village", StringComparison.Ordinal).Replace('/', '.')
        where Path.GetFileName(file) is not "Program.cs" && !File.ReadLines(file).Contains($"namespace {folder};")
        select Path.GetRelativePath(Source, file),
        "a name tells where to look");

    [Fact]
    public void No_file_is_too_long_to_read() => None(
        from file in Files(Source).Concat(Files(Path.Combine(SourceRoot.Path, "tests")))
        let lines = File.ReadLines(file).Count()
        where lines > 300
        select $"{Path.GetRelativePath(SourceRoot.Path, file)}: {lines} lines",
        "at most 300 lines: one sitting");

    [Fact]
    public void No_folder_is_a_drawer_for_anything() => None(
        from folder in Directory.EnumerateDirectories(SourceRoot.Path, "*", SearchOption.AllDirectories)
        where Path.GetFileName(folder).ToUpperInvariant() is "UTILS" or "UTIL" or "HELPERS" or "COMMON" or "MISC" or "SERVICES" or "MANAGERS" or "SHARED"
            && !IsGenerated(folder)
        select folder,
        "such a name says nothing; the function belongs to the type it is about");

    [Fact]
    public void Every_command_is_in_the_tree()
    {
        static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(Below).Prepend(command);
        var app = new App(new Host
        {
            Out = StreamWriter.Null,
            Error = TextWriter.Null,
            In = StreamReader.Null,
            WorkingDirectory = "/",
            Environment = new Dictionary<string, string>(),
            Clock = TimeProvider.System,
            Executable = "village",
            ProcessId = 1,
            Version = "test",
        });
        var reachable = Below(CommandTree.Create(app)).Select(command => (command.Name, command.Description)).ToHashSet();
        var written =
            from type in typeof(CommandTree).Assembly.GetTypes()
            where type.Namespace?.StartsWith("Village.Commands", StringComparison.Ordinal) is true && type.Name.EndsWith("Command", StringComparison.Ordinal)
            let create = type.GetMethod("Create", [typeof(App)])
            where create is not null
            select (Command)create.Invoke(null, [app])!;

        Assert.NotEmpty(written);
        None(
            written.Where(command => !reachable.Contains((command.Name, command.Description))).Select(command => command.Name),
            "a command that nobody can type is dead; v1.4.1 of the original shipped two such");
    }

    [Fact]
    public void An_interface_has_two_implementations()
    {
        var types = typeof(App).Assembly.GetTypes().Concat(typeof(TaskId).Assembly.GetTypes()).ToList();
        None(
            types.Where(type => type.IsInterface && types.Count(type.IsAssignableFrom) < 3).Select(type => type.FullName!),
            "an interface is for two things that ship, not for tests");
    }

    [Fact]
    public void There_is_no_mutable_static_state()
    {
        string[] collections = ["List`1", "HashSet`1", "Queue`1", "Stack`1", "StringBuilder", "ConcurrentDictionary`2", "ConcurrentQueue`1", "ConcurrentBag`1"];
        var hits =
            from type in typeof(App).Assembly.GetTypes().Concat(typeof(TaskId).Assembly.GetTypes())
            where !IsMadeByTheCompiler(type)
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where (!field.IsInitOnly && !field.IsLiteral) || collections.Contains(field.FieldType.Name)
            select $"{type.FullName}.{field.Name}";

        None(hits, "two villages in one process (the tests) must not see each other");
    }

    private static bool IsMadeByTheCompiler(Type type) =>
        type.Name.Contains('<', StringComparison.Ordinal) || type.IsDefined(typeof(CompilerGeneratedAttribute))
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute)) || (type.DeclaringType is { } outer && IsMadeByTheCompiler(outer));

    private static IEnumerable<string> Files(string directory) =>
        Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories).Where(file => !IsGenerated(file)).Order(StringComparer.Ordinal);

    private static bool IsGenerated(string path) => path.Contains("/obj/", StringComparison.Ordinal) || path.Contains("/artifacts/", StringComparison.Ordinal)
        || path.Contains("/.worktrees/", StringComparison.Ordinal) || path.Contains("/node_modules/", StringComparison.Ordinal);

    private static void None(IEnumerable<string> hits, string because)
    {
        var found = hits.Distinct().ToList();
        Assert.True(found is [], $"{because}\n{string.Join('\n', found)}");
    }
}
