using System.Text.Json;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tables;

/// <summary>What a row carries of its object besides the cells.</summary>
public enum IncludeObject { Metadata, None, Object }

/// <summary>Writes <c>meta.k8s.io/v1 Table</c> documents: the head once, then a row an object, then the tail.</summary>
public sealed class TableWriter(Utf8JsonWriter writer, ResourceType type, DateTimeOffset now, IncludeObject include, string? resource = null)
{
    readonly KindTable _table = KindTables.For(type.Group, resource ?? type.Kind);

    /// <param name="columns">The first document of a watch carries the columns, the later ones don't.</param>
    /// <param name="resourceVersion">Of the list; null for a watch event.</param>
    public void Start(bool columns = true, string? resourceVersion = null, string? next = null, long? remaining = null)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Table"u8);
        writer.WriteString("apiVersion"u8, "meta.k8s.io/v1"u8);
        writer.WriteStartObject("metadata"u8);
        if (resourceVersion is not null) writer.WriteString("resourceVersion"u8, resourceVersion);
        if (next is not null) writer.WriteString("continue"u8, next);
        if (remaining is { } left) writer.WriteNumber("remainingItemCount"u8, left);
        writer.WriteEndObject();
        writer.WritePropertyName("columnDefinitions"u8);
        WriteColumns(columns);
        writer.WriteStartArray("rows"u8);
    }

    public void Row(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Json.Depth });
        Row(document.RootElement, json.Span);
    }

    void Row(JsonElement o, ReadOnlySpan<byte> json)
    {
        var view = new View(o);
        writer.WriteStartObject();
        writer.WriteStartArray("cells"u8);
        _table.Fill(view, new Cells(writer, now));
        writer.WriteEndArray();
        if (type.Kind == "Pod" && view["status"]["phase"].Text is "Succeeded" or "Failed") WriteCompleted(view["status"]["phase"].Text);
        if (include == IncludeObject.Object) { writer.WritePropertyName("object"u8); writer.WriteRawValue(json, skipInputValidation: true); }
        else if (include == IncludeObject.Metadata) WriteMetadata(o);
        writer.WriteEndObject();
    }

    public void End()
    {
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    void WriteColumns(bool columns)
    {
        if (!columns) { writer.WriteNullValue(); return; }
        writer.WriteStartArray();
        foreach (var column in _table.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, column.Name);
            writer.WriteString("type"u8, column.Type);
            writer.WriteString("format"u8, column.Format);
            writer.WriteString("description"u8, column.Description);
            writer.WriteNumber("priority"u8, column.Wide ? 1 : 0);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    void WriteCompleted(string phase)
    {
        writer.WriteStartArray("conditions"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "Completed"u8);
        writer.WriteString("status"u8, "True"u8);
        writer.WriteString("reason"u8, phase);
        writer.WriteString("message"u8, phase == "Succeeded" ? "The pod has completed successfully." : "The pod failed.");
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    void WriteMetadata(JsonElement o)
    {
        writer.WriteStartObject("object"u8);
        writer.WriteString("kind"u8, "PartialObjectMetadata"u8);
        writer.WriteString("apiVersion"u8, "meta.k8s.io/v1"u8);
        if (o.TryGetProperty("metadata"u8, out var metadata)) { writer.WritePropertyName("metadata"u8); metadata.WriteTo(writer); }
        writer.WriteEndObject();
    }
}
