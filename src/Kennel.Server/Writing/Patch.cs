using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Applying;
using Kennel.Objects.Decoding;
using Kennel.Objects.Patches;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;

namespace Kennel.Server.Writing;

/// <summary>An object changed in part: JSON patch, merge patch, strategic merge patch, apply.</summary>
static class Patch
{
    public const string Json = "application/json-patch+json";
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string Applying = "application/apply-patch+yaml";

    static readonly Refusal s_unknownType = Refusal.UnsupportedMediaType(
        $"the body of the request was in an unknown format - accepted media types include: {Json}, {Merge}, {Strategic}, {Applying}");

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        if (Body.MediaType(call.Request.ContentType) is Applying or "application/apply-patch+json") return await Apply.Handle(call, cancel);
        var patch = Read(call);
        if (patch.Refusal is { } unreadable) return unreadable;
        var result = await Commit.Change(call, live => Propose(call, live, patch.Value), cancel);
        return result.Refusal is { } refusal ? refusal : Encode.Object(call, result.Value);
    }

    public static Result<JsonNode> Read(Call call)
    {
        var type = Body.MediaType(call.Request.ContentType);
        if (type is not (Json or Merge or Strategic)) return s_unknownType;
        if (call.Query.Has("force")) return Refusal.BadRequest("PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch");
        try
        {
            var node = JsonNode.Parse(call.Request.Body.Span, documentOptions: new JsonDocumentOptions { MaxDepth = Objects.Json.Depth });
            return (type == Json) == (node is JsonArray) && node is JsonArray or JsonObject
                ? node
                : Refusal.BadRequest(type == Json ? "error decoding patch: a JSON patch is an array of operations" : "error decoding patch: the patch is an object");
        }
        catch (JsonException e)
        {
            return Refusal.BadRequest($"error decoding patch: {e.Message}");
        }
    }

    /// <summary>The patch done to any document of a schema.</summary>
    public static Result<JsonObject> Do(Call call, JsonObject target, JsonNode patch, Schema schema)
    {
        var patched = Body.MediaType(call.Request.ContentType) switch
        {
            Json => JsonPatch.Apply(target, patch.AsArray()),
            Merge => MergePatch.Apply(target, patch.AsObject()),
            _ => StrategicMerge.Apply(target, patch.AsObject(), schema),
        };
        return patched.Refusal is { } refusal ? refusal : patched.Object!;
    }

    static Result<Proposal> Propose(Call call, JsonObject live, JsonNode patch)
    {
        var patched = Do(call, live, patch, call.Type.Schema);
        if (patched.Refusal is { } refusal) return refusal;
        var read = Body.Judge(call, Decode.Prune(patched.Value, call.Type.Schema), call.Type.Schema);
        if (read.Refusal is { } wrong) return wrong;
        if (patch is JsonObject merge && merge.Object("metadata")?["resourceVersion"] is null && read.Value.Object("metadata") is { } metadata)
            metadata.Remove("resourceVersion"); // what the patch doesn't say comes from the live object and pins nothing
        return Names.Check(call.Route.Name, read.Value.Metadata()) is { } another ? another : new Proposal(read.Value);
    }
}
