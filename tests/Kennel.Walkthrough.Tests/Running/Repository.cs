using System.Runtime.CompilerServices;

namespace Kennel.Walkthrough.Tests.Running;

/// <summary>The checkout that the tests look at.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    static string Find([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "Kennel.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
