using System.Buffers;
using System.Text.Json;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Documents;

/// <summary>OpenAPI documents, each made when first asked for: version 3 a group and version, version 2 in one.</summary>
public sealed class OpenApiDocuments(Catalog catalog)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Document> _documents = [];
    Definitions? _definitions;
    byte[]? _v2;
    byte[]? _v2Protobuf;

    /// <param name="Hash">Changes with the content; clients cache by it.</param>
    public sealed record Document(byte[] Json, string Hash);

    /// <summary>The content type to answer <see cref="V2Protobuf"/> with: clients fail on the <c>@</c> that they ask with.</summary>
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
    public byte[] V2()
    {
        lock (_gate)
            return _v2 ??= Write(w =>
            {
                w.WriteString("swagger"u8, "2.0"u8);
                Info(w);
                w.WriteStartObject("paths"u8);
                w.WriteEndObject();
                w.WriteStartObject("definitions"u8);
                foreach (var id in Served())
                {
                    w.WritePropertyName(id);
                    Definitions[id].WriteTo(w);
                }
                w.WriteEndObject();
            });
    }

    /// <summary>The same as protobuf.</summary>
    public byte[] V2Protobuf()
    {
        lock (_gate) return _v2Protobuf ??= OpenApiProtobuf.Write(Definitions, Served(), Title, Version);
    }

    /// <summary>Clients cache version 2 by it.</summary>
    public static string Hash => IndexHash;

    const string Title = "Kubernetes";
    const string Version = "v1.36.0";

    /// <summary>Only under the gate.</summary>
    Definitions Definitions => _definitions ??= new();

    SortedSet<string> Served()
    {
        var served = catalog.All.Select(t => (t.Group, t.Version)).ToHashSet();
        return Definitions.Closure((group, version) => served.Contains((group, version)));
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
        foreach (var id in Definitions.Closure((g, v) => g == group && v == version))
        {
            w.WritePropertyName(id);
            Rewrite(w, Definitions[id]);
        }
        w.WriteEndObject();
        w.WriteEndObject();
    }

    const string New = "#/components/schemas/";

    /// <summary>In version 3 nothing stands beside a reference: what else is said goes around it.</summary>
    static void Rewrite(Utf8JsonWriter w, JsonElement e)
    {
        switch (e.ValueKind)
        {
            case JsonValueKind.Object:
                w.WriteStartObject();
                var alone = e.EnumerateObject().Take(2).Count() == 1;
                foreach (var p in e.EnumerateObject())
                {
                    if (p.NameEquals("$ref") && p.Value.ValueKind == JsonValueKind.String) Reference(w, New + Definitions.Target(p.Value), alone);
                    else
                    {
                        w.WritePropertyName(p.Name);
                        Rewrite(w, p.Value);
                    }
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

    static void Reference(Utf8JsonWriter w, string target, bool alone)
    {
        if (!alone)
        {
            w.WriteStartArray("allOf"u8);
            w.WriteStartObject();
        }
        w.WriteString("$ref"u8, target);
        if (alone) return;
        w.WriteEndObject();
        w.WriteEndArray();
    }

    static void Info(Utf8JsonWriter w)
    {
        w.WriteStartObject("info"u8);
        w.WriteString("title"u8, Title);
        w.WriteString("version"u8, Version);
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
