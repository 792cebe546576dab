using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Defaulting;

/// <summary>The walk through one type that reaches every default below it, and nothing else. Made once a type.</summary>
sealed class DefaultPlan
{
    static readonly Lazy<Dictionary<string, JsonObject>> s_facts = new(Load);
    static readonly ConcurrentDictionary<Schema, DefaultPlan> s_plans = new(ReferenceEqualityComparer.Instance as IEqualityComparer<Schema>);
    static readonly Lock s_gate = new();

    readonly Dictionary<string, DefaultPlan> _below = new(StringComparer.Ordinal);
    (string Field, JsonNode Value)[] _fields = [];
    DefaultPlan? _each; // of a list or a map
    bool _live;

    /// <summary>Null when nothing below the type has a default.</summary>
    public static DefaultPlan? Of(Schema schema)
    {
        if (!s_plans.TryGetValue(schema, out var plan))
            lock (s_gate) plan = Make(schema);
        return plan._live ? plan : null;
    }

    static DefaultPlan Make(Schema root)
    {
        if (s_plans.TryGetValue(root, out var known)) return known;
        var made = new Dictionary<Schema, DefaultPlan>(ReferenceEqualityComparer.Instance as IEqualityComparer<Schema>);
        Reach(root, made);
        foreach (var (schema, plan) in made) plan.Link(schema, made);
        while (made.Values.Count(p => p.Wake()) > 0) { }
        foreach (var plan in made.Values) plan.Trim();
        foreach (var (schema, plan) in made) s_plans.TryAdd(schema, plan);
        return s_plans[root];
    }

    static void Reach(Schema? schema, Dictionary<Schema, DefaultPlan> made)
    {
        if (schema is null || schema.IsScalar || !made.TryAdd(schema, new DefaultPlan())) return;
        Reach(schema.Items, made);
        Reach(schema.Values, made);
        foreach (var field in schema.Properties.Values) Reach(field, made);
    }

    void Link(Schema schema, Dictionary<Schema, DefaultPlan> made)
    {
        if (schema.Id is { } id && s_facts.Value.TryGetValue(id, out var fields)) _fields = [.. fields.Select(f => (f.Key, f.Value!))];
        _live = _fields.Length > 0;
        if ((schema.Items ?? schema.Values) is { IsScalar: false } each) _each = made[each];
        foreach (var (name, field) in schema.Properties)
            if (!field.IsScalar) _below[name] = made[field];
    }

    /// <summary>Whether it came alive just now, because something below is alive.</summary>
    bool Wake() => !_live && (_live = _each?._live == true || _below.Values.Any(p => p._live));

    void Trim()
    {
        if (_each?._live == false) _each = null;
        foreach (var name in (string[])[.. _below.Where(b => !b.Value._live).Select(b => b.Key)]) _below.Remove(name);
    }

    public void Apply(JsonObject o)
    {
        foreach (var (field, value) in _fields)
            if (!o.ContainsKey(field)) o.Add(field, value.DeepClone());
        if (_each is null && _below.Count == 0) return;
        foreach (var (name, value) in o)
        {
            if (value is JsonObject or JsonArray && (_each ?? _below.GetValueOrDefault(name)) is { } plan) plan.ApplyTo(value);
        }
    }

    void ApplyTo(JsonNode node)
    {
        if (node is JsonObject o) Apply(o);
        else if (node is JsonArray list && _each is not null)
            foreach (var item in list)
                if (item is not null) _each.ApplyTo(item);
    }

    static Dictionary<string, JsonObject> Load()
    {
        var facts = JsonNode.Parse(Facts.Read("defaults.json"))!.AsObject();
        return facts.ToDictionary(f => f.Key, f => Whole(f.Value!.AsObject()), StringComparer.Ordinal);
    }

    static JsonObject Whole(JsonObject fields)
    {
        foreach (var (name, value) in fields.ToList())
            if (value is JsonValue v && v.GetValueKind() == JsonValueKind.Number) fields[name] = v.GetValue<long>();
        return fields;
    }
}
