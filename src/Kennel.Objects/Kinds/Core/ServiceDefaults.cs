using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core;

static class ServiceDefaults
{
    const long AffinitySeconds = 10800; // three hours

    public static void Spec(JsonObject spec)
    {
        var type = spec.Text("type");
        if (spec.Text("sessionAffinity") == "None") spec.Remove("sessionAffinityConfig");
        else if (spec.Text("sessionAffinity") == "ClientIP" && !spec.Obj("sessionAffinityConfig").Obj("clientIP").Has("timeoutSeconds"))
            spec["sessionAffinityConfig"] = new JsonObject { ["clientIP"] = new JsonObject { ["timeoutSeconds"] = AffinitySeconds } };
        if (ExternallyAccessible(spec)) spec.LackText("externalTrafficPolicy", "Cluster");
        if (type is "ClusterIP" or "NodePort" or "LoadBalancer") spec.LackText("internalTrafficPolicy", "Cluster");
        if (type == "LoadBalancer") spec.Lack("allocateLoadBalancerNodePorts", true);
    }

    public static void Port(JsonObject port)
    {
        if ((port.Node("targetPort").AsText() ?? "") == "" && (port.Int("targetPort") ?? 0) == 0 && port.Node("port") is { } number)
            port["targetPort"] = number.DeepClone();
    }

    public static bool ExternallyAccessible(JsonObject? spec) =>
        spec.Text("type") is "LoadBalancer" or "NodePort" || (spec.Text("type") == "ClusterIP" && spec.List("externalIPs") is { Count: > 0 });
}
