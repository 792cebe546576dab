using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kennel.Server.Streams;

/// <summary>The server's side of a WebSocket handshake, by hand: the framework's refuses subprotocols with a slash.</summary>
static class WebSocketUpgrade
{
    const string Salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public static bool IsAsked(HttpRequest request) =>
        request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase) && request.Headers.SecWebSocketKey.Count > 0;

    /// <summary>The first of ours that the client offers; null for none.</summary>
    public static string? Choose(HttpRequest request, params ReadOnlySpan<string> ours)
    {
        var offered = request.Headers.SecWebSocketProtocol.SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
        foreach (var protocol in ours) if (offered.Contains(protocol)) return protocol;
        return null;
    }

    public static async Task<WebSocket> Accept(HttpContext context, string protocol)
    {
        var headers = context.Response.Headers;
        headers.SecWebSocketAccept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(context.Request.Headers.SecWebSocketKey + Salt)));
        headers.SecWebSocketProtocol = protocol;
        headers.Upgrade = "websocket";
        headers.Connection = "Upgrade";
        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, SubProtocol = null, KeepAliveInterval = TimeSpan.FromSeconds(30) });
    }

    public static Task Close(WebSocket socket) => socket.State is WebSocketState.Open or WebSocketState.CloseReceived
        ? Copying.Quietly(socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None))
        : Task.CompletedTask;
}
