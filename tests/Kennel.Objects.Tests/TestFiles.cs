namespace Kennel.Objects.Tests;

/// <summary>Cases kept as files beside the tests.</summary>
static class TestFiles
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, name);

    public static string Text(string name) => File.ReadAllText(Path(name));

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    public static IEnumerable<string> Names(string folder, string pattern) =>
        Directory.EnumerateFiles(Path(folder), pattern).Select(f => System.IO.Path.GetFileName(f)).Order(StringComparer.Ordinal);

    /// <summary>Lines without blanks and without comments.</summary>
    public static IEnumerable<string> Lines(string name) => File.ReadLines(Path(name)).Where(l => l.Length > 0 && l[0] != '#');
}
