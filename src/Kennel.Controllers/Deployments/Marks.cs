using System.Globalization;
using Kennel.Objects.Apps;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Deployments;

/// <summary>The annotations and labels by which a Deployment and its ReplicaSets know each other.</summary>
static class Marks
{
    public const string HashLabel = "pod-template-hash";
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string RevisionHistory = "deployment.kubernetes.io/revision-history";
    public const string Desired = "deployment.kubernetes.io/desired-replicas";
    public const string Max = "deployment.kubernetes.io/max-replicas";

    /// <summary>Characters of the annotation with former revisions, as upstream.</summary>
    const int MostHistory = 2000;

    static readonly HashSet<string> Own = new(StringComparer.Ordinal)
    {
        "kubectl.kubernetes.io/last-applied-configuration", Revision, RevisionHistory, Desired, Max, "deprecated.deployment.rollback.to",
    };

    public static long RevisionOf(ObjectMeta meta) =>
        meta.Annotations.TryGetValue(Revision, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static int? Count(ReplicaSet set, string mark) =>
        set.Metadata.Annotations.TryGetValue(mark, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>The annotations of the newest set: the Deployment's, and the revision if it has grown (an old one goes into the history).</summary>
    public static SortedDictionary<string, string> OfNewest(Deployment deployment, IReadOnlyDictionary<string, string> old, long revision)
    {
        var marks = new SortedDictionary<string, string>(old.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in deployment.Metadata.Annotations) if (!Own.Contains(key)) marks[key] = value;
        if (marks.TryGetValue(Revision, out var before))
        {
            if (!long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var was) || was >= revision) return marks;
            Remember(marks, before);
        }
        marks[Revision] = revision.ToString(CultureInfo.InvariantCulture);
        return marks;
    }

    /// <summary>A set that comes back keeps its former numbers, as many of the latest as there is room for.</summary>
    static void Remember(SortedDictionary<string, string> marks, string before)
    {
        var history = marks.GetValueOrDefault(RevisionHistory) is { Length: > 0 } known ? $"{known},{before}" : before;
        while (history.Length > MostHistory)
        {
            var comma = history.IndexOf(',');
            if (comma < 0) return;
            history = history[(comma + 1)..];
        }
        marks[RevisionHistory] = history;
    }

    public static void Size(IDictionary<string, string> marks, Bounds bounds)
    {
        marks[Desired] = bounds.Replicas.ToString(CultureInfo.InvariantCulture);
        marks[Max] = bounds.Most.ToString(CultureInfo.InvariantCulture);
    }
}
