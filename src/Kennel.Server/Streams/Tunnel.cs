using System.Net.Security;
using System.Net.WebSockets;
using Kennel.Objects.Refusals;
using Kennel.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Kennel.Server.Streams;

/// <summary>Port-forward of newer clients: SPDY inside the binary messages of a WebSocket.</summary>
static class Tunnel
{
    const string Prefix = "SPDY/3.1+";
    const string Protocol = "portforward.k8s.io";

    public static async Task Carry(HttpContext context, NodeCall call, SslClientAuthenticationOptions tls)
    {
        if (WebSocketUpgrade.Choose(context.Request, Prefix + Protocol) is not { } protocol)
        {
            await Respond.Send(context, Answer.Of(Refusal.BadRequest($"unable to upgrade: only the WebSocket subprotocol {Prefix}{Protocol} is served for port-forward")));
            return;
        }
        await using var node = await NodeConnection.Open(call, [Protocol], tls, context.RequestAborted);
        if (!node.Upgraded)
        {
            await Logs.Refuse(context, node.Status, node.Body, node.Headers.GetValueOrDefault("Content-Type"));
            return;
        }
        using var socket = await WebSocketUpgrade.Accept(context, protocol);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var up = Copying.Quietly(Up(socket, node.Stream, end.Token));
        var down = Copying.Quietly(Down(node.Stream, socket, end.Token));
        await Task.WhenAny(up, down);
        await WebSocketUpgrade.Close(socket);
        await end.CancelAsync();
        await Task.WhenAll(up, down);
    }

    static async Task Up(WebSocket socket, Stream node, CancellationToken cancel)
    {
        var buffer = new byte[32 * 1024];
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
            if (message.MessageType == WebSocketMessageType.Close) return;
            await node.WriteAsync(buffer.AsMemory(0, message.Count), cancel);
        }
    }

    static async Task Down(Stream node, WebSocket socket, CancellationToken cancel)
    {
        var buffer = new byte[32 * 1024];
        while (await node.ReadAsync(buffer, cancel) is > 0 and var read)
            await socket.SendAsync(buffer.AsMemory(0, read), WebSocketMessageType.Binary, endOfMessage: true, cancel);
    }
}
