namespace Village.Configuration;

/// <summary>What an acknowledged write outlives.</summary>
public enum Durability
{
    /// <summary>A power cut: file and directory are synced before the command goes on.</summary>
    Full,

    /// <summary>The death of every process, but not that of the machine.</summary>
    Relaxed,
}
