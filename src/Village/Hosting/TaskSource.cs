using Village.Adapters.Tasks;
using Village.Beads;
using Village.Errors;
using Village.Storage;
using Village.Tasks;

namespace Village.Hosting;

/// <summary>
/// The tasks, wherever they are kept: in Village's file, which is read when it is asked for, or in Beads, which is asked once a
/// command and remembered.
/// </summary>
internal sealed class TaskSource
{
    private static readonly TimeSpan WritersWait = TimeSpan.FromMinutes(2);
    private readonly VillageContext village;
    private readonly TaskFile file;
    private readonly BeadsTool? beads;
    private readonly BeadsPlace? place;
    private readonly bool hadTasks;

    // Made when it is asked for: hashing loads a library, and that would take longer than most of what a command does.
    private BeadsActors? actors;
    private TaskStore? loaded;
    private DateTimeOffset loadedAt;
    private long loadedEvents;

    /// <summary>Looks which store is in use; asks nothing of it.</summary>
    public TaskSource(VillageContext village, TaskFile file)
    {
        (this.village, this.file) = (village, file);
        var (host, config) = (village.Host, village.Config);
        hadTasks = file.HasContent;
        place = config.TaskStore is "embedded" ? null : BeadsPlace.Find(village.Root, host.Environment);
        Choice = TaskSourceChoice.For(new(
            config.TaskStore,
            hadTasks,
            place is null ? null : Path.GetRelativePath(village.Root, place.Path),
            place?.HasDatabase is true,
            place?.HasFile is true,
            config.TaskStore is not "embedded" && BeadsTool.IsInstalled(village.Root, host.Environment)));
        beads = Choice.Kind is TaskSourceKind.Beads ? new(village.Runner, place, village.Root, BeadsTool.Usual) : null;
    }

    /// <summary>Which store it is, and why.</summary>
    public TaskSourceChoice Choice { get; }

    /// <summary>Whether it is Village's own file.</summary>
    public bool IsEmbedded => Choice.Kind is TaskSourceKind.Embedded;

    /// <summary>Beads' program when tasks are there, or null.</summary>
    public BeadsTool? Beads => beads;

    /// <summary>The workers' names in Beads.</summary>
    public BeadsActors Actors => actors ??= BeadsActors.For(village.HostName, village.Config.Session, village.StateDirectory);

    /// <summary>How old what Beads said may be for a command that looks again and again.</summary>
    public static readonly TimeSpan UsualAge = TimeSpan.FromSeconds(30);

    /// <summary>How old what Beads said may be while nothing happens here; what happens here has it asked again at once.</summary>
    public TimeSpan MayBeOld { get; set; }

    /// <summary>Asks Beads; Village's own file needs no asking.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (beads is null)
        {
            return;
        }

        var events = village.Events.Read().Count;
        if (loaded is null || events != loadedEvents || (village.Now - loadedAt).Duration() >= MayBeOld)
        {
            (loadedAt, loadedEvents) = (village.Now, events);
            var export = await beads.ExportAsync(ct);
            loaded = export with { Tasks = [.. export.Tasks.Select(Actors.Unclaimed)] };
        }
    }

    /// <summary>Forgets what was read, and gives its memory back.</summary>
    public void Release()
    {
        loaded = null;
        file.Release();
    }

    /// <summary>
    /// All there is. From Beads as it was when it was last asked, which must have been done before; and what this village's own
    /// workers have there is open, as it is in Village's file.
    /// </summary>
    public TaskStore Read() => Choice.Kind switch
    {
        TaskSourceKind.Embedded => file.Read(),
        TaskSourceKind.BeadsFile => loaded ??= new TaskFile(place!.File, village.Config.Durability).Read(),
        _ => loaded ?? throw new InvalidOperationException("Beads has not been asked"),
    };

    /// <summary>Every task, or none when Beads was not asked or did not answer.</summary>
    public IReadOnlyList<TaskSpec> Loaded => Choice.Kind is TaskSourceKind.Beads && loaded is null ? [] : ReadAll();

    /// <summary>Every task.</summary>
    public IReadOnlyList<TaskSpec> ReadAll() => Read().Tasks;

    /// <summary>The tasks whose id begins so, for who wants the first few.</summary>
    public IEnumerable<TaskSpec> Scan(string beginning) => IsEmbedded
        ? file.Scan(beginning)
        : ReadAll().Where(task => task.Id.Value.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));

    /// <summary>A task, or null.</summary>
    public TaskSpec? Find(TaskId id) => ReadAll().FirstOrDefault(task => task.Id == id);

    /// <summary>Keeps other writers of this village out: from Village's file by the village's guard; from Beads, which is slow, by one of its own.</summary>
    public Guard Hold() => IsEmbedded ? village.TakeGuard() : Guard.Take(Path.Combine(village.StateDirectory, ".beads.guard"), WritersWait);

    /// <summary>
    /// Changes what there is to what <paramref name="change"/> makes of it, while the writers are held. Village's file changes whole
    /// or not at all; Beads task by task, and what it did is looked at. Returns the ids that Beads gave to new tasks.
    /// </summary>
    /// <param name="change">The change; what it throws leaves everything as it is.</param>
    /// <param name="keepsIds">Whether new tasks must have just the ids that they were given.</param>
    /// <param name="ct">The end of the command.</param>
    public async Task<IReadOnlyDictionary<TaskId, TaskId>> ChangeAsync(Func<TaskStore, TaskStore> change, bool keepsIds, CancellationToken ct)
    {
        if (IsEmbedded)
        {
            if (hadTasks && !file.HasContent)
            {
                // A new file would hide what has just gone to Beads.
                throw new VillageException(ErrorKind.Transient, "the tasks were moved to another store at this moment", "try again");
            }

            file.ChangeAll(change);
            return new Dictionary<TaskId, TaskId>();
        }

        if (beads is null)
        {
            throw new VillageException(ErrorKind.NotReady, Choice.Reason, "install bd, or set TASKS=embedded in .village/config");
        }

        await beads.RequireWritableAsync(ct);
        loaded = null;
        await LoadAsync(ct);
        var before = Read();
        var after = change(before);
        if (ReferenceEquals(before, after))
        {
            return new Dictionary<TaskId, TaskId>();
        }

        var write = new BeadsChange(beads, Actors, village.Host.Variable("USER") ?? "village");
        loaded = await write.RunAsync(before, after, keepsIds, ct);
        return write.Ids;
    }
}
