using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class ServiceRules(ResourceType type) : KindRules(type)
{
    /// <summary>The port of the nodes' own API, which a load balancer must not open.</summary>
    const long NodeApiPort = 10250;

    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } = [("spec.clusterIP", ""), ("spec.type", "")];

    public override bool HasGeneration => false;

    public override string? NameProblem(string name, bool prefix) => Names.Label1035(name, prefix);

    protected override JsonObject FirstStatus(JsonObject o, Occasion when) => new() { ["loadBalancer"] = new JsonObject() };

    public override void PrepareForCreate(JsonObject o, Occasion when)
    {
        base.PrepareForCreate(o, when);
        ServiceAddresses.Prepare(o.Make("spec"), null);
    }

    public override void PrepareForUpdate(JsonObject o, JsonObject old, string? subresource, Occasion when = default)
    {
        base.PrepareForUpdate(o, old, subresource, when);
        if (subresource is null) ServiceAddresses.Prepare(o.Make("spec"), old.Obj("spec"));
    }

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        var ports = spec.List("ports");
        var kind = spec.Text("type");
        var headless = ServiceAddresses.IsHeadless(spec);
        if (ports is not { Count: > 0 } && !headless && kind != "ExternalName") errors.Required(at["ports"]);
        CheckType(spec, kind, headless, at, errors);
        ServicePortRules.Check(ports, at["ports"], errors);
        Labels.Check(spec.Obj("selector"), at["selector"], errors);
        CheckAffinity(spec, at, errors);
        ServiceAddresses.Check(spec, at, errors);
        errors.OneOf(at["type"], kind, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        if (kind == "ClusterIP") NoNodePorts(ports, at["ports"], errors);
        CheckTraffic(spec, at, errors);
    }

    static void CheckType(JsonObject? spec, string? kind, bool headless, At at, Errors errors)
    {
        if (kind is "LoadBalancer" or "NodePort" && headless) errors.Invalid(at["clusterIPs"][0], "None", $"may not be set to 'None' for {kind} services");
        if (kind == "LoadBalancer" && spec.List("ports") is { } ports)
        {
            for (var i = 0; i < ports.Count; i++)
                if (ports[i].Int("port") == NodeApiPort) errors.Invalid(at["ports"][i], NodeApiPort, $"may not expose port {NodeApiPort} externally since it is used by kubelet");
        }
        if (kind != "ExternalName") return;
        foreach (var field in (ReadOnlySpan<string>)["clusterIPs", "ipFamilies"])
            if (spec.List(field) is { Count: > 0 }) errors.Forbidden(at[field], "may not be set for ExternalName services");
        if (spec.Has("ipFamilyPolicy")) errors.Forbidden(at["ipFamilyPolicy"], "may not be set for ExternalName services");
        var name = (spec.Text("externalName") ?? "").TrimEnd('.');
        if (name.Length == 0) errors.Required(at["externalName"]);
        else errors.Unless(Names.Subdomain(name), at["externalName"], name);
    }

    static void NoNodePorts(JsonArray? ports, At at, Errors errors)
    {
        for (var i = 0; i < ports?.Count; i++)
            if ((ports[i].Int("nodePort") ?? 0) != 0) errors.Forbidden(at[i]["nodePort"], "may not be used when `type` is 'ClusterIP'");
    }

    static void CheckAffinity(JsonObject? spec, At at, Errors errors)
    {
        errors.OneOf(at["sessionAffinity"], spec.Text("sessionAffinity"), "ClientIP", "None");
        if (spec.Text("sessionAffinity") == "ClientIP" && spec.Obj("sessionAffinityConfig").Obj("clientIP").Int("timeoutSeconds") is { } seconds and (<= 0 or > 86400))
            errors.Invalid(at["sessionAffinityConfig"]["clientIP"]["timeoutSeconds"], seconds, "must be greater than 0 and less than 86400");
        if (spec.Text("sessionAffinity") == "None" && spec.Has("sessionAffinityConfig")) errors.Forbidden(at["sessionAffinityConfig"], "must not be set when session affinity is None");
    }

    static void CheckTraffic(JsonObject? spec, At at, Errors errors)
    {
        var outside = spec.Text("externalTrafficPolicy");
        if (!ServiceDefaults.ExternallyAccessible(spec))
        {
            if (outside is { Length: > 0 }) errors.Invalid(at["externalTrafficPolicy"], outside, "may only be set for externally-accessible services");
        }
        else errors.OneOf(at["externalTrafficPolicy"], outside, "Cluster", "Local");
        if (spec.Text("internalTrafficPolicy") is { } inside) errors.OneOf(at["internalTrafficPolicy"], inside, "Cluster", "Local");
        if (spec.Text("type") != "LoadBalancer" && spec.Has("allocateLoadBalancerNodePorts")) errors.Forbidden(at["allocateLoadBalancerNodePorts"], "may only be used when `type` is 'LoadBalancer'");
        if (spec.Text("trafficDistribution") is { } how && how is not ("PreferClose" or "PreferSameZone" or "PreferSameNode"))
            errors.NotSupported(at["trafficDistribution"], how, "PreferClose", "PreferSameNode", "PreferSameZone");
        var outer = spec.List("externalIPs");
        for (var i = 0; i < outer?.Count; i++) DnsRules.CheckIp(outer[i].AsText(), at["externalIPs"][i], errors);
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status") return;
        ServiceAddresses.CheckUpdate(o.Obj("spec"), old.Obj("spec"), "spec", errors);
        Check(o, errors);
    }
}
