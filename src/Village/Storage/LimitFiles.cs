using Village.Agents;
using Village.Configuration;

namespace Village.Storage;

/// <summary>The limits of providers, a file each below <c>.village/limits</c>. A file whose time is over means nothing.</summary>
internal sealed class LimitFiles(string directory, Durability durability)
{
    /// <summary>Those that are in force, by provider.</summary>
    public IReadOnlyDictionary<string, ProviderLimit> Read(DateTimeOffset now)
    {
        Dictionary<string, ProviderLimit> found = new(StringComparer.OrdinalIgnoreCase);
        foreach (var limit in Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*.json").Select(TryRead).OfType<ProviderLimit>() : [])
        {
            if (limit.Until > now)
            {
                found[limit.Provider] = limit;
            }
        }

        return found;
    }

    /// <summary>Notes a limit; the later end counts.</summary>
    public void Write(ProviderLimit limit)
    {
        var path = Path.Combine(directory, ProviderLimit.FileOf(limit.Provider));
        if (TryRead(path) is { } known && known.Until >= limit.Until)
        {
            return;
        }

        DurableFile.MakeDirectory(directory, durability);
        DurableFile.Replace(path, [limit.Format()], durability);
    }

    private static ProviderLimit? TryRead(string path)
    {
        try
        {
            return ProviderLimit.TryParse(File.ReadAllBytes(path));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
