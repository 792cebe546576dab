using System.Net;
using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>What a Service has been handed out.</summary>
sealed record ServiceClaims(IPAddress? Address, IReadOnlyList<int> Ports)
{
    public static readonly ServiceClaims None = new(null, []);

    public static ServiceClaims Of(JsonObject service)
    {
        var spec = service.Object("spec");
        return new(
            IPAddress.TryParse(spec.Text("clusterIP"), out var address) ? address : null,
            [.. spec.Objects("ports").Select(p => (int)(p.Number("nodePort") ?? 0)).Where(p => p > 0).Distinct()]);
    }

    public static bool WantsPorts(JsonObject spec) =>
        spec.Text("type") == "NodePort" || (spec.Text("type") == "LoadBalancer" && spec["allocateLoadBalancerNodePorts"]?.GetValue<bool>() != false);

    public static void Inherit(JsonObject spec, JsonObject live)
    {
        if (spec.Text("type") == "ExternalName")
        {
            // The address goes with the type, unless the writer insists on it (which validation refuses).
            if (live.Text("type") == "ExternalName" || spec.Text("clusterIP") != live.Text("clusterIP")) return;
            spec.Remove("clusterIP");
            spec.Remove("clusterIPs");
        }
        else if (spec.Text("clusterIP").Length == 0 && spec["clusterIPs"] is not JsonArray { Count: > 0 })
        {
            spec.Copy("clusterIP", live);
            spec.Copy("clusterIPs", live);
        }
        if (WantsPorts(spec)) InheritPorts(spec, live);
        else if (WantsPorts(live)) DropPorts(spec, live);
    }

    static void InheritPorts(JsonObject spec, JsonObject live)
    {
        var chosen = spec.Objects("ports").Select(p => p.Number("nodePort") ?? 0).Where(n => n > 0).ToHashSet();
        foreach (var port in spec.Objects("ports"))
        {
            if (port.Number("nodePort") is > 0) continue;
            var same = live.Objects("ports").FirstOrDefault(p => p.Number("port") == port.Number("port") && p.Text("protocol") == port.Text("protocol"));
            if (same.Number("nodePort") is > 0 and var number && !chosen.Contains(number)) port["nodePort"] = number;
        }
    }

    static void DropPorts(JsonObject spec, JsonObject live)
    {
        var old = live.Objects("ports").Select(p => p.Number("nodePort") ?? 0).ToHashSet();
        foreach (var port in spec.Objects("ports"))
            if (port.Number("nodePort") is > 0 and var number && old.Contains(number)) port.Remove("nodePort");
    }
}
