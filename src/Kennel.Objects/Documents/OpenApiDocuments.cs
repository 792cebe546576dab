using System.Buffers;
using System.Text.Json;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Documents;

/// <summary>OpenAPI documents, each made when first asked for: version 3 a group and version, version 2 in one.</summary>
public sealed class OpenApiDocuments(Catalog catalog)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Document> _documents = [];
    JsonDocument? _facts;

    /// <param name="Hash">Changes with the content; clients cache by it.</param>
    public sealed record Document(byte[] Json, string Hash);

    /// <summary>
    /// What kubectl before 1.29 wants at <c>/openapi/v2</c> as protobuf: an empty document (swagger 2.0, title v, version v1) is enough when version 3 is there.
    /// </summary>
    public static ReadOnlyMemory<byte> EmptyV2Protobuf { get; } = Convert.FromHexString("0a03322e3012070a016b12027631");

    /// <summary>The content type to answer <see cref="EmptyV2Protobuf"/> with: clients fail on the <c>@</c> that they ask with.</summary>
    public const string V2ProtobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    /// <summary><c>/openapi/v3</c>: where the document of each group and version is.</summary>
    public byte[] Index() => Write(w =>
    {
        w.WriteStartObject("paths"u8);
        foreach (var (group, version) in catalog.All.Select(t => (t.Group, t.Version)).Distinct())
        {
            var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
            w.WriteStartObject(path);
            w.WriteString("serverRelativeURL"u8, $"/openapi/v3/{path}?hash={IndexHash}");
            w.WriteEndObject();
        }
        w.WriteEndObject();
    });

    /// <summary>The documents change only with the program: its build's id is the hash of each, so that the index costs nothing.</summary>
    static string IndexHash { get; } = typeof(OpenApiDocuments).Module.ModuleVersionId.ToString("N").ToUpperInvariant();

    /// <summary><c>/openapi/v3/apis/apps/v1</c>; null for a group and version that isn't there.</summary>
    public Document? V3(string group, string version)
    {
        if (!catalog.All.Any(t => t.Group == group && t.Version == version)) return null;
        lock (_gate)
        {
            var key = $"{group}/{version}";
            if (!_documents.TryGetValue(key, out var document))
                _documents[key] = document = new Document(Write(w => WriteV3(w, group, version)), IndexHash);
            return document;
        }
    }

    /// <summary><c>/openapi/v2</c> as JSON: every definition, without paths.</summary>
    public byte[] V2() => Write(w =>
    {
        w.WriteString("swagger"u8, "2.0"u8);
        Info(w);
        w.WriteStartObject("paths"u8);
        w.WriteEndObject();
        w.WritePropertyName("definitions"u8);
        Definitions().WriteTo(w);
    });

    JsonElement Definitions()
    {
        lock (_gate) return (_facts ??= JsonDocument.Parse(Facts.Read("types.json"))).RootElement.GetProperty("definitions");
    }

    void WriteV3(Utf8JsonWriter w, string group, string version)
    {
        var types = catalog.All.Where(t => t.Group == group && t.Version == version).ToList();
        w.WriteString("openapi"u8, "3.0.0"u8);
        Info(w);
        w.WriteStartObject("paths"u8);
        foreach (var type in types) OpenApiPaths.Write(w, type);
        w.WriteEndObject();
        w.WriteStartObject("components"u8);
        w.WriteStartObject("schemas"u8);
        foreach (var id in Closure(group, version))
        {
            w.WritePropertyName(id);
            Rewrite(w, Definitions().GetProperty(id));
        }
        w.WriteEndObject();
        w.WriteEndObject();
    }

    SortedSet<string> Closure(string group, string version)
    {
        var definitions = Definitions();
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>();
        foreach (var definition in definitions.EnumerateObject())
            if (definition.Value.TryGetProperty("x-kubernetes-group-version-kind", out var kinds) && kinds.EnumerateArray().Any(k => Is(k, group, version))) open.Push(definition.Name);
        while (open.TryPop(out var id))
            if (found.Add(id)) Refs(definitions.GetProperty(id), open);
        return found;
    }

    static bool Is(JsonElement kind, string group, string version) =>
        kind.GetProperty("group").ValueEquals(group) && kind.GetProperty("version").ValueEquals(version);

    static void Refs(JsonElement e, Stack<string> open)
    {
        if (e.ValueKind == JsonValueKind.Array) foreach (var item in e.EnumerateArray()) Refs(item, open);
        if (e.ValueKind != JsonValueKind.Object) return;
        foreach (var p in e.EnumerateObject())
        {
            if (p.NameEquals("$ref") && p.Value.ValueKind == JsonValueKind.String) open.Push(p.Value.GetString()![Old.Length..]);
            else Refs(p.Value, open);
        }
    }

    const string Old = "#/definitions/";
    const string New = "#/components/schemas/";

    static void Rewrite(Utf8JsonWriter w, JsonElement e)
    {
        switch (e.ValueKind)
        {
            case JsonValueKind.Object:
                w.WriteStartObject();
                foreach (var p in e.EnumerateObject())
                {
                    w.WritePropertyName(p.Name);
                    if (p.NameEquals("$ref") && p.Value.ValueKind == JsonValueKind.String) w.WriteStringValue(New + p.Value.GetString()![Old.Length..]);
                    else Rewrite(w, p.Value);
                }
                w.WriteEndObject();
                break;
            case JsonValueKind.Array:
                w.WriteStartArray();
                foreach (var item in e.EnumerateArray()) Rewrite(w, item);
                w.WriteEndArray();
                break;
            default:
                e.WriteTo(w);
                break;
        }
    }

    static void Info(Utf8JsonWriter w)
    {
        w.WriteStartObject("info"u8);
        w.WriteString("title"u8, "Kubernetes"u8);
        w.WriteString("version"u8, "v1.36.0"u8);
        w.WriteEndObject();
    }

    static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, Json.Writing))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
