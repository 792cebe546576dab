using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Kennel.Server.Streams;

/// <summary>A TLS connection to a node that has been upgraded to SPDY, or its refusal.</summary>
sealed class NodeConnection : IAsyncDisposable
{
    const int MaxHeadBytes = 16 * 1024;

    NodeConnection(Stream stream, int status, Dictionary<string, string> headers) => (Stream, Status, Headers) = (stream, status, headers);

    public Stream Stream { get; }

    public int Status { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public bool Upgraded => Status == 101;

    public string Protocol => Headers.GetValueOrDefault("X-Stream-Protocol-Version", "");

    /// <summary>What follows the head of a refusal.</summary>
    public Stream Body => Headers.TryGetValue("Content-Length", out var text) && int.TryParse(text, out var length)
        ? new MemoryStream(ReadBody(length))
        : Stream.Null;

    /// <param name="protocols">The stream protocols that the client speaks, best first.</param>
    public static async Task<NodeConnection> Open(NodeCall call, IEnumerable<string> protocols, SslClientAuthenticationOptions tls, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(call.Node.Host.Trim('[', ']'), call.Node.Port, cancel);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(For(call.Node, tls), cancel);
            await stream.WriteAsync(Ask(call, protocols), cancel);
            var (status, headers) = await ReadHead(stream, cancel);
            return new NodeConnection(stream, status, headers);
        }
        catch
        {
            socket.Dispose();
            if (stream is not null) await stream.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    static SslClientAuthenticationOptions For(Uri node, SslClientAuthenticationOptions tls) => new()
    {
        TargetHost = node.Host.Trim('[', ']'),
        ClientCertificates = tls.ClientCertificates,
        RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
    };

    static byte[] Ask(NodeCall call, IEnumerable<string> protocols)
    {
        var head = new StringBuilder($"POST {call.PathAndQuery} HTTP/1.1\r\nHost: {call.Node.Authority}\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n");
        foreach (var protocol in protocols) head.Append("X-Stream-Protocol-Version: ").Append(protocol).Append("\r\n");
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    /// <summary>Byte by byte (the TLS stream has them at hand), so that nothing of what follows is swallowed.</summary>
    static async Task<(int Status, Dictionary<string, string> Headers)> ReadHead(Stream stream, CancellationToken cancel)
    {
        var head = new List<byte>(512);
        var one = new byte[1];
        while (head.Count < 4 || head[^1] != '\n' || head[^2] != '\r' || head[^3] != '\n')
        {
            if (head.Count > MaxHeadBytes || await stream.ReadAsync(one, cancel) == 0) throw new IOException("the node broke off before it answered");
            head.Add(one[0]);
        }
        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines[0].Split(' ') is not [_, var code, ..] || !int.TryParse(code, out var status)) throw new IOException($"the node answered with no HTTP: {lines[0]}");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.AsSpan(1))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) headers[line[..colon]] = line[(colon + 1)..].Trim();
        return (status, headers);
    }

    byte[] ReadBody(int length)
    {
        var body = new byte[Math.Min(length, 64 * 1024)];
        var read = Stream.ReadAtLeast(body, body.Length, throwOnEndOfStream: false);
        return body[..read];
    }
}
