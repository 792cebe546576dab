using System.Buffers;
using System.Text.Json;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>
/// The difference between two statuses as a merge patch (RFC 7386) of whole top-level fields, with the pod's uid so that it can't hit
/// another pod of the same name. Lists are replaced whole; where others write conditions too, the revision is the guard.
/// </summary>
public static class StatusPatch
{
    /// <summary>Null when nothing changed.</summary>
    public static byte[]? Make(Pod pod, PodStatus next)
    {
        var before = pod.Status ?? PodStatus.Empty;
        if (before.Equals(next)) return null;
        using var old = JsonDocument.Parse(Json.Write(before));
        using var now = JsonDocument.Parse(Json.Write(next));
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(buffer, Json.Writing))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, pod);
            writer.WriteStartObject("status"u8);
            WriteDifference(writer, old.RootElement, now.RootElement);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static void WriteMetadata(Utf8JsonWriter writer, Pod pod)
    {
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("uid"u8, pod.Metadata.Uid);
        if (pod.Spec?.ReadinessGates.Count > 0) writer.WriteString("resourceVersion"u8, pod.Metadata.ResourceVersion);
        writer.WriteEndObject();
    }

    static void WriteDifference(Utf8JsonWriter writer, JsonElement old, JsonElement now)
    {
        foreach (var field in now.EnumerateObject())
        {
            if (old.TryGetProperty(field.Name, out var was) && was.GetRawText() == field.Value.GetRawText()) continue;
            writer.WritePropertyName(field.Name);
            field.Value.WriteTo(writer);
        }
        foreach (var field in old.EnumerateObject())
            if (!now.TryGetProperty(field.Name, out _)) writer.WriteNull(field.Name);
    }
}
