using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Access.Tokens;
using Kennel.Server.Routing;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>The objects that a token ends with. A pod brings its node along.</summary>
sealed record BoundObjects(Bound? Pod = null, Bound? Secret = null, Bound? Node = null)
{
    public static async ValueTask<Result<BoundObjects>> Find(Call call, JsonObject? reference, CancellationToken cancel)
    {
        if (Denied(call, reference) is { } denied) return denied;
        if (reference is null) return new BoundObjects();
        var (version, kind, name) = (reference.Text("apiVersion"), reference.Text("kind"), reference.Text("name"));
        if (version.Contains('/') || kind is not ("Pod" or "Secret" or "Node"))
            return Refusal.BadRequest($"cannot bind token to object of type {(version.Contains('/') ? version : "/" + version)}, Kind={kind}");
        var type = call.Parts.Catalog.OfKind("", "v1", kind)!;
        if (await call.Parts.Store.Get(Route.KeyOf(type, call.Route.Namespace, name), cancel) is not { } entry) return Refusal.NotFound(type, name);
        var o = Stored.Parse(entry.Value);
        var bound = Bound.To(o);
        if (kind == "Pod" && o.Object("spec").Text("serviceAccountName") != call.Route.Name)
            return Refusal.BadRequest($"cannot bind token for serviceaccount \"{call.Route.Name}\" to pod running with different serviceaccount name.");
        if (reference.Text("uid") is { Length: > 0 } uid && uid != bound.Uid) return Another(call, kind, name, uid);
        if (kind != "Pod") return kind == "Secret" ? new BoundObjects(Secret: bound) : new BoundObjects(Node: bound);
        var node = o.Object("spec").Text("nodeName");
        if (call.Request.User.Node is { } asking && node != asking) return Forbid(call, "node requested token bound to a pod scheduled on a different node");
        return new BoundObjects(Pod: bound, Node: node.Length == 0 ? null : await NodeOf(call, node, cancel));
    }

    /// <summary>A node gets tokens for the pods that it runs, and no others.</summary>
    static Refusal? Denied(Call call, JsonObject? reference)
    {
        if (call.Request.User.Node is null) return null;
        if (reference is null || reference.Text("apiVersion") != "v1" || reference.Text("kind") != "Pod" || reference.Text("name").Length == 0)
            return Forbid(call, "node requested token not bound to a pod");
        return reference.Text("uid").Length == 0 ? Forbid(call, "node requested token with a pod binding without a uid") : null;
    }

    static async ValueTask<Bound> NodeOf(Call call, string name, CancellationToken cancel)
    {
        var type = call.Parts.Catalog.Find("", "v1", "nodes")!;
        return await call.Parts.Store.Get(Route.KeyOf(type, "", name), cancel) is { } entry ? Bound.To(Stored.Parse(entry.Value)) : new Bound(name, "");
    }

    static Refusal Another(Call call, string kind, string name, string uid)
    {
        var why = $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated";
        return call.Request.User.Node is not null
            ? Forbid(call, why)
            : new Refusal(409, "Conflict", $"Operation cannot be fulfilled on {kind} \"{name}\": {why}") { Kind = kind, Name = name };
    }

    static Refusal Forbid(Call call, string why) => Refusal.Forbidden(call.Type, call.Route.Name, why);
}
