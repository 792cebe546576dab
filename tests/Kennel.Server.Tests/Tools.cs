namespace Kennel.Server.Tests;

/// <summary>Programs that tests use when the machine has them.</summary>
static class Tools
{
    public static readonly string[] Versions = ["1.27", "1.28", "1.29", "1.30", "1.31", "1.32", "1.33"];

    /// <summary>The path of a kubectl: of a version beside the one on PATH, or that one when the version is empty.</summary>
    public static string? Kubectl(string version)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            var found = Path.Combine(folder, "kubectl");
            if (!File.Exists(found)) continue;
            var real = File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found;
            if (version.Length == 0) return real;
            var beside = Path.Combine(Path.GetDirectoryName(real)!, "kubectl." + version);
            return File.Exists(beside) ? beside : null;
        }
        return null;
    }
}
