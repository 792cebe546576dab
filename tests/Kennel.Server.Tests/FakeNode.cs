using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kennel.Server.Http;

namespace Kennel.Server.Tests;

/// <summary>
/// The wire of a node: logs, exec (echoes stdin in capitals, says the command on stderr, ends with a code) and port-forward (echoes).
/// Streams are told apart by the order in which clients open them.
/// </summary>
sealed class FakeNode : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly X509Certificate2 _certificate;
    readonly Task _serving;

    public FakeNode(Certificate certificate)
    {
        _certificate = certificate.Tls;
        _listener.Start();
        _serving = Serve();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What was asked, and by whom.</summary>
    public List<(string Path, string Subject)> Asked { get; } = [];

    /// <summary>More of the log is written when this completes.</summary>
    public TaskCompletionSource More { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    async Task Serve()
    {
        while (true)
        {
            TcpClient client;
            try { client = await _listener.AcceptTcpClientAsync(); }
            catch (Exception e) when (e is SocketException or ObjectDisposedException) { return; }
            _ = Task.Run(async () =>
            {
                try { await Talk(client); }
                catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException) { /* the client went */ }
            });
        }
    }

    async Task Talk(TcpClient client)
    {
        using var tcp = client;
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = _certificate, ClientCertificateRequired = true, RemoteCertificateValidationCallback = (_, c, _, _) => c is not null,
        });
        var head = await Head(stream);
        var path = head.Split(' ')[1];
        lock (Asked) Asked.Add((path, stream.RemoteCertificate!.Subject));
        if (path.StartsWith("/containerLogs/", StringComparison.Ordinal)) await Log(stream, path);
        else if (path.Contains("/missing/", StringComparison.Ordinal)) await Text(stream, "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 16\r\n\r\nno such pod here");
        else
        {
            var protocol = path.StartsWith("/portForward", StringComparison.Ordinal) ? "portforward.k8s.io" : "v4.channel.k8s.io";
            await Text(stream, $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: {protocol}\r\n\r\n");
            await new Spdy(stream, path).Run();
        }
    }

    async Task Log(Stream stream, string path)
    {
        await Text(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n");
        if (path.Contains("follow=true", StringComparison.Ordinal)) await More.Task;
        await Text(stream, "5\r\nmore\n\r\n0\r\n\r\n");
    }

    static async Task<string> Head(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) == 1) head.Append((char)one[0]);
        return head.ToString();
    }

    static async Task Text(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text));

    sealed class Spdy(Stream stream, string path)
    {
        readonly MemoryStream _packed = new();
        readonly List<int> _opened = [];
        ZLibStream? _packer;

        bool Wants(string name) => path.Contains(name + "=1", StringComparison.Ordinal);

        public async Task Run()
        {
            var roles = new List<string> { "error" };
            if (Wants("input")) roles.Add("stdin");
            if (Wants("output")) roles.Add("stdout");
            if (Wants("error")) roles.Add("stderr");
            var head = new byte[8];
            while (await stream.ReadAtLeastAsync(head, 8, throwOnEndOfStream: false) == 8)
            {
                var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) & 0xffffff];
                await stream.ReadExactlyAsync(body);
                var first = BinaryPrimitives.ReadInt32BigEndian(head);
                if (first >= 0) await Data(roles, first, body, (head[4] & 1) != 0);
                else if ((first & 0xffff) == 1) await Opened(roles, BinaryPrimitives.ReadInt32BigEndian(body));
                else if ((first & 0xffff) == 6) await stream.WriteAsync((byte[])[.. head, .. body]);
            }
        }

        async Task Opened(List<string> roles, int id)
        {
            _opened.Add(id);
            await Reply(id);
            if (path.StartsWith("/portForward", StringComparison.Ordinal) || _opened.Count != roles.Count) return;
            if (Of(roles, "stderr") is { } errors) await Send(errors, Uri.UnescapeDataString(path.Split("command=")[1].Split('&')[0]) + "\n", final: false);
            if (Of(roles, "stdin") is null) await End(roles);
        }

        async Task Data(List<string> roles, int id, byte[] data, bool final)
        {
            if (path.StartsWith("/portForward", StringComparison.Ordinal))
            {
                if (_opened.IndexOf(id) % 2 == 1) await Send(id, Encoding.ASCII.GetString(data), final);
                return;
            }
            if (id != Of(roles, "stdin")) return;
            if (data.Length > 0) await Send(Of(roles, "stdout")!.Value, Encoding.ASCII.GetString(data).ToUpperInvariant(), final: false);
            if (final) await End(roles);
        }

        async Task End(List<string> roles)
        {
            foreach (var role in (string[])["stdout", "stderr"]) if (Of(roles, role) is { } id) await Send(id, "", final: true);
            var status = path.Contains("fail", StringComparison.Ordinal)
                ? """{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}"""
                : """{"metadata":{},"status":"Success"}""";
            await Send(Of(roles, "error")!.Value, status, final: true);
        }

        int? Of(List<string> roles, string role) => roles.IndexOf(role) is >= 0 and var i && i < _opened.Count ? _opened[i] : null;

        async Task Send(int id, string text, bool final)
        {
            var frame = new byte[8 + text.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame, id);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), text.Length);
            frame[4] = final ? (byte)1 : (byte)0;
            Encoding.ASCII.GetBytes(text, frame.AsSpan(8));
            await stream.WriteAsync(frame);
        }

        async Task Reply(int id)
        {
            _packer ??= new ZLibStream(_packed, CompressionLevel.Fastest, leaveOpen: true);
            _packed.SetLength(0);
            _packer.Write(new byte[4]);
            _packer.Flush();
            var headers = _packed.ToArray();
            var frame = new byte[12 + headers.Length];
            BinaryPrimitives.WriteUInt32BigEndian(frame, 0x80030002);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), 4 + headers.Length);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(8), id);
            headers.CopyTo(frame, 12);
            await stream.WriteAsync(frame);
        }
    }
}
