using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Defaulting;

/// <summary>The walk through one type that reaches every default below it, and nothing else. Made once a type.</summary>
sealed class DefaultPlan
{
    static readonly ConcurrentDictionary<Schema, DefaultPlan> s_plans = new(ReferenceEqualityComparer.Instance as IEqualityComparer<Schema>);
    static readonly Lock s_gate = new();

    readonly Dictionary<string, DefaultPlan> _below = new(StringComparer.Ordinal);
    FieldDefault[] _fields = [];
    Action<JsonObject>? _rule;
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
        _fields = DefaultFacts.Of(schema.Id);
        _rule = TypeDefaults.Of(schema.Id);
        _live = _fields.Length > 0 || _rule is not null;
        if ((schema.Items ?? schema.Values) is { IsScalar: false } each) _each = made[each];
        foreach (var (name, field) in schema.Properties)
            if (!field.IsScalar && !DefaultFacts.IsAsWritten(schema.Id, name)) _below[name] = made[field];
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
        foreach (var (field, value, orZero) in _fields)
            if (!o.TryGetPropertyValue(field, out var given) || Lacks(given, value, orZero)) o[field] = value.DeepClone();
        _rule?.Invoke(o);
        if (_each is null && _below.Count == 0) return;
        foreach (var (name, value) in o)
        {
            if (value is JsonObject or JsonArray && (_each ?? _below.GetValueOrDefault(name)) is { } plan) plan.ApplyTo(value);
        }
    }

    static bool Lacks(JsonNode? given, JsonNode value, bool orZero) => given is null
        || (orZero && given.AsInt() == 0)
        || (given is JsonValue text && text.AsText() is "" && value.GetValueKind() == JsonValueKind.String && value.AsText() is not "");

    void ApplyTo(JsonNode node)
    {
        if (node is JsonObject o) Apply(o);
        else if (node is JsonArray list && _each is not null)
            foreach (var item in list)
                if (item is not null) _each.ApplyTo(item);
    }
}
