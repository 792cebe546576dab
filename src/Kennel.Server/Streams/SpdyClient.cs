using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Kennel.Server.Streams;

enum SpdyFrameKind { Data, Reset, GoAway, Other }

/// <param name="Data">Valid until the next frame is read.</param>
/// <param name="Final">The stream's other end has sent its last.</param>
readonly record struct SpdyFrame(SpdyFrameKind Kind, int Stream, ReadOnlyMemory<byte> Data, bool Final);

/// <summary>As much of SPDY/3.1 as a client of exec and attach needs: it opens streams, sends and reads data, and answers pings.</summary>
sealed class SpdyClient(Stream connection) : IDisposable
{
    const int SynStream = 1;
    const int RstStream = 3;
    const int Ping = 6;
    const int GoAway = 7;

    /// <summary>What a node may send in one frame.</summary>
    const int MaxFrameBytes = 1 << 20;

    readonly SemaphoreSlim _sending = new(1);
    readonly MemoryStream _packed = new();
    readonly byte[] _head = new byte[8];
    ZLibStream? _packer;
    byte[] _body = new byte[64 * 1024];
    int _next = 1;

    /// <summary>Opens a stream and gives its number.</summary>
    public async Task<int> Open(string header, string value, CancellationToken cancel)
    {
        var id = _next;
        _next += 2;
        var headers = Pack(header, value);
        var frame = new byte[18 + headers.Length];
        Control(frame, SynStream, 10 + headers.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(8), id);
        headers.CopyTo(frame, 18);
        await Send(frame, cancel);
        return id;
    }

    public async Task Send(int stream, ReadOnlyMemory<byte> data, bool final, CancellationToken cancel)
    {
        var frame = new byte[8 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, stream);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), data.Length);
        frame[4] = final ? (byte)1 : (byte)0;
        data.CopyTo(frame.AsMemory(8));
        await Send(frame, cancel);
    }

    /// <summary>The next frame that matters; null at the end.</summary>
    public async Task<SpdyFrame?> Read(CancellationToken cancel)
    {
        while (true)
        {
            if (await connection.ReadAtLeastAsync(_head, _head.Length, throwOnEndOfStream: false, cancel) < _head.Length) return null;
            var flags = _head[4];
            var length = BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(4)) & 0xffffff;
            if (length > MaxFrameBytes) throw new IOException($"the node sent a frame of {length} bytes");
            if (_body.Length < length) _body = new byte[length];
            await connection.ReadExactlyAsync(_body.AsMemory(0, length), cancel);
            var first = BinaryPrimitives.ReadInt32BigEndian(_head);
            if (first >= 0) return new SpdyFrame(SpdyFrameKind.Data, first, _body.AsMemory(0, length), (flags & 1) != 0);
            switch (first & 0xffff)
            {
                case Ping:
                    await Send([.. _head, .. _body.AsSpan(0, length)], cancel);
                    break;
                case RstStream:
                    return new SpdyFrame(SpdyFrameKind.Reset, BinaryPrimitives.ReadInt32BigEndian(_body), default, Final: true);
                case GoAway:
                    return new SpdyFrame(SpdyFrameKind.GoAway, 0, default, Final: true);
                default:
                    return new SpdyFrame(SpdyFrameKind.Other, 0, default, Final: false);
            }
        }
    }

    public void Dispose()
    {
        _packer?.Dispose();
        _packed.Dispose();
        _sending.Dispose();
    }

    static void Control(Span<byte> frame, int type, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame, 0x80030000u | (uint)type);
        BinaryPrimitives.WriteInt32BigEndian(frame[4..], length);
    }

    /// <summary>Headers of all streams share one compression; the preset dictionary isn't needed by the side that sends.</summary>
    byte[] Pack(string header, string value)
    {
        var plain = new byte[12 + header.Length + value.Length];
        BinaryPrimitives.WriteInt32BigEndian(plain, 1);
        BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(4), header.Length);
        Encoding.ASCII.GetBytes(header, plain.AsSpan(8));
        BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(8 + header.Length), value.Length);
        Encoding.ASCII.GetBytes(value, plain.AsSpan(12 + header.Length));
        _packer ??= new ZLibStream(_packed, CompressionLevel.Fastest, leaveOpen: true);
        _packed.SetLength(0);
        _packer.Write(plain);
        _packer.Flush();
        return _packed.ToArray();
    }

    async Task Send(byte[] frame, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            await connection.WriteAsync(frame, cancel);
        }
        finally
        {
            _sending.Release();
        }
    }
}
