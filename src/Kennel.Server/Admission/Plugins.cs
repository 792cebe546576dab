using System.Collections.Immutable;

namespace Kennel.Server.Admission;

/// <summary>Upstream's admission plugins by name: which are known, and which are on.</summary>
/// <param name="Off">Switched off.</param>
/// <param name="On">Switched on besides those that are by default.</param>
public sealed record Plugins(ImmutableSortedSet<string> Off, ImmutableSortedSet<string> On)
{
    public static readonly Plugins Default = new([], []);

    /// <summary>On by default. Those that need webhooks, policies or certificates of other rooms are switched there.</summary>
    static readonly ImmutableSortedSet<string> s_default = ImmutableSortedSet.Create(StringComparer.Ordinal,
        "NamespaceLifecycle", "LimitRanger", "ServiceAccount", "TaintNodesByCondition", "PodSecurity", "Priority", "DefaultTolerationSeconds", "DefaultStorageClass",
        "StorageObjectInUseProtection", "PersistentVolumeClaimResize", "RuntimeClass", "CertificateApproval", "CertificateSigning", "ClusterTrustBundleAttest",
        "CertificateSubjectRestriction", "DefaultIngressClass", "PodTopologyLabels", "MutatingAdmissionPolicy", "MutatingAdmissionWebhook", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionWebhook", "ResourceQuota", "NodeRestriction");

    /// <summary>Off by default, and here to be switched on.</summary>
    static readonly ImmutableSortedSet<string> s_others = ImmutableSortedSet.Create(StringComparer.Ordinal, "AlwaysPullImages", "DenyServiceExternalIPs");

    public bool IsOn(string name) => !Off.Contains(name) && (On.Contains(name) || s_default.Contains(name));

    /// <summary>Reads the names of two flags.</summary>
    /// <param name="problem">What is wrong, in upstream's words; null when nothing is.</param>
    public static Plugins Parse(IEnumerable<string> enable, IEnumerable<string> disable, out string? problem)
    {
        var (on, off) = (Names(enable), Names(disable));
        problem = on.Except(s_default).Except(s_others) is [var unknown, ..] ? $"enable-admission-plugins plugin \"{unknown}\" is unknown; known are {string.Join(", ", s_default.Union(s_others))}"
            : off.Except(s_default).Except(s_others) is [var strange, ..] ? $"disable-admission-plugins plugin \"{strange}\" is unknown; known are {string.Join(", ", s_default.Union(s_others))}"
            : on.Intersect(off) is { IsEmpty: false } both ? $"[{string.Join(" ", both)}] in enable-admission-plugins and disable-admission-plugins overlapped"
            : null;
        return new(off, on);
    }

    static ImmutableSortedSet<string> Names(IEnumerable<string> texts) =>
        [.. texts.SelectMany(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
