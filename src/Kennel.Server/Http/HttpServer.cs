using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Kennel.Server.Http;

/// <summary>The pipeline on the wire: TLS, HTTP/1.1 and HTTP/2.</summary>
public sealed class HttpServer : IAsyncDisposable
{
    /// <summary>Every watch holds a stream of its connection.</summary>
    const int MaxStreams = 10_000;

    readonly WebApplication _app;

    HttpServer(WebApplication app, IReadOnlyList<IPEndPoint> listening) => (_app, Listening) = (app, listening);

    /// <summary>Where it listens; a port that was asked for as 0 is known here.</summary>
    public IReadOnlyList<IPEndPoint> Listening { get; }

    /// <exception cref="IOException">An address is taken; the message names it.</exception>
    public static async Task<HttpServer> Start(Pipeline pipeline, HttpOptions options, CancellationToken cancel = default)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Services.RemoveAll<IHostLifetime>().AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        var front = new Front(pipeline, options);
        app.Run(front.Handle);
        await app.StartAsync(cancel);
        var listening = app.Urls.Select(u => new Uri(u)).Select(u => new IPEndPoint(IPAddress.Parse(u.Host.Trim('[', ']')), u.Port)).ToList();
        foreach (var end in listening) options.Log.Serving(end.ToString());
        return new HttpServer(app, listening);
    }

    /// <summary>Ends open requests and watches, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    static void Configure(KestrelServerOptions kestrel, HttpOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = null; // counted where the body is read, to answer with a Status
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        kestrel.Limits.MaxConcurrentConnections = 10_000;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(3);
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        kestrel.Limits.MinResponseDataRate = null; // a watch may be silent for long
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreams;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        foreach (var end in options.Listen)
            kestrel.Listen(end, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = options.Pki.Server.Tls;
                    https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    // Whose certificate it is, the authenticator says, with a 401 and not with a broken handshake.
                    https.ClientCertificateValidation = static (_, _, _) => true;
                });
            });
    }

    /// <summary>Signals of the process are not the server's business.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
