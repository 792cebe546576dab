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
}
