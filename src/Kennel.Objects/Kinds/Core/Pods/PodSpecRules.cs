using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>What a pod's spec must be, in a pod and in a template.</summary>
static class PodSpecRules
{
    /// <summary>What the kernel takes.</summary>
    const int LongestHostname = 64;

    /// <param name="claims">Names that stand for volumes besides the spec's own: a set's claim templates, which replace volumes of the same name.</param>
    /// <param name="isPod">A pod and not a template: some rules are only for pods.</param>
    public static void Check(JsonObject? spec, At at, Errors errors, bool isPod, IReadOnlySet<string>? claims = null, bool namesHost = true)
    {
        var volumes = VolumeRules.Check(spec.List("volumes"), at["volumes"], errors, claims);
        var pod = new PodContext(spec, volumes, isPod);
        ContainerRules.Check(pod, at, errors);
        errors.OneOf(at["restartPolicy"], spec.Text("restartPolicy"), "Always", "OnFailure", "Never");
        errors.OneOf(at["dnsPolicy"], spec.Text("dnsPolicy"), "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        Labels.Check(spec.Obj("nodeSelector"), at["nodeSelector"], errors);
        SecurityRules.CheckPod(spec.Obj("securityContext"), at["securityContext"], errors);
        AffinityRules.Check(spec.Obj("affinity"), at["affinity"], errors);
        DnsRules.Check(spec, at["dnsConfig"], errors);
        ReadinessGates(spec.List("readinessGates"), at["readinessGates"], errors);
        SchedulingGates(spec.List("schedulingGates"), at["schedulingGates"], errors);
        if (spec.Text("serviceAccountName") is { Length: > 0 } account) errors.Unless(Names.Subdomain(account), at["serviceAccountName"], account);
        if (spec.Text("nodeName") is { Length: > 0 } node) errors.Unless(Names.Subdomain(node), at["nodeName"], node);
        if (spec.Int("activeDeadlineSeconds") is { } deadline and (< 1 or > int.MaxValue))
            errors.Invalid(at["activeDeadlineSeconds"], deadline, "must be between 1 and 2147483647, inclusive");
        if (namesHost)
        {
            if (spec.Text("hostname") is { Length: > 0 } host) errors.Unless(Names.Label(host), at["hostname"], host);
            if (spec.Text("subdomain") is { Length: > 0 } subdomain) errors.Unless(Names.Label(subdomain), at["subdomain"], subdomain);
        }
        if (spec.Text("hostnameOverride") is { } wanted)
        {
            errors.Unless(Names.Subdomain(wanted), at["hostnameOverride"], wanted);
            if (wanted.Length > LongestHostname) errors.TooLong(at["hostnameOverride"], LongestHostname);
        }
        TolerationRules.Check(spec.List("tolerations"), at["tolerations"], errors);
        DnsRules.CheckAliases(spec.List("hostAliases"), at["hostAliases"], errors);
        if (spec.Text("priorityClassName") is { Length: > 0 } priority) errors.Unless(Names.Subdomain(priority), at["priorityClassName"], priority);
        if (spec.Text("runtimeClassName") is { Length: > 0 } runtime) errors.Unless(Names.Subdomain(runtime), at["runtimeClassName"], runtime);
        if (spec.Has("preemptionPolicy")) errors.OneOf(at["preemptionPolicy"], spec.Text("preemptionPolicy"), "PreemptLowerPriority", "Never");
        SpreadRules.Check(spec.List("topologySpreadConstraints"), at["topologySpreadConstraints"], errors);
    }

    static void ReadinessGates(JsonArray? gates, At at, Errors errors)
    {
        for (var i = 0; i < gates?.Count; i++)
            if (gates[i].Text("conditionType") is var type) errors.Unless(Labels.KeyProblem(type ?? ""), at[i]["conditionType"], type ?? "");
    }

    static void SchedulingGates(JsonArray? gates, At at, Errors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < gates?.Count; i++)
        {
            var name = gates[i].Text("name") ?? "";
            errors.Unless(Labels.KeyProblem(name), at[i], name);
            if (!seen.Add(name)) errors.Duplicate(at[i], name);
        }
    }
}

/// <summary>What rules about a container need to know of its pod.</summary>
/// <param name="Volumes">Name → source; a claim template stands in with a persistentVolumeClaim.</param>
sealed record PodContext(JsonObject? Spec, IReadOnlyDictionary<string, JsonObject> Volumes, bool IsPod)
{
    public bool OnHostNetwork { get; } = Spec.Bool("hostNetwork") == true;

    public long? GraceSeconds { get; } = Spec.Int("terminationGracePeriodSeconds");
}
