using Kennel.Network.Names.Wire;

namespace Kennel.Network.Names;

/// <summary>Messages on a stream: two bytes of length before each.</summary>
static class Framing
{
    /// <summary>The next message; null when the stream ends or what comes can't be a message.</summary>
    public static async ValueTask<byte[]?> Read(Stream stream, CancellationToken cancel)
    {
        var size = new byte[2];
        if (await stream.ReadAtLeastAsync(size, 2, throwOnEndOfStream: false, cancel) < 2) return null;
        var message = new byte[size[0] << 8 | size[1]];
        if (message.Length < Reader.HeaderBytes) return null;
        return await stream.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, cancel) < message.Length ? null : message;
    }

    public static async ValueTask Write(Stream stream, byte[] message, CancellationToken cancel)
    {
        byte[] framed = [(byte)(message.Length >> 8), (byte)message.Length, .. message];
        await stream.WriteAsync(framed, cancel);
    }
}
