using System.Text.Json.Nodes;
using Kennel.Objects.Applying;
using Kennel.Objects.Decoding;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;

namespace Kennel.Server.Writing;

/// <summary>Server-side apply: the body is all that a manager wants of the object, which is made when it isn't there.</summary>
static class Apply
{
    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var body = Read(call, call.Asked);
        if (body.Refusal is { } unreadable) return unreadable;
        var applied = body.Value;
        if (call.View is { } view)
        {
            view.ToStored(applied);
            applied["apiVersion"] = call.Type.ApiVersion;
        }
        var (force, sub, now) = (call.Query.Flag("force"), call.Route.Subresource is { Length: > 0 } s ? s : null, call.Parts.Time.GetUtcNow());
        if (sub is null && await call.Parts.Store.Get(call.Route.Key, cancel) is null)
        {
            var made = ServerSideApply.Apply(null, applied, call.Type, call.Type.Schema, call.Manager, force, sub, now);
            if (made.Refusal is { } refused) return refused;
            var created = await Create.New(call, made.Object!, applied: true, cancel);
            // Somebody else made it just now: then it is an apply to what is there.
            if (created is not Answer { Status: 409 }) return created;
        }

        var result = await Commit.Change(call, live =>
        {
            var merged = ServerSideApply.Apply(live, applied, call.Type, call.Type.Schema, call.Manager, force, sub, now);
            return merged.Refusal is { } conflict ? conflict : new Proposal(merged.Object!, Applied: true);
        }, cancel);
        return result.Refusal is { } refusal ? refusal : Encode.Object(call, result.Value);
    }

    /// <summary>What is applied: to the object of the route, or to a view of it that is another kind.</summary>
    public static Result<JsonObject> Read(Call call, ResourceType type)
    {
        var text = Yaml.ToJson(call.Request.Body);
        if (text.Refusal is { } unreadable) return unreadable;
        if (SaidKind.Check(text.Value, type.Kind, type.ApiVersion) is { } other) return other;
        var decoded = Decode.Object(text.Value.Span, type.Schema);
        if (decoded.Unknown.Any(u => u.StartsWith("unknown ", StringComparison.Ordinal)) && Decode.Untyped(text.Value.Span).Node is JsonObject said && ServerSideApply.Misfit(said, type, type.Schema) is { } misfit) return misfit;
        var body = Body.Judge(call, decoded, type.Schema);
        if (body.Refusal is { } wrong) return wrong;
        var metadata = body.Value.Metadata();
        if (Names.Check(call.Route.Name, metadata) is { } another) return another;
        if (metadata["managedFields"] is JsonArray { Count: > 0 }) return Refusal.BadRequest("metadata.managedFields must be nil");
        if (type.Namespaced) metadata["namespace"] ??= call.Route.Namespace;
        return body;
    }
}
