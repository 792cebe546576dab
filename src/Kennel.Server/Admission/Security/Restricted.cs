using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission.Security;

/// <summary>What the restricted standard asks beyond the baseline, in the order of upstream's checks.</summary>
static class Restricted
{
    static readonly string[] s_volumes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

    public static IEnumerable<Violation?> Check(Examined pod)
    {
        if (!pod.OnWindows)
        {
            var escalating = pod.Where(c => !Examined.False(c.Object("securityContext")?["allowPrivilegeEscalation"]));
            yield return escalating.Count == 0 ? null : new("allowPrivilegeEscalation != false", $"{Say.Containers(escalating)} must set securityContext.allowPrivilegeEscalation=false");
            yield return Capabilities(pod);
        }
        yield return Volumes(pod);
        if (!pod.OwnUsers)
        {
            yield return RunAsNonRoot(pod);
            yield return pod.Setters(c => c.Number("runAsUser") == 0) is { Length: > 0 } setters ? new("runAsUser=0", $"{setters} must not set runAsUser=0") : null;
        }
        if (!pod.OnWindows) yield return Seccomp(pod);
    }

    static Violation? Capabilities(Examined pod)
    {
        var added = new SortedSet<string>(StringComparer.Ordinal);
        var keeping = pod.Where(c => !c.Object("securityContext").Object("capabilities").Texts("drop").Contains("ALL"));
        var adding = pod.Where(c => c.Object("securityContext").Object("capabilities").Texts("add").Count(name => name != "NET_BIND_SERVICE" && (added.Add(name) || true)) > 0);
        var details = new List<string>();
        if (keeping.Count > 0) details.Add($"{Say.Containers(keeping)} must set securityContext.capabilities.drop=[\"ALL\"]");
        if (adding.Count > 0) details.Add($"{Say.Containers(adding)} must not include {Say.Quoted(added)} in securityContext.capabilities.add");
        return details.Count == 0 ? null : new("unrestricted capabilities", string.Join("; ", details));
    }

    static Violation? Volumes(Examined pod)
    {
        var (names, types) = (new List<string>(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var volume in pod.Spec.Objects("volumes"))
        {
            if (s_volumes.Any(t => volume[t] is not null)) continue;
            names.Add(volume.Text("name"));
            types.Add(volume.Select(p => p.Key).FirstOrDefault(k => k != "name") ?? "unknown");
        }
        return names.Count == 0 ? null : new("restricted volume types",
            $"{Say.Plural("volume", "volumes", names.Count)} {Say.Quoted(names)} {Say.Plural("uses", "use", names.Count)} {Say.Plural("restricted volume type", "restricted volume types", types.Count)} {Say.Quoted(types)}");
    }

    static Violation? RunAsNonRoot(Examined pod)
    {
        const string Reason = "runAsNonRoot != true";
        if (pod.Setters(c => Examined.False(c["runAsNonRoot"])) is { Length: > 0 } setters) return new(Reason, $"{setters} must not set securityContext.runAsNonRoot=false");
        if (Examined.True(pod.Context?["runAsNonRoot"])) return null;
        var silent = pod.Where(c => c.Object("securityContext")?["runAsNonRoot"] is null);
        return silent.Count == 0 ? null : new(Reason, $"pod or {Say.Containers(silent)} must set securityContext.runAsNonRoot=true");
    }

    static Violation? Seccomp(Examined pod)
    {
        const string Reason = "seccompProfile";
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var setters = pod.Setters(c => c.Object("seccompProfile") is { } profile && profile.Text("type") is var type and not ("RuntimeDefault" or "Localhost") && (types.Add(type) || true));
        if (setters.Length > 0) return new(Reason, $"{setters} must not set securityContext.seccompProfile.type to {Say.Quoted(types)}");
        if (pod.Context.Object("seccompProfile") is not null) return null;
        var silent = pod.Where(c => c.Object("securityContext").Object("seccompProfile") is null);
        return silent.Count == 0 ? null : new(Reason, $"pod or {Say.Containers(silent)} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }
}
