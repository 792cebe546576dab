using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kennel.Node.Tests.Streams;

/// <summary>As much of SPDY/3.1 as it takes to be a client of exec and port-forward.</summary>
internal sealed class SpdyClient : IDisposable
{
    private readonly Stream _stream;
    private readonly Dictionary<int, MemoryStream> _received = [];
    private readonly HashSet<int> _ended = [];
    private readonly MemoryStream _compressed = new();
    private readonly ZLibStream _compressor;
    private int _next = 1;

    private SpdyClient(Stream stream)
    {
        _stream = stream;
        _compressor = new ZLibStream(_compressed, CompressionLevel.Fastest, leaveOpen: true);
    }

    public static async Task<SpdyClient> Open(int port, X509Certificate2 certificate, string path, string protocol)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ClientCertificates = [certificate] });
        await tls.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: node\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: {protocol}\r\nContent-Length: 0\r\n\r\n"));
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await tls.ReadAsync(one) == 1)
        {
            head.Append((char)one[0]);
        }
        if (!head.ToString().StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
        {
            var rest = new byte[1000];
            var read = await tls.ReadAsync(rest);
            throw new IOException(head + Encoding.UTF8.GetString(rest, 0, read));
        }
        return new SpdyClient(tls);
    }

    public async Task<int> OpenStream(params (string Name, string Value)[] headers)
    {
        var raw = new MemoryStream();
        void Number(int value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            raw.Write(bytes);
        }
        Number(headers.Length);
        foreach (var (name, value) in headers)
        {
            Number(name.Length);
            raw.Write(Encoding.ASCII.GetBytes(name));
            Number(value.Length);
            raw.Write(Encoding.ASCII.GetBytes(value));
        }
        _compressed.SetLength(0);
        await _compressor.WriteAsync(raw.ToArray());
        await _compressor.FlushAsync();
        var id = _next;
        _next += 2;
        var frame = new byte[18 + _compressed.Length];
        (frame[0], frame[1], frame[3]) = (0x80, 3, 1); // SYN_STREAM
        WriteLength(frame, 10 + (int)_compressed.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(8), id);
        _compressed.ToArray().CopyTo(frame, 18);
        _received[id] = new MemoryStream();
        await _stream.WriteAsync(frame);
        return id;
    }

    public async Task Send(int id, byte[] data, bool last)
    {
        var frame = new byte[8 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, id);
        frame[4] = (byte)(last ? 1 : 0);
        WriteLength(frame, data.Length);
        data.CopyTo(frame, 8);
        await _stream.WriteAsync(frame);
    }

    public async Task ReadToEnd(params int[] ids)
    {
        var head = new byte[8];
        while (!ids.All(_ended.Contains) && await _stream.ReadAtLeastAsync(head, 8, throwOnEndOfStream: false) == 8)
        {
            var body = new byte[head[5] << 16 | head[6] << 8 | head[7]];
            await _stream.ReadExactlyAsync(body);
            if ((head[0] & 0x80) != 0)
            {
                continue;
            }
            var id = BinaryPrimitives.ReadInt32BigEndian(head) & int.MaxValue;
            _received[id].Write(body);
            if ((head[4] & 1) != 0)
            {
                _ended.Add(id);
            }
        }
    }

    public string Text(int id) => Encoding.UTF8.GetString(_received[id].ToArray());

    public void Dispose()
    {
        _compressor.Dispose();
        _stream.Dispose();
    }

    private static void WriteLength(byte[] frame, int length)
    {
        frame[5] = (byte)(length >> 16);
        frame[6] = (byte)(length >> 8);
        frame[7] = (byte)length;
    }
}
