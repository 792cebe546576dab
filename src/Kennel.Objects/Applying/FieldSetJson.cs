using System.Text.Json.Nodes;

namespace Kennel.Objects.Applying;

/// <summary>fieldsV1: <c>{"f:spec":{"f:replicas":{},"f:template":{".":{}, …}}}</c>. A dot says that the step itself is a member.</summary>
public static class FieldSetJson
{
    /// <returns>Null when it isn't a set of fields.</returns>
    public static FieldSet? Read(JsonNode? json) => json is JsonObject o ? Read(o, out _) : null;

    static FieldSet? Read(JsonObject json, out bool member)
    {
        member = json.Count == 0;
        if (member) return FieldSet.Empty;
        var set = new FieldSet(new(json.Count));
        foreach (var (name, value) in json)
        {
            if (name == ".")
            {
                member = true;
                continue;
            }
            if (value is not JsonObject inner || PathElement.Parse(name) is not { } element || Read(inner, out var own) is not { } below) return null;
            set.Put(element, own, below);
        }
        return set;
    }

    public static JsonObject Write(FieldSet set) => Write(set, false);

    static JsonObject Write(FieldSet set, bool member)
    {
        var made = new JsonObject();
        if (member && !set.IsEmpty) made["."] = new JsonObject();
        foreach (var entry in set.Entries) made[entry.Element.Name] = entry.Below is null ? [] : Write(entry.Below, entry.Member);
        return made;
    }
}
