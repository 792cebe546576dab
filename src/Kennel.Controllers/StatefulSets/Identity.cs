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
        var (stem, ordinal) = Split(pod.Name());
        return stem >= 0 && pod.Name().AsSpan(0, stem).SequenceEqual(set.Metadata.Name) ? ordinal : -1;
    }

    /// <summary>
    /// A name as a set's name and a number: where the stem ends, or -1 when there are no digits behind a last dash; and the number, or -1 when
    /// it doesn't fit into 32 bits.
    /// </summary>
    public static (int Stem, int Ordinal) Split(ReadOnlySpan<char> name)
    {
        var dash = name.LastIndexOf('-');
        if (dash < 0 || dash + 1 == name.Length || name[(dash + 1)..].IndexOfAnyExceptInRange('0', '9') >= 0) return (-1, -1);
        return (dash, int.TryParse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : -1);
    }

    /// <summary>The name of the set that an object of this name would belong to, or null: <c>web</c> of <c>web-2</c>.</summary>
    public static string? Stem(string? name) => name is not null && Split(name).Stem is var stem and >= 0 ? name[..stem] : null;

    /// <summary>The identity that is held up on existing pods; hostname, subdomain and index are written at creation only.</summary>
    public static bool Holds(Pod pod) => pod.Label(PodNameLabel) == pod.Name();

    public static int Start(StatefulSet set) => set.Spec?.Ordinals?.Start ?? 0;
}
