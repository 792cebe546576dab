using System.Globalization;
using System.Text;
using System.Text.Json;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Decoding;

/// <summary>Where the pass stands, kept as it goes and spelt out only when something is wrong.</summary>
sealed class Trail
{
    readonly List<Step> _steps = [];

    struct Step
    {
        public Schema? Owner; // null in maps and lists
        public string? Name;
        public int Index;
    }

    public void Enter(Schema? owner) => _steps.Add(new Step { Owner = owner, Index = -1 });

    public void Leave() => _steps.RemoveAt(_steps.Count - 1);

    public void At(string name) => Last().Name = name;

    public void At(int index) => Last().Index = index;

    ref Step Last() => ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_steps)[^1];

    /// <summary><c>spec.template.spec.containers[0].image</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in _steps)
        {
            if (step.Index >= 0) text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            else if (step.Name is not null) text.Append(text.Length == 0 ? "" : ".").Append(step.Name);
        }
        return text.ToString();
    }

    /// <summary><c>json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32</c>.</summary>
    public string WrongType(ref Utf8JsonReader reader, Schema wanted)
    {
        var owner = _steps.FindLast(s => s.Owner is not null).Owner;
        var fields = string.Join('.', _steps.Where(s => s.Owner is not null && s.Name is not null).Select(s => s.Name));
        var into = owner is null ? "Go value" : $"Go struct field {LastPart(owner.Id)}.{fields}";
        return $"json: cannot unmarshal {Found(ref reader, wanted)} into {into} of type {GoType(wanted)}";
    }

    static string Found(ref Utf8JsonReader reader, Schema wanted) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.True or JsonTokenType.False => "bool",
        JsonTokenType.Number when wanted.Type == SchemaType.Integer => "number " + Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.Number => "number",
        _ => "string",
    };

    static string GoType(Schema schema) => schema.Type switch
    {
        SchemaType.Object => Named(schema.Id),
        SchemaType.Map => $"map[string]{GoType(schema.Values!)}",
        SchemaType.List => $"[]{GoType(schema.Items!)}",
        SchemaType.Integer => schema.Format ?? "int64",
        SchemaType.Number => "float64",
        SchemaType.Boolean => "bool",
        SchemaType.IntOrString => "intstr.IntOrString",
        SchemaType.String when schema.Format is "date-time" or "quantity" => Named(schema.Id),
        SchemaType.String when schema.Format == "byte" => "[]uint8",
        SchemaType.String => "string",
        _ => "object",
    };

    static string Named(string? id) => id?.Split('.') is { Length: > 1 } parts ? $"{parts[^2]}.{parts[^1]}" : "struct";

    static string LastPart(string? id) => id is null ? "" : id[(id.LastIndexOf('.') + 1)..];
}
