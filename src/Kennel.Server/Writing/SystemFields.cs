using System.Text.Json.Nodes;
using Kennel.Objects.Kinds;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;

namespace Kennel.Server.Writing;

/// <summary>The metadata that only the server writes.</summary>
static class SystemFields
{
    static readonly string[] s_kept = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "name", "generateName", "namespace"];
    static readonly string[] s_optional = ["labels", "annotations", "finalizers", "ownerReferences"];
    static readonly string[] s_cleared = ["selfLink", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"];

    /// <summary>An object that is new.</summary>
    public static void Give(JsonObject o, ResourceType type, KindRules rules, string uid, string now)
    {
        var metadata = o.Metadata();
        foreach (var name in s_cleared) metadata.Remove(name);
        metadata["uid"] = uid;
        metadata["creationTimestamp"] = now;
        if (rules.HasGeneration) metadata["generation"] = 1;
        DropEmpty(metadata);
        o["kind"] = type.Kind;
        o["apiVersion"] = type.ApiVersion;
    }

    /// <summary>An object that was there: what a writer says about these fields doesn't count.</summary>
    public static void Keep(JsonObject o, JsonObject live, ResourceType type)
    {
        var (metadata, old) = (o.Metadata(), live.Metadata());
        foreach (var name in s_kept) metadata.Copy(name, old);
        metadata.Remove("selfLink");
        metadata.Copy("resourceVersion", old);
        DropEmpty(metadata);
        o["kind"] = type.Kind;
        o["apiVersion"] = type.ApiVersion;
    }

    /// <summary>Nothing in it and not there are the same.</summary>
    static void DropEmpty(JsonObject metadata)
    {
        foreach (var name in s_optional)
            if (metadata[name] is JsonObject { Count: 0 } or JsonArray { Count: 0 }) metadata.Remove(name);
    }

    /// <summary>Null when the body is about the object of the path and, where it names a revision or an identity, about this one.</summary>
    public static Refusal? Check(Call call, JsonObject next, JsonObject live)
    {
        var (metadata, old) = (next.Metadata(), live.Metadata());
        if (metadata.Text("uid") is { Length: > 0 } uid && uid != old.Text("uid"))
            return Refusal.Conflict(call.Type, call.Route.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Text("uid")}");
        return metadata.Text("resourceVersion") is { Length: > 0 } revision && revision != "0" && revision != old.Text("resourceVersion")
            ? Refusal.Stale(call.Type, call.Route.Name)
            : null;
    }

    /// <summary>The generation counts changes of what is wished for, not of metadata or status.</summary>
    public static void Count(JsonObject o, JsonObject live, KindRules rules, string subresource)
    {
        if (!rules.HasGeneration || subresource == "status" || !rules.SpecChanged(o, live)) return;
        o.Metadata()["generation"] = (live.Metadata().Number("generation") ?? 0) + 1;
    }
}
