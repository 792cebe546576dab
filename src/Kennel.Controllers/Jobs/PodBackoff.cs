using Kennel.Objects.Core;

namespace Kennel.Controllers.Jobs;

/// <summary>
/// How long the successor of a failed pod has to wait: 10 s, doubling up to 10 minutes. Read from the pods that are there, so that a restart of
/// ours forgets nothing.
/// </summary>
static class PodBackoff
{
    static readonly TimeSpan s_first = TimeSpan.FromSeconds(10);
    static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    /// <summary>When the Job may make a pod again: by how many have failed since one last succeeded. Null: at once.</summary>
    public static DateTimeOffset? Until(Census c)
    {
        var success = c.Pods.Where(p => p.Status?.Phase == "Succeeded").Select(p => (DateTimeOffset?)p.FinishedAt()).Max() ?? DateTimeOffset.MinValue;
        var failures = c.Pods.Where(p => p.IsFailed(c.Spec)).Select(p => p.FinishedAt()).Where(at => at > success).ToList();
        return failures.Count == 0 ? null : After(failures.Count, failures.Max(), c.Observed.Now);
    }

    /// <summary>The same for one index, whose last pod knows how often it has failed.</summary>
    public static DateTimeOffset? Until(Pod predecessor, DateTimeOffset now) => After(predecessor.Failures() + predecessor.Ignored() + 1, predecessor.FinishedAt(), now);

    static DateTimeOffset? After(int failures, DateTimeOffset last, DateTimeOffset now)
    {
        var wait = TimeSpan.FromTicks((long)Math.Min(s_longest.Ticks, s_first.Ticks * Math.Pow(2, failures - 1)));
        return last + wait is var until && until > now ? until : null;
    }
}
