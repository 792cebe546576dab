using System.Buffers;
using System.Text.Json;
using Kennel.Objects;
using Kennel.Objects.Refusals;

namespace Kennel.Server;

/// <summary>One answer, free of any transport: bytes, a stream of events, or a plan that the rim carries out.</summary>
public abstract record ApiResponse
{
    /// <summary>Sent as <c>Warning</c> headers.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static implicit operator ApiResponse(Refusal refusal) => Answer.Of(refusal);
}

/// <summary>A status code and a body.</summary>
public sealed record Answer(int Status, ReadOnlyMemory<byte> Body, string ContentType = "application/json") : ApiResponse
{
    /// <summary>Other headers; null for none.</summary>
    public IReadOnlyList<(string Name, string Value)>? Headers { get; init; }

    /// <summary>What it tells, when it is a refusal whose Status is still to be written as the client wants it.</summary>
    public Refusal? Refusal { get; init; }

    public static Answer Of(Refusal refusal) => new(refusal.Code, Bytes(refusal))
    {
        Refusal = refusal,
        Headers = refusal.RetryAfterSeconds is { } seconds ? [("Retry-After", seconds.ToString())] : null,
    };

    public static Answer Text(int status, string text) => new(status, System.Text.Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");

    public static byte[] Bytes(Refusal refusal)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Json.Writing)) refusal.Write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>The events of a watch. Each batch is what became known at once; send it and flush.</summary>
public sealed record Watching(IAsyncEnumerable<IReadOnlyList<WatchFrame>> Batches) : ApiResponse
{
    /// <summary>Where who sends the events counts them; null when nobody wants to know.</summary>
    public Documents.OpenCount? Count { get; init; }

    /// <summary>Events are encoded as protobuf, length-delimited.</summary>
    public bool Protobuf { get; init; }
}

/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
/// <param name="Object">JSON of the object, or of a Status for ERROR.</param>
public readonly record struct WatchFrame(string Type, ReadOnlyMemory<byte> Object);

/// <summary>What the node of a pod has to answer: the rim connects there and passes bytes on.</summary>
/// <param name="Kind">log answers a stream of text; the others are upgrades.</param>
/// <param name="Node">Scheme, address and port of the node.</param>
/// <param name="PathAndQuery">What to ask of it: <c>/exec/default/web-0/main?command=sh</c>.</param>
public sealed record NodeCall(NodeCallKind Kind, Uri Node, string PathAndQuery, StreamWishes Wishes) : ApiResponse;

/// <summary>An HTTP request that a pod, a service or a node has to answer: the rim carries it there and the answer back.</summary>
/// <param name="Target">Scheme, address and port.</param>
/// <param name="Path">What to ask for there, still percent-encoded, without the query.</param>
/// <param name="ToNode">The target is a node's agent, which wants to see our certificate.</param>
public sealed record ProxyCall(Uri Target, string Path, bool ToNode, ApiRequest Request) : ApiResponse
{
    /// <summary>The path by which the client reaches the target's root.</summary>
    public string Prefix => Request.Path.EndsWith(Path, StringComparison.Ordinal) ? Request.Path[..^Path.Length] : Request.Path;
}

public enum NodeCallKind { Log, Exec, Attach, PortForward }

/// <summary>Which streams a client of exec or attach wants.</summary>
public readonly record struct StreamWishes(bool Stdin, bool Stdout, bool Stderr, bool Tty);
