using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Kennel.Objects.Refusals;
using Kennel.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Kennel.Server.Streams;

/// <summary>Carries logs, exec, attach and port-forward between a client and the node of a pod.</summary>
sealed class NodeStreams(HttpOptions options) : IDisposable
{
    const int MaxDocumentBytes = 64 << 20;
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    readonly SslClientAuthenticationOptions _tls = Tls(options);
    HttpMessageInvoker? _http;

    public async Task Carry(HttpContext context, NodeCall call, string id)
    {
        try
        {
            if (call.Kind == NodeCallKind.Log) await Logs.Carry(context, call, Http());
            else if (WebSocketUpgrade.IsAsked(context.Request)) await CarryWebSocket(context, call);
            else if (SpdyUpgrade.IsAsked(context.Request)) await SpdyUpgrade.Carry(context, call, _tls);
            else await Respond.Send(context, Answer.Of(Refusal.BadRequest("Upgrade request required")));
        }
        catch (Exception e) when (e is IOException or HttpRequestException or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException)
        {
            if (context.RequestAborted.IsCancellationRequested) return;
            options.Log.NodeUnreachable(call.Node.Authority, $"{id} {call.PathAndQuery}", e.Message);
            if (context.Response.HasStarted) context.Abort();
            else await Respond.Send(context, Answer.Of(Refusal.Internal($"error dialing backend: {call.Node.Authority}: {e.Message}")));
        }
    }

    /// <summary>A <see cref="NodeQuestion"/>.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> Ask(Uri node, string path, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(s_patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node, path));
            using var answer = await Http().SendAsync(request, patience.Token);
            if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentLength is not <= MaxDocumentBytes) return null;
            return await answer.Content.ReadAsByteArrayAsync(patience.Token);
        }
        catch (Exception e) when (e is IOException or HttpRequestException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            options.Log.NodeUnreachable(node.Authority, path, e.Message);
            return null;
        }
    }

    async Task CarryWebSocket(HttpContext context, NodeCall call)
    {
        if (call.Kind == NodeCallKind.PortForward) await Tunnel.Carry(context, call, _tls);
        else await ChannelTranslator.Carry(context, call, _tls);
    }

    HttpMessageInvoker Http() => _http ??= new HttpMessageInvoker(new SocketsHttpHandler
    {
        SslOptions = _tls,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        UseProxy = false,
        UseCookies = false,
    });

    public void Dispose() => _http?.Dispose();

    /// <summary>We show our client certificate and accept only nodes that our authority knows.</summary>
    internal static SslClientAuthenticationOptions Tls(HttpOptions options) => new()
    {
        ClientCertificates = [options.Pki.NodeClient.Tls],
        RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            certificate is X509Certificate2 node && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && Trust.IsSignedBy(node, options.Pki.Authority, options.Time.GetUtcNow()),
    };
}
