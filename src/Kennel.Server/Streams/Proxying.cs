using System.Net.Security;
using Kennel.Objects.Refusals;
using Kennel.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Kennel.Server.Streams;

/// <summary>Carries a request to a pod, a service or a node, and its answer back as it comes.</summary>
sealed class Proxying(HttpOptions options) : IDisposable
{
    /// <summary>Of one connection only, and what says who asks, which is the server's business.</summary>
    static readonly HashSet<string> s_dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Host", "Authorization", "Content-Length",
        "Impersonate-User", "Impersonate-Group", "Impersonate-Uid",
    };

    HttpMessageInvoker? _pods;
    HttpMessageInvoker? _nodes;

    public async Task Carry(HttpContext context, ProxyCall call, string id)
    {
        var cancel = context.RequestAborted;
        try
        {
            using var request = Ask(context, call);
            using var answer = await (call.ToNode ? Nodes() : Pods()).SendAsync(request, cancel);
            await Return(context, call, answer, cancel);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or System.Net.Sockets.SocketException or NotSupportedException)
        {
            if (cancel.IsCancellationRequested) return;
            options.Log.NodeUnreachable(call.Target.Authority, $"{id} {call.Path}", e.Message);
            if (context.Response.HasStarted) context.Abort();
            else await Respond.Send(context, Answer.Of(Refusal.Unavailable($"error trying to reach service: {e.Message}")));
        }
    }

    static HttpRequestMessage Ask(HttpContext context, ProxyCall call)
    {
        var path = call.Path + (call.Request.Query.Length > 0 ? "?" + call.Request.Query : "");
        var request = new HttpRequestMessage(new HttpMethod(call.Request.Method), new Uri(call.Target.GetLeftPart(UriPartial.Authority) + path));
        if (!call.Request.Body.IsEmpty) request.Content = new ReadOnlyMemoryContent(call.Request.Body);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (s_dropped.Contains(name) || name.StartsWith(':') || name.StartsWith("Impersonate-Extra-", StringComparison.OrdinalIgnoreCase)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray())) request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString());
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", context.Request.Host.Value);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", context.Request.Scheme);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Uri", call.Request.Path);
        return request;
    }

    static async Task Return(HttpContext context, ProxyCall call, HttpResponseMessage answer, CancellationToken cancel)
    {
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (!s_dropped.Contains(name)) response.Headers[name] = values.ToArray();
        if (answer.Content.Headers.ContentLength is { } length) response.ContentLength = length;
        if (answer.Headers.Location is { } location) response.Headers.Location = Moved(call, location);
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            await response.Body.WriteAsync(buffer.AsMemory(0, read), cancel);
            await response.Body.FlushAsync(cancel);
        }
    }

    /// <summary>Where the target sends the client to, as a path through the server.</summary>
    static string Moved(ProxyCall call, Uri location)
    {
        if (location.IsAbsoluteUri && location.Authority != call.Target.Authority) return location.ToString();
        var path = location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString;
        return path.StartsWith('/') ? call.Prefix + path : path;
    }

    HttpMessageInvoker Nodes() => _nodes ??= Client(NodeStreams.Tls(options));

    /// <summary>As upstream: pods have certificates that nobody knows.</summary>
    HttpMessageInvoker Pods() => _pods ??= Client(new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true });

    static HttpMessageInvoker Client(SslClientAuthenticationOptions tls) => new(new SocketsHttpHandler
    {
        SslOptions = tls,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        UseProxy = false,
        UseCookies = false,
    });

    public void Dispose()
    {
        _pods?.Dispose();
        _nodes?.Dispose();
    }
}
