using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>An applied part laid over a live object, by the schema's list and map types.</summary>
static class StructuredMerge
{
    /// <returns>A new object; neither of the two is changed.</returns>
    public static JsonObject Merge(JsonObject live, JsonObject applied, Schema? schema)
    {
        var made = new JsonObject();
        foreach (var (name, value) in live)
            made[name] = applied.TryGetPropertyValue(name, out var wish) && wish is not null ? Value(value, wish, schema?[name]) : value?.DeepClone();
        foreach (var (name, value) in applied)
            if (value is not null && !live.ContainsKey(name)) made[name] = value.DeepClone();
        return made;
    }

    static JsonNode Value(JsonNode? live, JsonNode applied, Schema? schema) => Shapes.Of(applied, schema) switch
    {
        Shape.Fields when live is JsonObject l => Merge(l, (JsonObject)applied, schema),
        Shape.Items when live is JsonArray l => Items(l, (JsonArray)applied, schema!),
        _ => applied.DeepClone(),
    };

    /// <summary>
    /// Applied items keep the applied order; items that only the live list has stay where they are among the shared ones;
    /// new ones come right before the next shared one.
    /// </summary>
    static JsonArray Items(JsonArray live, JsonArray applied, Schema schema)
    {
        var olds = ListIndex.Of(live, schema);
        var news = ListIndex.Of(applied, schema);
        var made = new JsonArray();
        int l = 0, r = 0;
        while (l < olds.Count || r < news.Count)
        {
            var shared = r < news.Count ? NextShared(olds, news, r) : -1;
            if (l < olds.Count)
            {
                var there = news.Find(olds.Element(l));
                if (there < 0)
                {
                    made.Add(olds.Item(l++)?.DeepClone());
                    continue;
                }
                if (there != shared)
                {
                    l++; // it comes where the applied order has it, or has come already
                    continue;
                }
            }
            if (r >= news.Count) continue;
            var at = olds.Find(news.Element(r));
            made.Add(at < 0 ? news.Item(r)?.DeepClone() : Item(olds.Item(at), news.Item(r), schema.Items));
            if (r == shared && l < olds.Count && olds.Element(l) == news.Element(r)) l++;
            r++;
        }
        return made;
    }

    static JsonNode? Item(JsonNode? live, JsonNode? applied, Schema? schema) => applied is null ? null : Value(live, applied, schema);

    /// <summary>The next applied item that the live list has too, or -1.</summary>
    static int NextShared(ListIndex olds, ListIndex news, int from)
    {
        for (var i = from; i < news.Count; i++) if (olds.Find(news.Element(i)) >= 0) return i;
        return -1;
    }
}
