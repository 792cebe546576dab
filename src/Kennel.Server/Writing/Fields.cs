using System.Text.Json.Nodes;

namespace Kennel.Server.Writing;

/// <summary>Reads and writes fields of an object that is being admitted.</summary>
static class Fields
{
    public static JsonObject Metadata(this JsonObject o) => o.Child("metadata");

    /// <summary>A nested object, made when it isn't there.</summary>
    public static JsonObject Child(this JsonObject o, string name)
    {
        if (o[name] is JsonObject there) return there;
        var made = new JsonObject();
        o[name] = made;
        return made;
    }

    public static string Text(this JsonObject? o, string name) => o?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static long? Number(this JsonObject? o, string name) => o?[name] is JsonValue value
        ? value.TryGetValue<long>(out var n) ? n : value.TryGetValue<int>(out var small) ? small : value.TryGetValue<double>(out var d) ? (long)d : null
        : null;

    public static JsonObject? Object(this JsonObject? o, string name) => o?[name] as JsonObject;

    public static IEnumerable<JsonObject> Objects(this JsonObject? o, string name) => (o?[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    public static IEnumerable<string> Texts(this JsonObject? o, string name) =>
        (o?[name] as JsonArray)?.Select(n => n is JsonValue v && v.TryGetValue<string>(out var text) ? text : "") ?? [];

    public static string Name(this JsonObject o) => o.Object("metadata").Text("name");

    public static bool Deleting(this JsonObject o) => o.Object("metadata").Text("deletionTimestamp").Length > 0;

    public static bool HasFinalizers(this JsonObject o) => o.Object("metadata")?["finalizers"] is JsonArray { Count: > 0 };

    public static void AddFinalizer(this JsonObject o, string finalizer)
    {
        if (o.Metadata().Texts("finalizers").Contains(finalizer)) return;
        if (o.Metadata()["finalizers"] is not JsonArray list) o.Metadata()["finalizers"] = list = [];
        list.Add((JsonNode)finalizer);
    }

    public static void RemoveFinalizer(this JsonObject o, string finalizer)
    {
        if (o.Metadata()["finalizers"] is not JsonArray list) return;
        for (var i = list.Count - 1; i >= 0; i--) if (list[i]?.GetValue<string>() == finalizer) list.RemoveAt(i);
        if (list.Count == 0) o.Metadata().Remove("finalizers");
    }

    /// <summary>Puts a field to what it is elsewhere, or takes it away.</summary>
    public static void Copy(this JsonObject to, string name, JsonObject? from)
    {
        if (from?[name] is { } value) to[name] = value.DeepClone();
        else to.Remove(name);
    }
}
