using System.Text.Json;

namespace Kennel.Objects.Schemas;

/// <summary>Schemas from the type facts, each read when it is first asked for.</summary>
sealed class SchemaReader
{
    readonly Dictionary<string, JsonElement> _facts = [];
    readonly Dictionary<(string, string, string), string> _kinds = [];
    readonly Dictionary<string, Schema> _read = [];
    readonly Lock _gate = new();

    public SchemaReader(byte[] types)
    {
        var root = JsonDocument.Parse(types).RootElement;
        foreach (var definition in root.GetProperty("definitions").EnumerateObject())
        {
            _facts[definition.Name] = definition.Value;
            if (!definition.Value.TryGetProperty("x-kubernetes-group-version-kind", out var kinds)) continue;
            foreach (var kind in kinds.EnumerateArray())
                _kinds.TryAdd((kind.GetProperty("group").GetString()!, kind.GetProperty("version").GetString()!, kind.GetProperty("kind").GetString()!), definition.Name);
        }
    }

    public Schema? OfKind(string group, string version, string kind) => _kinds.TryGetValue((group, version, kind), out var id) ? Definition(id) : null;

    public bool Knows(string id) => _facts.ContainsKey(id);

    public Schema Definition(string id)
    {
        lock (_gate) return Read(id);
    }

    Schema Read(string id)
    {
        if (_read.TryGetValue(id, out var known)) return known;
        var schema = _read[id] = new Schema { Id = id };
        Fill(schema, _facts[id]);
        if (id.EndsWith(".Quantity", StringComparison.Ordinal)) schema.Format = "quantity";
        return schema;
    }

    Schema Inline(JsonElement e)
    {
        var named = Named(e);
        if (named is not null && !HasOwnRules(e)) return named;
        var schema = new Schema();
        if (named is null) Fill(schema, e);
        else Copy(named, schema);
        Rules(schema, e);
        return schema;
    }

    Schema? Named(JsonElement e) =>
        e.TryGetProperty("$ref", out var reference) ? Read(reference.GetString()!["#/definitions/".Length..]) :
        e.TryGetProperty("allOf", out var all) ? Named(all[0]) : null;

    static bool HasOwnRules(JsonElement e) => e.EnumerateObject().Any(p => p.Name.StartsWith("x-kubernetes-", StringComparison.Ordinal));

    void Fill(Schema schema, JsonElement e)
    {
        schema.Format = e.TryGetProperty("format", out var f) ? f.GetString() : null;
        schema.Required = e.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(r => r.GetString()!)] : [];
        schema.Type = TypeOf(e, schema.Format);
        if (schema.Type == SchemaType.IntOrString) schema.Format = null;
        if (schema.Type == SchemaType.Any) schema.PreserveUnknown = true;
        if (e.TryGetProperty("items", out var items)) schema.Items = Inline(items);
        if (schema.Type == SchemaType.Map) schema.Values = Inline(e.GetProperty("additionalProperties"));
        if (e.TryGetProperty("properties", out var properties))
            schema.Properties = properties.EnumerateObject().ToDictionary(p => p.Name, p => Inline(p.Value), StringComparer.Ordinal);
        Rules(schema, e);
    }

    static SchemaType TypeOf(JsonElement e, string? format) => (e.TryGetProperty("type", out var t) ? t.GetString() : null) switch
    {
        "string" when format == "int-or-string" => SchemaType.IntOrString,
        "string" => SchemaType.String,
        "integer" => SchemaType.Integer,
        "number" => SchemaType.Number,
        "boolean" => SchemaType.Boolean,
        "array" => SchemaType.List,
        "object" when e.TryGetProperty("properties", out _) => SchemaType.Object,
        "object" when e.TryGetProperty("additionalProperties", out var values) && values.ValueKind == JsonValueKind.Object => SchemaType.Map,
        _ => SchemaType.Any,
    };

    static void Copy(Schema from, Schema to)
    {
        (to.Id, to.Type, to.Format, to.Properties, to.Required, to.Items, to.Values) = (from.Id, from.Type, from.Format, from.Properties, from.Required, from.Items, from.Values);
        (to.ListType, to.ListMapKeys, to.Atomic, to.PreserveUnknown) = (from.ListType, from.ListMapKeys, from.Atomic, from.PreserveUnknown);
    }

    static void Rules(Schema schema, JsonElement e)
    {
        if (e.TryGetProperty("x-kubernetes-list-type", out var list))
            schema.ListType = list.GetString() switch { "set" => ListType.Set, "map" => ListType.Map, _ => ListType.Atomic };
        if (e.TryGetProperty("x-kubernetes-list-map-keys", out var keys)) schema.ListMapKeys = [.. keys.EnumerateArray().Select(k => k.GetString()!)];
        if (e.TryGetProperty("x-kubernetes-map-type", out var map)) schema.Atomic = map.GetString() == "atomic";
        if (e.TryGetProperty("x-kubernetes-patch-merge-key", out var key)) schema.PatchMergeKey = key.GetString();
        if (!e.TryGetProperty("x-kubernetes-patch-strategy", out var strategy)) return;
        schema.PatchMerge = strategy.GetString()!.Contains("merge");
        schema.PatchReplace = strategy.GetString() == "replace";
        schema.PatchRetainKeys = strategy.GetString()!.Contains("retainKeys");
    }
}
