using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>
/// The annotation of client-side apply, which kubectl's server-side apply takes over: fields that it set and that still have its values
/// are no conflict, and an object that has the annotation keeps it up to date. Only for the manager <c>kubectl</c>, as upstream.
/// </summary>
static class LastApplied
{
    const string Manager = "kubectl";
    const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Fields that the last client-side apply set and that have been the same since.</summary>
    public static FieldSet Unchanged(JsonObject? live, string manager, Schema schema)
    {
        if (manager != Manager || live is null || Text(live) is not { } text || Parse(text) is not { } last) return FieldSet.Empty;
        var changes = FieldChanges.Between(last, live, schema, []);
        return OwnedFields.Of(last, schema, []).Difference(changes.Changed).Difference(changes.Removed);
    }

    public static void Renew(JsonObject made, JsonObject applied, string manager)
    {
        if (manager != Manager || Text(made) is null) return;
        var copy = (JsonObject)applied.DeepClone();
        (copy["metadata"] as JsonObject)?.Remove("managedFields");
        ((copy["metadata"] as JsonObject)?["annotations"] as JsonObject)?.Remove(Annotation);
        made["metadata"]!["annotations"]![Annotation] = copy.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
    }

    static string? Text(JsonObject o) =>
        ((o["metadata"] as JsonObject)?["annotations"] as JsonObject)?[Annotation] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    static JsonObject? Parse(string text)
    {
        try
        {
            return Decoding.Decode.Untyped(System.Text.Encoding.UTF8.GetBytes(text)).Node as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
