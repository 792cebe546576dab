namespace Kennel.Walkthrough.Tests.Running;

/// <summary>Every kubectl of this machine: the one on the PATH and those that stand beside it as <c>kubectl.1.27</c> and so on.</summary>
public static class KubectlVersions
{
    public static TheoryData<string> All { get; } = [.. Find()];

    /// <summary>The oldest and the newest of them, for what takes long.</summary>
    public static TheoryData<string> OldestAndNewest { get; } = [.. Find().Skip(1).Take(1).DefaultIfEmpty("kubectl"), .. Find().Skip(2).TakeLast(1)];

    static IEnumerable<string> Find()
    {
        yield return "kubectl";
        var here = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(f => Path.Combine(f, "kubectl")).FirstOrDefault(File.Exists);
        if (here is null) yield break;
        var real = File.ResolveLinkTarget(here, returnFinalTarget: true)?.FullName ?? here;
        foreach (var other in Directory.EnumerateFiles(Path.GetDirectoryName(real)!, "kubectl.1.*").Order(StringComparer.Ordinal)) yield return other;
    }
}
