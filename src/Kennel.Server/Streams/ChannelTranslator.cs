using System.Net.Security;
using System.Net.WebSockets;
using Kennel.Objects.Refusals;
using Kennel.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Kennel.Server.Streams;

/// <summary>
/// exec and attach of newer clients: channels of a WebSocket (0 stdin, 1 stdout, 2 stderr, 3 error, 4 resize) are streams of SPDY at the node.
/// Version 5 adds a message that closes a channel.
/// </summary>
static class ChannelTranslator
{
    const byte Close = 255;
    const int Channels = 5;
    static readonly string[] s_types = ["stdin", "stdout", "stderr", "error", "resize"];

    public static async Task Carry(HttpContext context, NodeCall call, SslClientAuthenticationOptions tls)
    {
        if (WebSocketUpgrade.Choose(context.Request, "v5.channel.k8s.io", "v4.channel.k8s.io") is not { } protocol)
        {
            await Respond.Send(context, Answer.Of(Refusal.BadRequest("unable to upgrade: the WebSocket subprotocols v5.channel.k8s.io and v4.channel.k8s.io are served")));
            return;
        }
        await using var node = await NodeConnection.Open(call, ["v4.channel.k8s.io"], tls, context.RequestAborted);
        if (!node.Upgraded)
        {
            await Logs.Refuse(context, node.Status, node.Body, node.Headers.GetValueOrDefault("Content-Type"));
            return;
        }
        using var socket = await WebSocketUpgrade.Accept(context, protocol);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        using var spdy = new SpdyClient(node.Stream);
        var streams = await Open(spdy, call.Wishes, end.Token);
        var up = Copying.Quietly(Up(socket, spdy, streams, end.Token));
        var down = Copying.Quietly(Down(spdy, socket, streams, end.Token));
        await Task.WhenAny(up, down);
        await WebSocketUpgrade.Close(socket);
        await end.CancelAsync();
        await Task.WhenAll(up, down);
    }

    /// <summary>The stream of each channel; 0 for those that nobody wants.</summary>
    static async Task<int[]> Open(SpdyClient spdy, StreamWishes wishes, CancellationToken cancel)
    {
        var streams = new int[Channels];
        (int Channel, bool Wanted)[] order = [(3, true), (0, wishes.Stdin), (1, wishes.Stdout), (2, wishes.Stderr), (4, wishes.Tty)];
        foreach (var (channel, wanted) in order)
            if (wanted) streams[channel] = await spdy.Open("streamtype", s_types[channel], cancel);
        return streams;
    }

    static async Task Up(WebSocket socket, SpdyClient spdy, int[] streams, CancellationToken cancel)
    {
        var buffer = new byte[64 * 1024];
        var (channel, begins) = (0, true);
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
            if (message.MessageType == WebSocketMessageType.Close) return;
            var data = buffer.AsMemory(0, message.Count);
            if (begins && data.Length > 0)
            {
                channel = data.Span[0];
                data = data[1..];
                begins = false;
            }
            if (channel == Close)
            {
                if (data.Length > 0 && data.Span[0] < Channels && streams[data.Span[0]] != 0) await spdy.Send(streams[data.Span[0]], default, final: true, cancel);
            }
            else if (data.Length > 0 && channel < Channels && streams[channel] != 0) await spdy.Send(streams[channel], data, final: false, cancel);
            if (message.EndOfMessage) begins = true;
        }
    }

    /// <summary>Ends when error, stdout and stderr have ended.</summary>
    static async Task Down(SpdyClient spdy, WebSocket socket, int[] streams, CancellationToken cancel)
    {
        var open = new HashSet<int>(new[] { streams[1], streams[2], streams[3] }.Where(s => s != 0));
        var message = new byte[64 * 1024];
        while (open.Count > 0 && await spdy.Read(cancel) is { Kind: not SpdyFrameKind.GoAway } frame)
        {
            if (frame.Kind == SpdyFrameKind.Other) continue;
            var channel = Array.IndexOf(streams, frame.Stream);
            if (channel < 0 || frame.Stream == 0) continue;
            if (frame.Data.Length > 0)
            {
                if (message.Length < frame.Data.Length + 1) message = new byte[frame.Data.Length + 1];
                message[0] = (byte)channel;
                frame.Data.CopyTo(message.AsMemory(1));
                await socket.SendAsync(message.AsMemory(0, frame.Data.Length + 1), WebSocketMessageType.Binary, endOfMessage: true, cancel);
            }
            if (frame.Final) open.Remove(frame.Stream);
        }
    }
}
