using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>The fields that an object has.</summary>
static class OwnedFields
{
    /// <param name="reset">Top-level fields that this endpoint doesn't set.</param>
    public static FieldSet Of(JsonObject o, Schema schema, IReadOnlyList<string> reset)
    {
        var set = new FieldSet([]);
        foreach (var (name, value) in o)
        {
            if (Stripped.AtRoot(name) || reset.Contains(name)) continue;
            if (name == "metadata" && value is JsonObject metadata) set.Put(PathElement.Field(name), false, Fields(metadata, schema[name], metadata: true));
            else Add(set, PathElement.Field(name), value, schema[name], false);
        }
        return set;
    }

    static FieldSet Fields(JsonObject o, Schema? schema, bool metadata = false)
    {
        var set = new FieldSet(new(o.Count));
        var declared = schema is { Type: SchemaType.Object };
        foreach (var (name, value) in o)
        {
            if (metadata && Stripped.InMetadata(name)) continue;
            var inner = schema?[name];
            Add(set, PathElement.Field(name), value, inner, member: !declared || inner is null);
        }
        return set;
    }

    static FieldSet Items(JsonArray list, Schema schema)
    {
        var set = new FieldSet(new(list.Count));
        for (var i = 0; i < list.Count; i++) Add(set, Shapes.Item(list[i], schema, i), list[i], schema.Items, member: true);
        return set;
    }

    /// <param name="member">The step is a member whatever is below it: entries of maps and items of lists.</param>
    static void Add(FieldSet set, PathElement element, JsonNode? value, Schema? schema, bool member)
    {
        switch (Shapes.Of(value, schema))
        {
            case Shape.Fields:
                var fields = (JsonObject)value!;
                set.Put(element, member || fields.Count == 0, Fields(fields, schema));
                break;
            case Shape.Items:
                set.Put(element, member, Items((JsonArray)value!, schema!));
                break;
            default:
                set.Put(element, true, null);
                break;
        }
    }
}
