using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using Kennel.Objects.Protobuf;
using Kennel.Server.Answers;
using Microsoft.AspNetCore.Http;

namespace Kennel.Server.Http;

/// <summary>Responses on the wire.</summary>
static class Respond
{
    /// <summary>A writer's block; more at once would be memory of its own.</summary>
    const int LargestPiece = 4096;

    public static async Task Send(HttpContext context, Answer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        Warn(response, answer.Warnings);
        response.Headers.CacheControl = "no-cache, private";
        foreach (var (name, value) in answer.Headers ?? []) response.Headers[name] = value;
        var body = answer.Body;
        if (body.Length >= HttpOptions.GzipFrom && AcceptsGzip(context.Request)) body = Compress(response, body);
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method) || body.IsEmpty) return;
        await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    public static async Task Stream(HttpContext context, Watching watching)
    {
        var response = context.Response;
        response.ContentType = watching.Protobuf ? "application/vnd.kubernetes.protobuf;stream=watch" : Encode.Json;
        response.Headers.CacheControl = "no-cache, private";
        Warn(response, watching.Warnings);
        var writer = response.BodyWriter;
        await writer.FlushAsync(context.RequestAborted); // the client learns at once that it is watching
        watching.Count?.Opened();
        try
        {
            await foreach (var batch in watching.Batches.WithCancellation(context.RequestAborted))
            {
                foreach (var frame in batch)
                    if (watching.Protobuf) WriteBinary(writer, frame); else Write(writer, frame);
                await writer.FlushAsync(context.RequestAborted);
                watching.Count?.Sent(batch.Count);
            }
        }
        finally
        {
            watching.Count?.Closed();
        }
    }

    /// <summary>In one piece: each turn with the writer costs its locks, and a change goes to every watcher.</summary>
    static void Write(PipeWriter writer, WatchFrame frame)
    {
        var head = Head(frame.Type);
        var length = head.Length + frame.Object.Length + 2;
        if (length > LargestPiece)
        {
            writer.Write(head);
            writer.Write(frame.Object.Span);
            writer.Write("}\n"u8);
            return;
        }
        var line = writer.GetSpan(length);
        head.CopyTo(line);
        frame.Object.Span.CopyTo(line[head.Length..]);
        "}\n"u8.CopyTo(line[(length - 2)..]);
        writer.Advance(length);
    }

    static void WriteBinary(PipeWriter writer, WatchFrame frame)
    {
        if (ProtobufCodec.EncodeWatchEvent(frame.Type, frame.Object.Span) is not { } bytes) return;
        var length = writer.GetSpan(4);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        writer.Advance(4);
        writer.Write(bytes);
    }

    static ReadOnlySpan<byte> Head(string type) => type switch
    {
        "ADDED" => "{\"type\":\"ADDED\",\"object\":"u8,
        "MODIFIED" => "{\"type\":\"MODIFIED\",\"object\":"u8,
        "DELETED" => "{\"type\":\"DELETED\",\"object\":"u8,
        "BOOKMARK" => "{\"type\":\"BOOKMARK\",\"object\":"u8,
        _ => "{\"type\":\"ERROR\",\"object\":"u8,
    };

    /// <summary>As RFC 7234 has it; without characters that a header can't carry.</summary>
    static void Warn(HttpResponse response, IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings.Distinct())
        {
            var text = new StringBuilder(warning.Length);
            foreach (var c in warning)
            {
                if (c is '"' or '\\') text.Append('\\');
                text.Append(c is < ' ' or > '~' ? ' ' : c);
            }
            response.Headers.Append("Warning", $"299 - \"{text}\"");
        }
    }

    static bool AcceptsGzip(HttpRequest request) => request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);

    static ReadOnlyMemory<byte> Compress(HttpResponse response, ReadOnlyMemory<byte> body)
    {
        var packed = new MemoryStream(body.Length / 4);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(body.Span);
        response.Headers.ContentEncoding = "gzip";
        response.Headers.Append("Vary", "Accept-Encoding");
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }
}
