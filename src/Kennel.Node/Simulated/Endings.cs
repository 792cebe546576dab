using System.Globalization;
using Kennel.Node.Runtime;

namespace Kennel.Node.Simulated;

/// <summary>
/// When the containers of a simulated pod end by themselves, and how. A pod of a Job succeeds after a second, others run for ever, unless the pod's
/// annotation says otherwise: <c>kennel.io/simulated-exit: "1 after 500ms"</c>, for one container <c>main=3 after 2s; log=never</c>.
/// </summary>
static class Endings
{
    public const string Annotation = "kennel.io/simulated-exit";

    /// <summary>Every pod of a Job carries it.</summary>
    const string JobLabel = "batch.kubernetes.io/controller-uid";

    static readonly Ending s_ofJobs = new(0, TimeSpan.FromSeconds(1));

    /// <summary>Something in the pod may end by itself: only such a pod has to be remembered.</summary>
    public static bool Concern(SandboxSpec pod) => pod.Labels.ContainsKey(JobLabel) || pod.Annotations.ContainsKey(Annotation);

    /// <summary>How a container ends, or null when it doesn't. What can't be read counts as not said.</summary>
    public static Ending? Of(SandboxSpec pod, string container)
    {
        var usual = pod.Labels.ContainsKey(JobLabel) ? s_ofJobs : null;
        if (!pod.Annotations.TryGetValue(Annotation, out var text)) return usual;
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var named = part.IndexOf('=', StringComparison.Ordinal);
            if (named >= 0 && part[..named].Trim() != container) continue;
            var how = part[(named + 1)..].Trim();
            return how == "never" ? null : Read(how) ?? usual;
        }
        return usual;
    }

    static Ending? Read(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ([_] or [_, "after", _]) || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code > byte.MaxValue) return null;
        return words.Length == 1 ? s_ofJobs with { ExitCode = code } : Duration(words[2]) is { } after ? new(code, after) : null;
    }

    static TimeSpan? Duration(string text)
    {
        var (unit, digits) = text switch
        {
            [.., 'm', 's'] => (TimeSpan.FromMilliseconds(1), text[..^2]),
            [.., 's'] => (TimeSpan.FromSeconds(1), text[..^1]),
            [.., 'm'] => (TimeSpan.FromMinutes(1), text[..^1]),
            _ => (TimeSpan.Zero, ""),
        };
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 86_400_000 ? count * unit : null;
    }
}

/// <param name="After">Its start.</param>
sealed record Ending(int ExitCode, TimeSpan After);
