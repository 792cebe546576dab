using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission.Security;

/// <summary>The baseline of the Pod Security Standards, in the order of upstream's checks.</summary>
static class Baseline
{
    static readonly HashSet<string> s_capabilities =
        ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"];

    static readonly HashSet<string> s_sysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
    ];

    static readonly HashSet<string> s_seLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

    /// <param name="alone">Not under the restricted standard, which has stricter words for some.</param>
    public static IEnumerable<Violation?> Check(Examined pod, bool alone)
    {
        yield return AppArmor(pod);
        if (alone) yield return Capabilities(pod);
        yield return HostNamespaces(pod);
        if (alone) yield return HostPaths(pod);
        yield return HostPorts(pod);
        yield return ProbeHosts(pod);
        yield return Named(pod.Where(c => Examined.True(c.Object("securityContext")?["privileged"])), "privileged", "must not set securityContext.privileged=true");
        if (!pod.OwnUsers) yield return ProcMount(pod);
        yield return SeLinux(pod);
        if (alone) yield return Seccomp(pod);
        yield return Sysctls(pod);
        yield return pod.Setters(c => Examined.True(c.Object("windowsOptions")?["hostProcess"])) is { Length: > 0 } setters
            ? new("hostProcess", $"{setters} must not set securityContext.windowsOptions.hostProcess=true") : null;
    }

    static Violation? Named(List<string> bad, string reason, string rest) => bad.Count == 0 ? null : new(reason, $"{Say.Containers(bad)} {rest}");

    static Violation? AppArmor(Examined pod)
    {
        const string Annotation = "container.apparmor.security.beta.kubernetes.io/";
        var values = new SortedSet<string>(StringComparer.Ordinal);
        var setters = pod.Setters(c => c.Object("appArmorProfile").Text("type") is { Length: > 0 } type and not ("RuntimeDefault" or "Localhost") && (values.Add(type) || true));
        var annotations = (pod.Annotations ?? []).Select(a => a.Key).Where(k => k.StartsWith(Annotation, StringComparison.Ordinal)
            && pod.Annotations.Text(k) is var v && v is not ("" or "runtime/default") && !v.StartsWith("localhost/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(k => $"{k}=\"{pod.Annotations.Text(k)}\"").ToList();
        if (setters.Length == 0 && annotations.Count == 0) return null;
        List<string> all = [.. values, .. annotations];
        var who = string.Join(" and ", new[] { setters, annotations.Count == 0 ? "" : Say.Plural("annotation", "annotations", annotations.Count) }.Where(s => s.Length > 0));
        return new(Say.Plural("forbidden AppArmor profile", "forbidden AppArmor profiles", all.Count), $"{who} must not set AppArmor profile type to {Say.Quoted(all)}");
    }

    static Violation? Capabilities(Examined pod)
    {
        var added = new SortedSet<string>(StringComparer.Ordinal);
        var bad = pod.Where(c => c.Object("securityContext").Object("capabilities").Texts("add").Count(name => !s_capabilities.Contains(name) && (added.Add(name) || true)) > 0);
        return Named(bad, "non-default capabilities", $"must not include {Say.Quoted(added)} in securityContext.capabilities.add");
    }

    static Violation? HostNamespaces(Examined pod)
    {
        List<string> shared = [.. new[] { "hostNetwork", "hostPID", "hostIPC" }.Where(n => Examined.True(pod.Spec?[n])).Select(n => n + "=true")];
        return shared.Count == 0 ? null : new("host namespaces", string.Join(", ", shared));
    }

    static Violation? HostPaths(Examined pod)
    {
        List<string> names = [.. pod.Spec.Objects("volumes").Where(v => v["hostPath"] is not null).Select(v => v.Text("name"))];
        return names.Count == 0 ? null : new("hostPath volumes", $"{Say.Plural("volume", "volumes", names.Count)} {Say.Quoted(names)}");
    }

    static Violation? HostPorts(Examined pod)
    {
        var ports = new SortedSet<string>(StringComparer.Ordinal);
        var bad = pod.Where(c => c.Objects("ports").Count(p => p.Number("hostPort") is > 0 and var port && (ports.Add($"{port}") || true)) > 0);
        return Named(bad, "hostPort", $"{Say.Plural("uses", "use", bad.Count)} {Say.Plural("hostPort", "hostPorts", ports.Count)} {string.Join(", ", ports)}");
    }

    static Violation? ProbeHosts(Examined pod)
    {
        var hosts = new SortedSet<string>(StringComparer.Ordinal);
        var bad = pod.Where(c => Handlers(c).Count(h => h.Text("host") is { Length: > 0 } host && (hosts.Add(host) || true)) > 0);
        bad.Sort(StringComparer.Ordinal);
        return Named(bad, "probe or lifecycle host", $"{Say.Plural("uses", "use", bad.Count)} {Say.Plural("probe or lifecycle host", "probe or lifecycle hosts", hosts.Count)} {Say.Quoted(hosts)}");
    }

    static IEnumerable<JsonObject> Handlers(JsonObject container) =>
        new[] { container.Object("livenessProbe"), container.Object("readinessProbe"), container.Object("startupProbe"), container.Object("lifecycle").Object("postStart"), container.Object("lifecycle").Object("preStop") }
            .SelectMany(h => new[] { h.Object("httpGet"), h.Object("tcpSocket") }).OfType<JsonObject>();

    static Violation? ProcMount(Examined pod)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var bad = pod.Where(c => c.Object("securityContext").Text("procMount") is { Length: > 0 } type and not "Default" && (types.Add(type) || true));
        return Named(bad, "procMount", $"must not set securityContext.procMount to {Say.Quoted(types)}");
    }

    static Violation? SeLinux(Examined pod)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var (user, role) = (false, false);
        var setters = pod.Setters(c =>
        {
            if (c.Object("seLinuxOptions") is not { } options) return false;
            var (type, setsUser, setsRole) = (options.Text("type"), options.Text("user").Length > 0, options.Text("role").Length > 0);
            if (!s_seLinuxTypes.Contains(type)) types.Add(type);
            (user, role) = (user | setsUser, role | setsRole);
            return setsUser || setsRole || !s_seLinuxTypes.Contains(type);
        });
        if (setters.Length == 0) return null;
        var what = new[] { types.Count == 0 ? "" : $"{Say.Plural("type", "types", types.Count)} {Say.Quoted(types)}", user ? "user may not be set" : "", role ? "role may not be set" : "" };
        return new("seLinuxOptions", $"{setters} set forbidden securityContext.seLinuxOptions: {string.Join("; ", what.Where(w => w.Length > 0))}");
    }

    static Violation? Seccomp(Examined pod)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var setters = pod.Setters(c => c.Object("seccompProfile") is { } profile && profile.Text("type") is var type and not ("RuntimeDefault" or "Localhost") && (types.Add(type) || true));
        return setters.Length == 0 ? null : new("seccompProfile", $"{setters} must not set securityContext.seccompProfile.type to {Say.Quoted(types)}");
    }

    static Violation? Sysctls(Examined pod)
    {
        List<string> names = [.. pod.Context.Objects("sysctls").Select(s => s.Text("name")).Where(n => !s_sysctls.Contains(n))];
        return names.Count == 0 ? null : new("forbidden sysctls", string.Join(", ", names));
    }
}
