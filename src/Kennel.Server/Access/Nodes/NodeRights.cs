using Kennel.Objects.Schemas;
using Kennel.Server.Access.Roles;
using Kennel.Server.Bootstrap;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Access.Nodes;

/// <summary>
/// What a node may: report itself and its pods, and read what those need. The rules for all nodes are those of the role system:node; what is narrower is here.
/// </summary>
sealed class NodeRights(IStore store, Catalog catalog)
{
    const string Leases = "kube-node-lease";

    static readonly IReadOnlyList<Rule> s_rules = Policy.RulesOf("system:node");

    readonly NodesPods _pods = new(store);

    public async ValueTask<Opinion> Judge(string node, Ask ask, string? fieldSelector, CancellationToken cancel)
    {
        if (!s_rules.Any(r => r.Allows(ask))) return new(false);
        var (reads, whole) = (ask.Verb is "get" or "list" or "watch", ask.Subresource.Length == 0);
        return (ask.Group, ask.Resource) switch
        {
            ("", "secrets" or "configmaps") when whole => await Related(node, ask, cancel),
            ("", "persistentvolumeclaims") => await Related(node, ask, cancel),
            ("", "persistentvolumes") when ask.Verb == "get" => await RelatedVolume(node, ask, cancel),
            ("", "serviceaccounts") when ask.Subresource == "token" => await Related(node, ask, cancel),
            ("", "pods") when whole && reads => await ReadsPods(node, ask, fieldSelector, cancel),
            ("", "pods") when ask.Verb != "create" || ask.Subresource.Length > 0 => await OwnPod(node, ask, cancel),
            ("", "nodes") when reads => ask.Name == node ? new(true) : new(false, $"node '{node}' cannot read {(ask.Name.Length > 0 ? $"'{ask.Name}'" : "all nodes")}, only its own Node object"),
            ("", "nodes") => ask.Name.Length == 0 || ask.Name == node ? new(true) : new(false, $"node \"{node}\" is not allowed to modify node \"{ask.Name}\""),
            ("coordination.k8s.io", "leases") => Lease(node, ask),
            ("storage.k8s.io", "csinodes") => ask.Name.Length == 0 || ask.Name == node ? new(true) : new(false, "can only access CSINode with the same name as the requesting node"),
            _ => new(true),
        };
    }

    async ValueTask<Opinion> Related(string node, Ask ask, CancellationToken cancel)
    {
        if (ask.Name.Length == 0) return new(false, "No Object name found");
        await _pods.Begin(cancel);
        if (_pods.Needs(node, ask.Resource, ask.Namespace, ask.Name)) return new(true);
        await _pods.CatchUp(cancel); // the pod may have come to the node just now
        return _pods.Needs(node, ask.Resource, ask.Namespace, ask.Name) ? new(true) : NoRelation(node);
    }

    /// <summary>A volume is its claim's, and the claim its pod's.</summary>
    async ValueTask<Opinion> RelatedVolume(string node, Ask ask, CancellationToken cancel)
    {
        var volume = await Read("persistentvolumes", "", ask.Name, cancel);
        var claim = volume?.Object("spec").Object("claimRef");
        return claim is null ? NoRelation(node)
            : await Related(node, ask with { Resource = "persistentvolumeclaims", Namespace = claim.Text("namespace"), Name = claim.Text("name") }, cancel);
    }

    async ValueTask<Opinion> ReadsPods(string node, Ask ask, string? fieldSelector, CancellationToken cancel) =>
        ask.Verb == "get" ? await OwnPod(node, ask, cancel)
        : (fieldSelector ?? "").Split(',').Any(s => s == $"spec.nodeName={node}" || s == $"spec.nodeName=={node}") ? new(true)
        : new(false, "can only list/watch pods with spec.nodeName field selector");

    async ValueTask<Opinion> OwnPod(string node, Ask ask, CancellationToken cancel)
    {
        await _pods.Begin(cancel);
        if (_pods.Needs(node, "pods", ask.Namespace, ask.Name)) return new(true);
        var pod = await Read("pods", ask.Namespace, ask.Name, cancel);
        // One that isn't there is answered with Not Found by whoever looks for it.
        if (pod is null || pod.Object("spec").Text("nodeName") == node) return new(true);
        return new(false, ask.Subresource switch
        {
            _ when ask.Verb == "get" => NoRelation(node).Why,
            "status" => $"node \"{node}\" can only update pod status for pods with spec.nodeName set to itself",
            "eviction" => $"node \"{node}\" can only evict pods with spec.nodeName set to itself",
            _ => $"node \"{node}\" can only {ask.Verb} pods with spec.nodeName set to itself",
        });
    }

    static Opinion Lease(string node, Ask ask) =>
        ask.Namespace != Leases ? new(false, $"can only access leases in the \"{Leases}\" system namespace")
        : ask.Name.Length > 0 && ask.Name != node ? new(false, "can only access node lease with the same name as the requesting node")
        : new(true);

    static Opinion NoRelation(string node) => new(false, $"no relationship found between node '{node}' and this object");

    async ValueTask<System.Text.Json.Nodes.JsonObject?> Read(string plural, string space, string name, CancellationToken cancel) =>
        await store.Get(Route.KeyOf(catalog.Find("", "v1", plural)!, space, name), cancel) is { } entry ? Stored.Parse(entry.Value) : null;
}
