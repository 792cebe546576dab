using System.Runtime.CompilerServices;

namespace Kennel.Node.Tests.Pods;

/// <summary>
/// Each case is in a file below Cases: <c>== title</c>, the observation, <c>--</c>, the steps and the status. With KENNEL_REWRITE=1 the
/// expectations are written anew; the difference is for review.
/// </summary>
public sealed class DecideTests
{
    static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Cases");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder(), "*.txt").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_observation_gives_its_steps(string file)
    {
        var path = Path.Combine(Folder(), file);
        var text = File.ReadAllText(path);
        var now = string.Join('\n', text.Split("== ", StringSplitOptions.RemoveEmptyEntries).Select(Case));
        if (Environment.GetEnvironmentVariable("KENNEL_REWRITE") == "1") File.WriteAllText(path, now);
        else now.ShouldBe(text);
    }

    static string Case(string text)
    {
        var (title, body) = text.Split('\n', 2) is [var t, var b] ? (t, b) : (text, "");
        var observed = body.Split("\n--\n")[0].Trim('\n');
        return $"== {title}\n{observed}\n--\n{PodCase.Decide(observed)}\n";
    }
}
