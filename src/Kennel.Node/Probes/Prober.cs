using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Kennel.Node.Runtime;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Node.Probes;

/// <summary>Asks real containers: by a command in them, or over the pod's network.</summary>
public sealed class Prober(IRuntime runtime, TimeProvider time) : IProber, IDisposable
{
    /// <summary>As much of an answer as an event shows.</summary>
    const int ShownBytes = 1024;
    const int Redirects = 10;

    // Certificates aren't verified, as upstream: the question is whether it answers.
    readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = true, MaxAutomaticRedirections = Redirects, UseProxy = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    }) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<ProbeAnswer> Ask(ProbeTarget target, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(target.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            return target.Question switch
            {
                { Exec: { } exec } => await Exec(target, exec, cancel),
                { Http: { } http } => await Http(target, http, both.Token),
                { Tcp: { } tcp } => await Tcp(target, tcp, both.Token),
                { Grpc: { } grpc } => await new GrpcHealth(time).Ask(target.Ip, grpc, both.Token),
                _ => new(false, "missing probe handler"),
            };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, TimeoutText(target));
        }
    }

    async Task<ProbeAnswer> Exec(ProbeTarget target, ExecAction exec, CancellationToken cancel)
    {
        try
        {
            var outcome = await runtime.Exec(target.ContainerId, exec.Command, target.Timeout, cancel);
            if (outcome.TimedOut) return new(false, $"command timed out: \"{string.Join(' ', exec.Command)}\" timed out after {Seconds(target.Timeout)}");
            return new(outcome.ExitCode == 0, Text([.. outcome.Stdout, .. outcome.Stderr]), outcome.ExitCode);
        }
        catch (RuntimeException failed)
        {
            return new(false, failed.Message);
        }
    }

    async Task<ProbeAnswer> Http(ProbeTarget target, HTTPGetAction http, CancellationToken cancel)
    {
        var url = Url(target, http);
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11 };
        request.Headers.ConnectionClose = true;
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.36");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        foreach (var header in http.HttpHeaders)
        {
            if (header.Name.Equals("host", StringComparison.OrdinalIgnoreCase)) request.Headers.Host = header.Value;
            else
            {
                request.Headers.Remove(header.Name);
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
        }
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            var status = (int)response.StatusCode;
            return status is >= 200 and < 400 ? ProbeAnswer.Yes : new(false, $"HTTP probe failed with statuscode: {status}");
        }
        catch (HttpRequestException failed)
        {
            return new(false, $"Get \"{url}\": {Cause(failed, url.Host, url.Port)}");
        }
    }

    async Task<ProbeAnswer> Tcp(ProbeTarget target, TCPSocketAction tcp, CancellationToken cancel)
    {
        var port = Port(target.Container, tcp.Port);
        var host = string.IsNullOrEmpty(tcp.Host) ? target.Ip : tcp.Host;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, cancel);
            return ProbeAnswer.Yes;
        }
        catch (SocketException failed)
        {
            return new(false, Cause(failed, host, port));
        }
    }

    static Uri Url(ProbeTarget target, HTTPGetAction http)
    {
        var host = string.IsNullOrEmpty(http.Host) ? target.Ip : http.Host;
        if (host.Contains(':') && !host.StartsWith('[')) host = $"[{host}]";
        var path = http.Path is null or "" ? "/" : http.Path.StartsWith('/') ? http.Path : "/" + http.Path;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{(http.Scheme ?? "HTTP").ToLowerInvariant()}://{host}:{Port(target.Container, http.Port)}{path}"));
    }

    static int Port(Container container, IntOrString? port) =>
        port is not { } p ? 0 : !p.IsText ? p.Number
        : container.Ports.FirstOrDefault(c => c.Name == p.Text)?.ContainerPortValue ?? (int.TryParse(p.Text, CultureInfo.InvariantCulture, out var n) ? n : 0);

    static string Cause(Exception failed, string host, int port) =>
        (failed as SocketException ?? failed.InnerException as SocketException) is { } socket
            ? $"dial tcp {host}:{port}: connect: {(socket.SocketErrorCode is SocketError.ConnectionRefused ? "connection refused" : socket.SocketErrorCode is SocketError.HostUnreachable ? "no route to host" : socket.Message)}"
            : failed.InnerException?.Message ?? failed.Message;

    static string TimeoutText(ProbeTarget target) => target.Question switch
    {
        { Http: { } http } => $"Get \"{Url(target, http)}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        { Tcp: { } tcp } => $"dial tcp {target.Ip}:{Port(target.Container, tcp.Port)}: i/o timeout",
        _ => $"timeout: no answer within {Seconds(target.Timeout)}",
    };

    static string Seconds(TimeSpan time) => $"{(int)time.TotalSeconds}s";

    static string Text(byte[] output) => Encoding.UTF8.GetString(output.AsSpan(0, Math.Min(output.Length, ShownBytes)));

    public void Dispose() => _http.Dispose();
}
