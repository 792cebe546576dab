using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Versions;

/// <summary>
/// A kind that is stored as another version or group of itself: the same objects under other field names. Reads and writes are turned round at
/// the rim of the server; rules, admission and the store know only the stored kind.
/// </summary>
public abstract class View
{
    static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Json.Depth };

    /// <summary>Null for a kind that is stored as it is asked for.</summary>
    public static View? Of(string group, string version, string plural) => (group, version, plural) switch
    {
        ("events.k8s.io", "v1", "events") => EventView.Instance,
        ("autoscaling", "v1", "horizontalpodautoscalers") => AutoscalerView.Instance,
        _ => null,
    };

    /// <inheritdoc cref="Of(string, string, string)"/>
    public static View? Of(ResourceType type) => Of(type.Group, type.Version, type.Plural);

    /// <summary>How it is stored.</summary>
    public abstract (string Group, string Version) Stored { get; }

    /// <summary>The fields of an object as the view has them, to those of the stored kind, in place. <c>apiVersion</c> is not looked at.</summary>
    public abstract void ToStored(JsonObject o);

    /// <summary>The way back, in place.</summary>
    public abstract void FromStored(JsonObject o);

    /// <summary>What a field selector of the view means in the stored kind.</summary>
    public virtual string Field(string path) => path;

    /// <summary>A stored object as the view shows it.</summary>
    public byte[] Shown(ReadOnlySpan<byte> stored, string apiVersion)
    {
        var o = JsonNode.Parse(stored, documentOptions: new JsonDocumentOptions { MaxDepth = Json.Depth })!.AsObject();
        Show(o, apiVersion);
        return JsonSerializer.SerializeToUtf8Bytes(o, s_plain);
    }

    /// <inheritdoc cref="Shown"/>
    public void Show(JsonObject o, string apiVersion)
    {
        FromStored(o);
        o["apiVersion"] = apiVersion;
    }

    private protected static void Rename(JsonObject o, string from, string to)
    {
        if (!o.Remove(from, out var value) || value is null) return;
        o[to] = value;
    }
}
