using System.Runtime.CompilerServices;

namespace Kennel.Tidy.Tests;

/// <summary>The checkout that the tests look at.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Our own C# files below a folder, as paths relative to the root.</summary>
    public static IEnumerable<string> Sources(string folder) => Files(folder, "*.cs");

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f))
            .Where(f => !f.Split('/').Any(p => p is "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    static string Find([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "Kennel.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
