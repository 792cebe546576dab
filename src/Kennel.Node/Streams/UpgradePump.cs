using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kennel.Node.Streams;

/// <summary>Replays a client's upgrade to another server and, when that one agrees, carries bytes both ways until either side ends.</summary>
public static class UpgradePump
{
    private const int BufferBytes = 64 << 10;
    private static readonly string[] Passed = ["X-Stream-Protocol-Version", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"];

    public static bool IsUpgrade(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 && request.Headers.Connection.ToString().Contains("upgrade", StringComparison.OrdinalIgnoreCase);

    /// <param name="target">An http address.</param>
    public static async Task Run(HttpContext context, Uri target, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target.Host, target.Port, cancel);
        await using var server = new NetworkStream(socket, ownsSocket: false);
        await server.WriteAsync(Head(context.Request, target), cancel);
        var answer = await ResponseHead.Read(server, cancel);
        if (answer.Status != StatusCodes.Status101SwitchingProtocols)
        {
            await NodeRoutes.Answer(context, answer.Status, await answer.Body(server, cancel));
            return;
        }
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers.Append(name, value);
        }
        await using var client = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        await Both(client, server, cancel);
    }

    private static byte[] Head(HttpRequest request, Uri target)
    {
        var head = new StringBuilder($"{request.Method} {target.PathAndQuery} HTTP/1.1\r\nHost: {target.Authority}\r\nConnection: Upgrade\r\nUpgrade: {request.Headers.Upgrade}\r\n");
        if (request.Method == HttpMethods.Post)
        {
            head.Append("Content-Length: 0\r\n");
        }
        foreach (var name in Passed)
        {
            foreach (var value in request.Headers[name])
            {
                head.Append(name).Append(": ").Append(value).Append("\r\n");
            }
        }
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    /// <summary>When one side has said its last, the other's last bytes have been carried: then both are closed.</summary>
    private static async Task Both(Stream client, Stream server, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var up = Carry(client, server, ending.Token);
        var down = Carry(server, client, ending.Token);
        await Task.WhenAny(up, down);
        await ending.CancelAsync();
        await Task.WhenAll(up, down);
    }

    private static async Task Carry(Stream from, Stream to, CancellationToken cancel)
    {
        try
        {
            await from.CopyToAsync(to, BufferBytes, cancel);
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // a session's end often looks like a broken connection
        }
    }
}
