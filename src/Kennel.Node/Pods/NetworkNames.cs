using System.Text;
using Kennel.Node.Runtime;
using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>What a pod is called and how it finds others: hostname, /etc/hosts, resolv.conf.</summary>
public static class NetworkNames
{
    const int LongestHostname = 63, LongestFullName = 64;

    /// <summary>At most 63 characters, without a dash or dot left at the end by the cut.</summary>
    public static string Hostname(Pod pod)
    {
        var name = pod.Spec?.HostnameOverride ?? (string.IsNullOrEmpty(pod.Spec?.Hostname) ? pod.Metadata.Name ?? "" : pod.Spec.Hostname);
        return name.Length <= LongestHostname ? name : name[..LongestHostname].TrimEnd('-', '.');
    }

    /// <summary>What the kernel is told: the full name where the pod asks for it.</summary>
    /// <exception cref="ArgumentException">The full name is longer than the kernel takes; the message is the event's.</exception>
    public static string KernelHostname(Pod pod, string clusterDomain)
    {
        var (host, domain) = (Hostname(pod), Domain(pod, clusterDomain));
        if (pod.Spec?.SetHostnameAsFQDN != true || domain.Length == 0) return host;
        var full = $"{host}.{domain}";
        return full.Length <= LongestFullName ? full
            : throw new ArgumentException($"failed to construct FQDN from pod hostname and cluster domain, FQDN {full} is too long ({LongestFullName} characters is the max, {full.Length} characters requested)");
    }

    /// <summary><c>web-0.nginx.default.svc.cluster.local</c>, or empty without a subdomain.</summary>
    public static string Domain(Pod pod, string clusterDomain) =>
        string.IsNullOrEmpty(pod.Spec?.Subdomain) || pod.Spec.HostnameOverride is not null ? "" : $"{pod.Spec.Subdomain}.{pod.Metadata.Namespace}.svc.{clusterDomain}";

    public static string Hosts(Pod pod, IReadOnlyList<string> ips, string clusterDomain)
    {
        var text = new StringBuilder("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
        var (host, domain) = (Hostname(pod), Domain(pod, clusterDomain));
        foreach (var ip in ips) text.Append(domain.Length > 0 ? $"{ip}\t{host}.{domain}\t{host}\n" : $"{ip}\t{host}\n");
        return text.Append(Aliases(pod)).ToString();
    }

    public static string HostsOfTheHost(Pod pod, string own) => "# Kubernetes-managed hosts file (host network).\n" + own + Aliases(pod);

    /// <param name="clusterDns">Address of the cluster's DNS, or null when there is none.</param>
    /// <param name="hosts">The machine's own resolv.conf.</param>
    public static DnsSpec Dns(Pod pod, string? clusterDns, string clusterDomain, DnsSpec hosts)
    {
        var spec = pod.Spec ?? PodSpec.Empty;
        var cluster = clusterDns is not null && (spec.DnsPolicy is "ClusterFirstWithHostNet" || spec.DnsPolicy is null or "ClusterFirst" && spec.HostNetwork != true);
        var dns = spec.DnsPolicy == "None" ? new DnsSpec([], [], [])
            : cluster ? new DnsSpec([clusterDns!], [$"{pod.Metadata.Namespace}.svc.{clusterDomain}", $"svc.{clusterDomain}", clusterDomain, .. hosts.Searches], ["ndots:5"])
            : hosts;
        if (spec.DnsConfig is not { } more) return dns;
        var options = more.Options.Select(p => string.IsNullOrEmpty(p.Value) ? p.Name ?? "" : $"{p.Name}:{p.Value}").ToList();
        var replaced = more.Options.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return new(
            [.. dns.Servers.Concat(more.Nameservers).Distinct(StringComparer.Ordinal)],
            [.. dns.Searches.Concat(more.Searches).Distinct(StringComparer.Ordinal)],
            [.. dns.Options.Where(p => !replaced.Contains(p.Split(':')[0])).Concat(options)]);
    }

    public static DnsSpec ReadResolvConf(string text)
    {
        List<string> servers = [], searches = [], options = [];
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2) continue;
            if (words[0] == "nameserver") servers.Add(words[1]);
            else if (words[0] == "search") searches = [.. words[1..]];
            else if (words[0] == "options") options.AddRange(words[1..]);
        }
        return new(servers, searches, options);
    }

    static string Aliases(Pod pod)
    {
        if (pod.Spec?.HostAliases is not { Count: > 0 } aliases) return "";
        return "\n# Entries added by HostAliases.\n" + string.Concat(aliases.Select(a => $"{a.Ip}\t{string.Join('\t', a.Hostnames)}\n"));
    }
}
