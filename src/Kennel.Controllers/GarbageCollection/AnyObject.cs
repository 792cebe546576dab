using System.Text.Json;
using Kennel.Objects;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.GarbageCollection;

/// <summary>The metadata of an object of any kind.</summary>
public sealed record AnyObject(ObjectMeta Metadata) : IDocument<AnyObject>
{
    public static AnyObject Read(ref Utf8JsonReader reader)
    {
        Wire.StartObject(ref reader);
        var metadata = ObjectMeta.Empty;
        while (Wire.NextProperty(ref reader))
        {
            var found = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (found) metadata = ObjectMeta.Read(ref reader);
            else reader.Skip();
        }
        return new(metadata);
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("metadata"u8);
        Metadata.Write(writer);
        writer.WriteEndObject();
    }
}
