using System.Text;

namespace Village.Tasks;

/// <summary>What the reading of one line leaves for the next: short texts that come again and again, and two lists.</summary>
internal sealed class TaskLineScratch
{
    private const int Longest = 32;
    private readonly string?[] words = new string?[512];

    /// <summary>The labels of the line.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>The edges of the line.</summary>
    public List<TaskDependency> Dependencies { get; } = [];

    /// <summary>The text of ASCII bytes, one object for the same word again; null when the bytes are others, or too many to be worth keeping.</summary>
    public string? Word(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > Longest)
        {
            return null;
        }

        // Another word in the same slot takes its place: what is frequent comes back.
        ref var slot = ref words[((bytes.Length * 131) + (bytes[0] * 31) + (bytes[bytes.Length / 2] * 17) + bytes[^1]) % words.Length];
        if (slot is not null && Ascii.Equals(bytes, slot))
        {
            return slot;
        }

        return Ascii.IsValid(bytes) ? slot = Encoding.ASCII.GetString(bytes) : null;
    }
}
