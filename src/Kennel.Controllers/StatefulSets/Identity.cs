using System.Globalization;
using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>The names that a set gives: <c>web-2</c>, and <c>data-web-2</c> for its claim.</summary>
public static class Identity
{
    public const string PodNameLabel = "statefulset.kubernetes.io/pod-name";
    public const string PodIndexLabel = "apps.kubernetes.io/pod-index";
    public const string RevisionLabel = "controller-revision-hash";

    public static string PodName(StatefulSet set, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{set.Metadata.Name}-{ordinal}");

    public static string ClaimName(StatefulSet set, PersistentVolumeClaim template, int ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"{template.Metadata.Name}-{set.Metadata.Name}-{ordinal}");

    /// <summary>The number behind the last dash of a pod's name; -1 when there is none, or the part before it isn't the set's name.</summary>
    public static int Ordinal(StatefulSet set, Pod pod)
    {
        var name = pod.Name().AsSpan();
        var dash = name.LastIndexOf('-');
        if (dash < 0 || !name[..dash].SequenceEqual(set.Metadata.Name)) return -1;
        return int.TryParse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : -1;
    }

    /// <summary>Whether a pod's name is one that the set could have given, whatever the number.</summary>
    public static bool IsNamedAfter(StatefulSet set, Pod pod)
    {
        var name = pod.Name().AsSpan();
        var dash = name.LastIndexOf('-');
        return dash >= 0 && dash + 1 < name.Length && name[..dash].SequenceEqual(set.Metadata.Name) && name[(dash + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
    }

    /// <summary>The identity that is held up on existing pods; hostname, subdomain and index are written at creation only.</summary>
    public static bool Holds(Pod pod) => pod.Label(PodNameLabel) == pod.Name();

    public static int Start(StatefulSet set) => set.Spec?.Ordinals?.Start ?? 0;
}
