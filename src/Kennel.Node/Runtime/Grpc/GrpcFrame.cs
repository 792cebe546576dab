using System.Buffers.Binary;
using Google.Protobuf;

namespace Kennel.Node.Runtime.Grpc;

/// <summary>gRPC's framing: one byte "compressed", four bytes of length, the message.</summary>
internal static class GrpcFrame
{
    private const int HeaderBytes = 5;
    private const int MaximumBytes = 64 << 20; // ExecSync answers carry up to 16 MiB each of stdout and stderr

    public static byte[] Of(IMessage message)
    {
        var size = message.CalculateSize();
        var frame = new byte[HeaderBytes + size];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), size);
        message.WriteTo(frame.AsSpan(HeaderBytes));
        return frame;
    }

    /// <summary>The next message, or null at the end of the stream.</summary>
    public static async Task<T?> Read<T>(Stream stream, CancellationToken cancel) where T : class, IMessage<T>, new()
    {
        var header = new byte[HeaderBytes];
        var read = await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancel);
        if (read == 0)
        {
            return null;
        }
        if (read < HeaderBytes)
        {
            throw new GrpcException(GrpcCode.Internal, "the answer ended in the middle of a message");
        }
        var size = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
        if (header[0] != 0 || size is < 0 or > MaximumBytes)
        {
            throw new GrpcException(GrpcCode.Internal, $"unexpected message frame (compressed {header[0]}, {size} bytes)");
        }
        var body = new byte[size];
        await stream.ReadExactlyAsync(body, cancel);
        var message = new T();
        message.MergeFrom(body);
        return message;
    }
}
