using System.Globalization;
using System.Numerics;
using System.Text;
using Kennel.Objects.Core;
using Kennel.Objects.Quantities;

namespace Kennel.Node.Pods;

/// <summary>What a pod can be told about itself: <c>fieldRef</c> and <c>resourceFieldRef</c>.</summary>
public static class PodFields
{
    /// <summary>Null for a path that isn't supported.</summary>
    public static string? Value(Observed o, string path)
    {
        var meta = o.Pod!.Metadata;
        return path switch
        {
            "metadata.name" => meta.Name ?? "",
            "metadata.namespace" => meta.Namespace ?? "",
            "metadata.uid" => meta.Uid ?? "",
            "metadata.labels" => Map(meta.Labels),
            "metadata.annotations" => Map(meta.Annotations),
            "spec.nodeName" => o.Spec.NodeName ?? o.Node.Name,
            "spec.serviceAccountName" => o.Spec.ServiceAccountName ?? "",
            "status.hostIP" => o.Node.Addresses.FirstOrDefault() ?? "",
            "status.hostIPs" => string.Join(',', o.Node.Addresses),
            "status.podIP" => Ips(o).FirstOrDefault() ?? "",
            "status.podIPs" => string.Join(',', Ips(o)),
            _ => Subscript(path, "metadata.labels") is { } label ? meta.Labels.GetValueOrDefault(label) ?? ""
                : Subscript(path, "metadata.annotations") is { } annotation ? meta.Annotations.GetValueOrDefault(annotation) ?? "" : null,
        };
    }

    /// <summary>A container's request or limit in units of the divisor, rounded up; what has no limit has the node's size.</summary>
    public static string Resource(PodSpec spec, ResourceFieldSelector selector, string container, IReadOnlyDictionary<string, string> allocatable)
    {
        var name = string.IsNullOrEmpty(selector.ContainerName) ? container : selector.ContainerName;
        var resources = spec.Containers.Concat(spec.InitContainers).FirstOrDefault(c => c.Name == name)?.Resources ?? ResourceRequirements.Empty;
        var (kind, resource) = selector.Resource.Split('.', 2) is [var k, var r] ? (k, r) : ("", selector.Resource);
        var text = kind == "limits" ? resources.Limits.GetValueOrDefault(resource) ?? allocatable.GetValueOrDefault(resource) : resources.Requests.GetValueOrDefault(resource);
        if (!Quantity.TryParse(text, out var amount)) return "0";
        if (!Quantity.TryParse(selector.Divisor, out var divisor) || divisor.IsZero) divisor = Quantity.Of(1);
        var (top, bottom) = resource == "cpu" ? (amount.MilliValue, divisor.MilliValue) : (amount.Value, divisor.Value);
        return ((top + (BigInteger)bottom - 1) / bottom).ToString(CultureInfo.InvariantCulture);
    }

    static IReadOnlyList<string> Ips(Observed o) => o.Spec.HostNetwork == true ? o.Node.Addresses : o.Current?.Ips ?? [.. (o.Pod!.Status?.PodIPs ?? []).Select(p => p.Ip)];

    static string? Subscript(string path, string map) =>
        path.StartsWith(map + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) ? path[(map.Length + 2)..^2] : null;

    /// <summary>One line a pair, values quoted, in key order.</summary>
    static string Map(IReadOnlyDictionary<string, string> map) =>
        string.Join('\n', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={Quoted(p.Value)}"));

    static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
            _ = c switch
            {
                '"' => text.Append("\\\""), '\\' => text.Append("\\\\"), '\n' => text.Append("\\n"), '\r' => text.Append("\\r"), '\t' => text.Append("\\t"),
                _ => text.Append(c),
            };
        return text.Append('"').ToString();
    }
}
