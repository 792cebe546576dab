using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>Whether an applied part fits the schema well enough to know who owns what: declared fields, right shapes, no item twice.</summary>
sealed class TypedCheck
{
    /// <summary>More than these help nobody.</summary>
    const int MostProblems = 20;

    readonly List<string> _problems = [];

    /// <summary>In upstream's words, or null when all is well.</summary>
    public static string? Of(JsonObject applied, Schema schema)
    {
        var check = new TypedCheck();
        check.Fields(applied, schema, "");
        return check._problems.Count switch
        {
            0 => null,
            1 => check._problems[0],
            _ => "errors:\n" + string.Join('\n', check._problems.Select(p => "  " + p)),
        };
    }

    void Fields(JsonObject o, Schema schema, string path)
    {
        foreach (var (name, value) in o)
        {
            if (_problems.Count == MostProblems) return;
            var inner = schema[name];
            var at = $"{path}.{name}";
            if (inner is not null) Value(value, inner, at);
            else if (schema.Type == SchemaType.Object && !schema.PreserveUnknown) _problems.Add($"{at}: field not declared in schema");
        }
    }

    void Value(JsonNode? value, Schema schema, string path)
    {
        switch (schema.Type)
        {
            case SchemaType.Object or SchemaType.Map when value is JsonObject o:
                Fields(o, schema, path);
                break;
            case SchemaType.Object or SchemaType.Map when value is not null:
                _problems.Add($"{path}: expected map, got {Shown(value)}");
                break;
            case SchemaType.List when value is JsonArray list:
                Items(list, schema, path);
                break;
            case SchemaType.List when value is not null:
                _problems.Add($"{path}: expected list, got {Shown(value)}");
                break;
            case SchemaType.Any:
                break;
            default:
                if (schema.IsScalar && value is JsonObject or JsonArray) _problems.Add($"{path}: expected scalar, got {Shown(value)}");
                break;
        }
    }

    void Items(JsonArray list, Schema schema, string path)
    {
        var index = schema.ListType == ListType.Atomic ? default : ListIndex.Of(list, schema);
        for (var i = 0; i < list.Count; i++)
        {
            var at = schema.ListType == ListType.Atomic ? $"{path}[{i}]" : path + index.Element(i);
            if (schema.ListType != ListType.Atomic)
            {
                if (schema.ListType == ListType.Map && index.Element(i).Kind == PathKind.Index)
                    _problems.Add($"{path}: element {i}: associative list with keys has an element that omits key field \"{schema.ListMapKeys[0]}\" (and doesn't have default value)");
                else if (index.IsLater(i)) _problems.Add($"{path}: duplicate entries for key {index.Element(i)}");
            }
            if (schema.Items is { } item) Value(list[i], item, at);
        }
    }

    static string Shown(JsonNode value) => value is JsonArray or JsonObject ? $"&{value.ToJsonString()}" : $"&{value}";
}
