using System.Diagnostics;
using System.Text;

namespace Village.Tests.Testing;

/// <summary>What runs in a sandbox, and its end.</summary>
internal sealed partial class TestVillage
{
    /// <summary>Processes of the sandbox other than its tmux server: by its home directory in their environment.</summary>
    public IReadOnlyList<int> Processes()
    {
        var marker = Encoding.UTF8.GetBytes($"HOME={Environment["HOME"]}\0");
        List<int> found = [];
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var id) && id != System.Environment.ProcessId && Carries(id, marker) && !IsTmux(id))
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        TryTool("tmux", "kill-server");
        await EventuallyAsync(
            () =>
            {
                foreach (var id in Processes())
                {
                    try
                    {
                        Process.GetProcessById(id).Kill();
                    }
                    catch (ArgumentException)
                    {
                        // Gone already.
                    }
                }

                return Processes() is [];
            },
            "the sandbox's processes are gone");
        Directory.Delete(sandbox, recursive: true);
    }

    private static bool Carries(int id, byte[] marker)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/environ").AsSpan().IndexOf(marker) >= 0;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsTmux(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/comm").StartsWith("tmux", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
