using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kennel.Objects;

/// <summary>Typed documents to bytes and back.</summary>
public static class Json
{
    /// <summary>How we write: compact, and with only those characters escaped that JSON wants escaped.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The deepest nesting that we read, above which a body is refused.</summary>
    public const int Depth = 256;

    public static T Read<T>(ReadOnlySpan<byte> json) where T : IDocument<T>
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Depth });
        reader.Read();
        return T.Read(ref reader);
    }

    public static byte[] Write(IDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing)) document.Write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
