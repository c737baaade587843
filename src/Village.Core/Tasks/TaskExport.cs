using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Village.Tasks;

/// <summary>Which Beads an export is for.</summary>
public enum TaskDialect
{
    /// <summary>Beads from 0.61: each line says that it is an issue, and counts its neighbours.</summary>
    Modern,

    /// <summary>Beads up to 0.60: no such key, numbers for the ids of comments, and what is left of deleted tasks.</summary>
    Classic,
}

/// <summary>
/// Writes a store for Beads, sorted by id; equal stores give equal bytes. Tasks that live only inside a molecule are left out, as
/// Beads does.
/// </summary>
public static class TaskExport
{
    /// <summary>Writes all lines; returns how many of them are tasks.</summary>
    public static int Write(IBufferWriter<byte> output, TaskStore store, TaskDialect dialect)
    {
        var isModern = dialect is TaskDialect.Modern;
        var waiting = Waiting(store);
        var tasks = store.Tasks.Concat(isModern ? [] : store.Deleted).Where(task => !task.IsEphemeral)
            .OrderBy(task => task.Id.Value, StringComparer.Ordinal).ToList();
        foreach (var task in tasks)
        {
            if (isModern)
            {
                Modern(output, task, waiting.GetValueOrDefault(task.Id.Value));
            }
            else
            {
                TaskLine.Write(output, TaskComments.Numbered(task, Number));
            }
        }

        // An older Beads takes each line for an issue and imports nothing when one is none.
        foreach (var line in isModern ? store.Foreign : [])
        {
            output.Write(line.Span);
            output.Write("\n"u8);
        }

        return tasks.Count;
    }

    // The line as the store has it, between the key that says what it is and the three counts.
    private static void Modern(IBufferWriter<byte> output, TaskSpec task, int dependents)
    {
        var line = TaskLine.Format(task).AsSpan();
        output.Write("{\"_type\":\"issue\","u8);
        output.Write(line[1..^2]);
        output.Write(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $",\"dependency_count\":{task.Dependencies.Count(edge => edge.Type is DependencyType.Blocks)},\"dependent_count\":{dependents},\"comment_count\":{TaskComments.Of(task).Count}}}\n")));
    }

    private static Dictionary<string, int> Waiting(TaskStore store)
    {
        Dictionary<string, int> waiting = new(StringComparer.OrdinalIgnoreCase);
        foreach (var edge in store.Tasks.SelectMany(task => task.Dependencies).Where(edge => edge.Type is DependencyType.Blocks))
        {
            waiting[edge.DependsOn] = waiting.GetValueOrDefault(edge.DependsOn) + 1;
        }

        return waiting;
    }

    // 48 bits of a hash: no list of numbers has to be kept, and a script that reads them as floating point loses nothing.
    private static long Number(string id) =>
        (BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id))) & 0xFFFF_FFFF_FFFF) + 1;
}
