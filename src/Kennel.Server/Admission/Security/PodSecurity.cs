using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Admission.Security;

/// <summary>Holds pods to the standard that the labels of their namespace name, and warns of workloads whose pods would not keep it.</summary>
sealed class PodSecurity : IAdmission
{
    /// <summary>So many pods are looked at when a namespace becomes stricter.</summary>
    const int MostExamined = 3000;

    public string Name => "PodSecurity";

    public async ValueTask<Refusal?> Check(Admitting admitting, CancellationToken cancel)
    {
        if (admitting.Is("", "Namespace")) return await CheckNamespace(admitting, cancel);
        var pod = admitting.Is("", "Pod");
        if (pod ? !MattersForPod(admitting) : admitting.Call.Route.Subresource.Length > 0 || !IsWorkload(admitting)) return null;
        var policy = await Policy(admitting.Call, cancel);
        if (policy == SecurityPolicy.Open) return null;
        var (metadata, spec) = pod ? (admitting.Next.Object("metadata"), admitting.Next.Object("spec")) : Template(admitting.Next);
        if (spec is null) return null;
        var examined = new Examined(metadata, spec);
        if (pod && Violations(examined, policy.Enforce) is { Count: > 0 } broken)
            return admitting.Forbid($"violates PodSecurity \"{policy.Enforce}\": {string.Join(", ", broken)}");
        if (Violations(examined, policy.Warn) is { Count: > 0 } bad) admitting.Call.Warn($"would violate PodSecurity \"{policy.Warn}\": {string.Join(", ", bad)}");
        return null;
    }

    static List<Violation> Violations(Examined pod, Standard standard) => standard.Level switch
    {
        SecurityLevel.Privileged => [],
        SecurityLevel.Baseline => [.. Baseline.Check(pod, alone: true).OfType<Violation>()],
        _ => [.. Baseline.Check(pod, alone: false).Concat(Restricted.Check(pod)).OfType<Violation>()],
    };

    /// <summary>Of a pod that is there only its images and who joined it for debugging can change.</summary>
    static bool MattersForPod(Admitting admitting)
    {
        if (admitting.Call.Route.Subresource is not ("" or "ephemeralcontainers" or "resize")) return false;
        return admitting.Live is null || !Images(admitting.Next).SequenceEqual(Images(admitting.Live));
    }

    static IEnumerable<string> Images(JsonObject pod) => new Examined(null, pod.Object("spec")).Containers.Select(c => c.Text("image"));

    static bool IsWorkload(Admitting admitting) => (admitting.Call.Type.Group, admitting.Call.Type.Kind) is
        ("", "PodTemplate" or "ReplicationController") or ("apps", "ReplicaSet" or "Deployment" or "StatefulSet" or "DaemonSet") or ("batch", "Job" or "CronJob");

    static (JsonObject? Metadata, JsonObject? Spec) Template(JsonObject o)
    {
        var template = o.Object("template") ?? o.Object("spec").Object("template") ?? o.Object("spec").Object("jobTemplate").Object("spec").Object("template");
        return (template.Object("metadata"), template.Object("spec"));
    }

    static async ValueTask<SecurityPolicy> Policy(Call call, CancellationToken cancel)
    {
        var key = Route.KeyOf(call.Parts.Catalog.Find("", "v1", "namespaces")!, "", call.Route.Namespace);
        // Only a namespace that says something about it has this prefix in it, so that most need no look at their tree.
        return await call.Parts.Store.Get(key, cancel) is { } entry && entry.Value.Span.IndexOf("pod-security.kubernetes.io/"u8) >= 0
            ? SecurityPolicy.Of(Stored.Parse(entry.Value).Object("metadata").Object("labels")) : SecurityPolicy.Open;
    }

    static async ValueTask<Refusal?> CheckNamespace(Admitting admitting, CancellationToken cancel)
    {
        if (admitting.Call.Route.Subresource.Length > 0) return null;
        var labels = admitting.Next.Object("metadata").Object("labels");
        var old = admitting.Live.Object("metadata").Object("labels");
        if (SecurityPolicy.Errors(labels).ToList() is { Count: > 0 } errors && (admitting.Creating || !SecurityPolicy.Errors(old).Any()))
            return Refusal.Invalid(admitting.Call.Type, admitting.Name, errors);
        var (now, before) = (SecurityPolicy.Of(labels).Enforce, SecurityPolicy.Of(old).Enforce);
        if (!admitting.Creating && now.Level > before.Level) await WarnOfPods(admitting.Call, admitting.Name, now, cancel);
        return null;
    }

    /// <summary>Who makes a namespace stricter is told which of its pods would be refused now.</summary>
    static async ValueTask WarnOfPods(Call call, string space, Standard standard, CancellationToken cancel)
    {
        var prefix = $"{Route.Root(call.Parts.Catalog.Find("", "v1", "pods")!)}{space}/";
        var page = await call.Parts.Store.Range(new RangeQuery(prefix, Limit: MostExamined), cancel);
        var found = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var entry in page.Entries)
        {
            var pod = Stored.Parse(entry.Value);
            var broken = Violations(new Examined(pod.Object("metadata"), pod.Object("spec")), standard);
            if (broken.Count == 0) continue;
            var why = string.Join(", ", broken.Select(v => v.Reason));
            if (!found.TryGetValue(why, out var names)) found[why] = names = [];
            names.Add(pod.Name());
        }
        if (page.Remaining > 0) call.Warn($"new PodSecurity enforce level only checked against the first {page.Entries.Count} of {page.Entries.Count + page.Remaining} existing pods");
        if (found.Count > 0) call.Warn($"existing pods in namespace \"{space}\" violate the new PodSecurity enforce level \"{standard}\"");
        foreach (var line in found.Select(f => $"{f.Value[0]}{Others(f.Value.Count - 1)}: {f.Key}").Order(StringComparer.Ordinal)) call.Warn(line);
    }

    static string Others(int count) => count switch { 0 => "", 1 => " (and 1 other pod)", _ => $" (and {count} other pods)" };
}
