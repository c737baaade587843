using System.Runtime.CompilerServices;

namespace Village.Tests.Testing;

/// <summary>Where the project's own files are.</summary>
internal static class SourceRoot
{
    /// <summary>The root of the project's checkout.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath("../../..", System.IO.Path.GetDirectoryName(Here())!);

    private static string Here([CallerFilePath] string file = "") => file;
}
