using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>Which fields go when a manager no longer applies them.</summary>
static class Removal
{
    /// <summary>
    /// Removes a field or item when the manager applied it last time, doesn't now, and nobody else owns it or anything below it.
    /// </summary>
    /// <param name="merged">The live object with the applied part laid over it.</param>
    /// <param name="last">What the manager owned before.</param>
    /// <param name="owned">What all managers own, this one's new set included.</param>
    public static JsonObject Prune(JsonObject merged, FieldSet last, FieldSet owned, Schema schema)
    {
        if (last.Difference(owned).IsEmpty) return merged;
        var named = Named(last, schema);
        var all = Named(Present(merged, schema), schema);
        var pruned = Without(merged, named, schema);
        var kept = Named(Present(pruned, schema), schema).Union(Named(owned, schema));
        pruned = Without(merged, all.Difference(kept), schema);
        var left = Named(Present(pruned, schema), schema);
        return Without(merged, all.Difference(left).Intersection(named), schema);
    }

    static FieldSet Present(JsonObject o, Schema schema) => OwnedFields.Of(o, schema, []);

    /// <summary>Removes fields and items, and what they leave empty.</summary>
    static JsonObject Without(JsonObject o, FieldSet gone, Schema? schema)
    {
        var made = new JsonObject();
        foreach (var (name, value) in o)
        {
            var element = PathElement.Field(name);
            if (gone.Has(element)) continue;
            if (gone.Below(element) is not { } below) made[name] = value?.DeepClone();
            else if (Inner(value, below, schema?[name]) is { } left) made[name] = left;
        }
        return made;
    }

    static JsonNode? Inner(JsonNode? value, FieldSet gone, Schema? schema)
    {
        switch (Shapes.Of(value, schema))
        {
            case Shape.Fields:
                var fields = Without((JsonObject)value!, gone, schema);
                return fields.Count == 0 ? null : fields;
            case Shape.Items:
                var list = (JsonArray)value!;
                var made = new JsonArray();
                for (var i = 0; i < list.Count; i++)
                {
                    var element = Shapes.Item(list[i], schema!, i);
                    if (gone.Has(element)) continue;
                    made.Add(gone.Below(element) is { } below ? Inner(list[i], below, schema!.Items) : list[i]?.DeepClone());
                }
                return made.Count == 0 ? null : made;
            default:
                return value?.DeepClone();
        }
    }

    /// <summary>The set, with every declared field that has members below it made a member itself, so that an emptied parent goes too.</summary>
    static FieldSet Named(FieldSet set, Schema? schema)
    {
        var made = new FieldSet(new(set.Entries.Count));
        foreach (var entry in set.Entries)
        {
            var declared = entry.Element.Kind == PathKind.Field && schema is { Type: SchemaType.Object };
            var inner = entry.Element.Kind == PathKind.Field ? schema?[entry.Element.Text] : schema?.Items;
            var member = entry.Member || declared && inner is not null && entry.Below is not null;
            made.Entries.Add(new(entry.Element, member, entry.Below is null ? null : Named(entry.Below, inner)));
        }
        return made;
    }
}
