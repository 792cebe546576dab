using System.Text.Json;
using Kennel.Objects.Protobuf;

namespace Kennel.Objects.Documents;

/// <summary>
/// OpenAPI version 2 as protobuf, the form that Go clients ask for (message openapi.v2.Document): definitions without paths. Numbers are those of its
/// published fields.
/// </summary>
static class OpenApiProtobuf
{
    const string Extension = "x-kubernetes-";

    public static byte[] Write(Definitions definitions, IEnumerable<string> ids, string title, string version)
    {
        var w = new WireWriter(1 << 20);
        w.Text(1, "2.0");
        var info = w.Begin(2);
        w.Text(1, title);
        w.Text(2, version);
        w.End(info);
        w.End(w.Begin(8)); // paths
        var all = w.Begin(9);
        foreach (var id in ids) Named(w, 1, id, definitions[id]);
        w.End(all);
        return w.ToArray();
    }

    static void Named(WireWriter w, int number, string name, JsonElement schema)
    {
        var entry = w.Begin(number);
        w.Text(1, name);
        var value = w.Begin(2);
        Schema(w, schema);
        w.End(value);
        w.End(entry);
    }

    static void Schema(WireWriter w, JsonElement schema)
    {
        foreach (var p in schema.EnumerateObject())
        {
            switch (p.Name)
            {
                case "$ref":
                    w.Text(1, p.Value.GetString()!);
                    break;
                case "format":
                    w.Text(2, p.Value.GetString()!);
                    break;
                case "description":
                    w.Text(4, p.Value.GetString()!);
                    break;
                case "required":
                    foreach (var name in p.Value.EnumerateArray()) w.Text(19, name.GetString()!);
                    break;
                case "additionalProperties":
                    Additional(w, p.Value);
                    break;
                case "type":
                    var type = w.Begin(22);
                    w.Text(1, p.Value.GetString()!);
                    w.End(type);
                    break;
                case "items":
                    Nested(w, 23, p.Value);
                    break;
                case "allOf":
                    foreach (var one in p.Value.EnumerateArray()) Inner(w, 24, one);
                    break;
                case "properties":
                    var fields = w.Begin(25);
                    foreach (var field in p.Value.EnumerateObject()) Named(w, 1, field.Name, field.Value);
                    w.End(fields);
                    break;
                default:
                    if (p.Name.StartsWith(Extension, StringComparison.Ordinal)) Vendor(w, p);
                    break;
            }
        }
    }

    static void Inner(WireWriter w, int number, JsonElement schema)
    {
        var start = w.Begin(number);
        Schema(w, schema);
        w.End(start);
    }

    /// <summary>A message around a schema.</summary>
    static void Nested(WireWriter w, int number, JsonElement schema)
    {
        var start = w.Begin(number);
        Inner(w, 1, schema);
        w.End(start);
    }

    static void Additional(WireWriter w, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object) Nested(w, 21, value);
        else
        {
            var start = w.Begin(21);
            w.Int(2, value.ValueKind == JsonValueKind.True ? 1 : 0);
            w.End(start);
        }
    }

    /// <summary>Extensions are YAML inside; JSON is YAML too.</summary>
    static void Vendor(WireWriter w, JsonProperty extension)
    {
        var start = w.Begin(31);
        w.Text(1, extension.Name);
        var value = w.Begin(2);
        w.Text(2, extension.Value.GetRawText() + "\n");
        w.End(value);
        w.End(start);
    }
}
