using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Decoding;
using Kennel.Objects.Patches;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;

namespace Kennel.Server.Writing;

/// <summary>A patch as it was sent.</summary>
/// <param name="Type">Its media type: one of those that <see cref="Patch"/> names.</param>
/// <param name="Twice">What it says more than once.</param>
sealed record PatchBody(string Type, JsonNode Node, ImmutableArray<string> Twice)
{
    static readonly Refusal s_unknownType = Refusal.UnsupportedMediaType(
        $"the body of the request was in an unknown format - accepted media types include: {Patch.Json}, {Patch.Merge}, {Patch.Strategic}, {Patch.Applying}");

    static readonly JsonSerializerOptions s_shown = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Objects.Json.Depth };

    public static Result<PatchBody> Read(Call call)
    {
        var type = Body.MediaType(call.Request.ContentType);
        if (type is not (Patch.Json or Patch.Merge or Patch.Strategic)) return s_unknownType;
        try
        {
            var (node, twice) = Decode.Untyped(call.Request.Body.Span);
            if (type == Patch.Json) twice = [.. twice.Select(t => "json patch " + t)];
            return (type == Patch.Json) == (node is JsonArray) && node is JsonArray or JsonObject
                ? new PatchBody(type, node, twice)
                : Refusal.BadRequest(type == Patch.Json ? "error decoding patch: a JSON patch is an array of operations" : "error decoding patch: the patch is an object");
        }
        catch (JsonException e)
        {
            return Refusal.BadRequest($"error decoding patch: {e.Message}");
        }
    }

    /// <summary>The patch done to a document, and the outcome read again as its schema has it.</summary>
    /// <param name="target">Stays as it is.</param>
    public Result<JsonObject> ApplyTo(JsonObject target, Schema schema, Call call)
    {
        var patched = Type switch
        {
            Patch.Json => JsonPatch.Apply(target, Node.AsArray()),
            Patch.Merge => MergePatch.Apply(target, Node.AsObject()),
            _ => StrategicMerge.Apply(target, Node.AsObject(), schema),
        };
        return patched.Refusal is { } refusal ? refusal : Judge(patched.Object!, schema, call);
    }

    /// <summary>What is wrong with a patched document is the patch's fault: 422, with the document (or, of a strategic merge, the patch) shown.</summary>
    Result<JsonObject> Judge(JsonObject patched, Schema schema, Call call)
    {
        var decoded = Decode.Prune(patched, schema);
        if (decoded.Problem is { } problem) return Wrong(patched, problem);
        if (decoded.Refusal is { } refusal) return refusal;
        string[] strict = [.. Twice, .. decoded.Unknown];
        if (strict.Length == 0 || call.Query["fieldValidation"] == "Ignore") return decoded.Object!;
        if (call.Query["fieldValidation"] == "Strict") return Wrong(patched, $"strict decoding error: {string.Join(", ", strict)}");
        foreach (var warning in strict) call.Warn(warning);
        return decoded.Object!;
    }

    Refusal Wrong(JsonObject patched, string why)
    {
        var error = FieldError.Invalid("patch", Type == Patch.Strategic ? Words.GoMap(Node) : patched.ToJsonString(s_shown), why);
        return new Refusal(422, "Invalid", $" \"\" is invalid: {error}") { Causes = [error] };
    }
}
