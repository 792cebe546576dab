using Kennel.Objects.Schemas;

namespace Kennel.Objects.Protobuf;

/// <summary>How one value is written on the wire and in JSON.</summary>
enum WireKind { Int, Bool, Double, String, Bytes, Time, MicroTime, Duration, Quantity, IntOrString, Raw, Items, Message, Unsupported }

/// <summary>One field of a message and where it is in JSON.</summary>
sealed class FieldPlan(FieldFact fact, string json, WireKind kind, Schema? schema, bool inline, bool keepZero)
{
    MessagePlan? _message;

    public int Number => fact.Number;

    public bool Repeated => fact.Repeated;

    public bool Map => fact.Map;

    public string Json => json;

    public WireKind Kind => kind;

    /// <summary>The message's fields stand in the parent's JSON object (a volume's source, a probe's handler).</summary>
    public bool Inline => inline;

    /// <summary>A zero on the wire is a value and not just Go's way to write an unset field.</summary>
    public bool KeepZero => keepZero;

    public MessagePlan Message => _message ??= MessageTable.Plan(fact.Type, schema);
}

/// <summary>
/// A message against the schema of its JSON form. A field belongs to the property of its name, whatever the case (<c>uID</c> is <c>uid</c>);
/// a message without such a property is inline.
/// </summary>
sealed class MessagePlan
{
    readonly FieldPlan?[] _byNumber;
    readonly Dictionary<string, FieldPlan> _byName = [];

    public MessagePlan(string name, Schema? schema)
    {
        Name = name;
        var facts = MessageTable.Fields(name) ?? [];
        _byNumber = new FieldPlan?[facts.Length == 0 ? 0 : facts.Max(f => f.Number) + 1];
        foreach (var fact in facts)
        {
            var field = Field(fact, schema);
            _byNumber[fact.Number] = field;
            if (field.Inline) Inlines.Add(field);
            else _byName[field.Json] = field;
        }
        foreach (var field in Inlines)
            foreach (var inner in field.Message.Names) _byName.TryAdd(inner, field);
    }

    public string Name { get; }

    public List<FieldPlan> Inlines { get; } = [];

    /// <summary>The JSON fields that the message covers, those of inline messages included.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    public FieldPlan? this[int number] => number < _byNumber.Length ? _byNumber[number] : null;

    public FieldPlan? this[string json] => _byName.GetValueOrDefault(json);

    static FieldPlan Field(FieldFact fact, Schema? schema)
    {
        var json = JsonName(fact.Name, schema);
        var own = json is null ? null : schema?[json];
        var inner = fact.Repeated ? own?.Items : fact.Map ? own?.Values : own;
        var kind = KindOf(fact.Type, inner);
        var inline = json is null && kind == WireKind.Message && !fact.Repeated && !fact.Map;
        var keep = json is not null && schema is not null && (schema.Required.Contains(json) || MessageTable.IsPointer(schema.Id, json));
        return new(fact, json ?? fact.Name, kind, inline ? schema : inner, inline, keep || kind == WireKind.IntOrString && json != "targetPort");
    }

    static string? JsonName(string name, Schema? schema)
    {
        if (schema is null || schema.Properties.Count == 0 || schema.Properties.ContainsKey(name)) return name;
        foreach (var property in schema.Properties.Keys)
            if (string.Equals(property, name, StringComparison.OrdinalIgnoreCase)) return property;
        return null;
    }

    static WireKind KindOf(string type, Schema? schema) => type switch
    {
        "int32" or "int64" or "uint32" or "uint64" => WireKind.Int,
        "bool" => WireKind.Bool,
        "double" => WireKind.Double,
        "string" => WireKind.String,
        "bytes" => WireKind.Bytes,
        "k8s.io.apimachinery.pkg.api.resource.Quantity" => WireKind.Quantity,
        "k8s.io.apimachinery.pkg.apis.meta.v1.Time" => WireKind.Time,
        "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime" => WireKind.MicroTime,
        "k8s.io.apimachinery.pkg.apis.meta.v1.Duration" => WireKind.Duration,
        "k8s.io.apimachinery.pkg.util.intstr.IntOrString" => WireKind.IntOrString,
        "k8s.io.apimachinery.pkg.runtime.RawExtension" or "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1" or "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON" => WireKind.Raw,
        _ when type.Contains("JSONSchemaProps", StringComparison.Ordinal) => WireKind.Unsupported,
        _ when schema?.Type == SchemaType.List => WireKind.Items,
        _ => WireKind.Message,
    };
}
