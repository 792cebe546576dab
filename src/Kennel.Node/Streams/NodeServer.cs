using System.Net;
using System.Security.Cryptography.X509Certificates;
using Kennel.Node.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Kennel.Node.Streams;

/// <param name="Address">The node's InternalIP, or loopback.</param>
/// <param name="Port">0: any free one.</param>
/// <param name="Certificate">The node's serving certificate, with its key.</param>
/// <param name="ClientAuthority">Who signs the API server's client certificate.</param>
/// <param name="ClientName">The common name that the API server's client certificate must have.</param>
/// <param name="MaximumSessions">Of logs that are followed, exec, attach and port-forward together.</param>
/// <param name="Figures">What its nodes use; null answers no such question.</param>
public sealed record NodeServerOptions(
    IPAddress Address, int Port, X509Certificate2 Certificate, X509Certificate2 ClientAuthority, string ClientName, int MaximumSessions = 1000, NodeFigures? Figures = null);

/// <summary>
/// The node's HTTPS server, for the API server and nobody else: logs, exec, attach, port-forward, as a kubelet's. The paths are
/// <c>/containerLogs/{namespace}/{pod}/{container}</c>, <c>/exec/…</c>, <c>/attach/…</c>, <c>/portForward/{namespace}/{pod}</c>, <c>/stats/summary?node=…</c>, <c>/healthz</c>.
/// </summary>
public sealed class NodeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _closing;

    private NodeServer(WebApplication app, CancellationTokenSource closing, int port) => (_app, _closing, Port) = (app, closing, port);

    /// <summary>For <c>status.daemonEndpoints.kubeletEndpoint.Port</c>.</summary>
    public int Port { get; }

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<NodeServer> Start(NodeServerOptions options, IRuntime runtime, PodLookup pods, TimeProvider time, CancellationToken cancel)
    {
        var closing = new CancellationTokenSource();
        var gate = new ClientGate(options.ClientAuthority, options.ClientName, time);
        var logs = new LogEndpoint(pods, time);
        var streams = new StreamEndpoint(runtime, pods);
        var routes = new NodeRoutes(gate, logs, streams, options.Figures is null ? null : new FiguresEndpoint(options.Figures), new SemaphoreSlim(options.MaximumSessions), closing.Token);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options));
        var app = builder.Build();
        app.Run(routes.Handle);
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            closing.Dispose();
            await app.DisposeAsync();
            throw;
        }
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new NodeServer(app, closing, new Uri(address).Port);
    }

    /// <summary>Ends all sessions and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _closing.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, NodeServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MinResponseDataRate = null; // a followed log may be read slowly, by a pager for example
        kestrel.Listen(options.Address, options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1; // upgrades are HTTP/1.1's
            listen.UseHttps(https =>
            {
                https.ServerCertificate = options.Certificate;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate; // the gate answers 401 or 403, which says more than a broken handshake
                https.ClientCertificateValidation = (_, _, _) => true;
            });
        });
    }
}
