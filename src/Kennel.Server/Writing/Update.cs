using Kennel.Objects.Refusals;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;

namespace Kennel.Server.Writing;

/// <summary>An object (or its status) replaced by the body.</summary>
static class Update
{
    /// <summary>Kinds whose PUT makes the object when it isn't there.</summary>
    static readonly HashSet<string> s_creating = ["endpoints", "events", "limitranges", "podtemplates", "leases", "roles", "rolebindings", "clusterroles", "clusterrolebindings", "endpointslices"];

    /// <summary>Kinds whose PUT must name the revision that it replaces.</summary>
    static readonly HashSet<string> s_conditional = ["leases", "poddisruptionbudgets", "ingressclasses", "networkpolicies", "volumeattachments", "customresourcedefinitions", "apiservices"];

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var body = Body.Object(call);
        if (body.Refusal is { } unreadable) return unreadable;
        var metadata = body.Value.Metadata();
        if (Names.Check(call.Route.Name, metadata) is { } another) return another;
        if (call.Type.Namespaced && metadata.Text("namespace") is { Length: > 0 } space && space != call.Route.Namespace)
            return Refusal.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        var named = metadata.Text("resourceVersion") is { Length: > 0 } and not "0";
        if (!named && call.Route.Subresource.Length == 0)
        {
            if (s_creating.Contains(call.Type.Plural) && await call.Parts.Store.Get(call.Route.Key, cancel) is null) return await Create.New(call, body.Value, applied: false, cancel);
            if (s_conditional.Contains(call.Type.Plural))
                return Refusal.Invalid(call.Type, call.Route.Name, [FieldError.Invalid("metadata.resourceVersion", 0, "must be specified for an update")]);
        }

        var result = await Commit.Change(call, _ => new Proposal(body.Value.DeepClone().AsObject()), cancel);
        return result.Refusal is { } refusal ? refusal : Encode.Object(call, result.Value);
    }
}
