using System.Net.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kennel.Server.Streams;

/// <summary>A client that speaks SPDY itself: the upgrade is replayed to the node, then bytes are passed on as they are.</summary>
static class SpdyUpgrade
{
    public static bool IsAsked(HttpRequest request) => request.Headers.Upgrade.ToString().StartsWith("SPDY/3.1", StringComparison.OrdinalIgnoreCase);

    public static async Task Carry(HttpContext context, NodeCall call, SslClientAuthenticationOptions tls)
    {
        var protocols = context.Request.Headers["X-Stream-Protocol-Version"].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        await using var node = await NodeConnection.Open(call, protocols, tls, context.RequestAborted);
        if (!node.Upgraded)
        {
            await Logs.Refuse(context, node.Status, node.Body, node.Headers.GetValueOrDefault("Content-Type"));
            return;
        }
        var headers = context.Response.Headers;
        headers.Upgrade = "SPDY/3.1";
        headers.Connection = "Upgrade";
        if (node.Protocol.Length > 0) headers["X-Stream-Protocol-Version"] = node.Protocol;
        await using var client = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        await Pump(client, node.Stream, context.RequestAborted);
    }

    /// <summary>Until either side ends: what the node sent before it ended has arrived by then.</summary>
    static async Task Pump(Stream client, Stream node, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var up = Copying.Quietly(client.CopyToAsync(node, end.Token));
        var down = Copying.Quietly(node.CopyToAsync(client, end.Token));
        await Task.WhenAny(up, down);
        await end.CancelAsync();
        await Task.WhenAll(up, down);
    }
}
