using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Kennel.Node.Runtime.Grpc;

/// <summary>Unary and server-streaming gRPC over HTTP/2 on a unix socket: all that CRI needs.</summary>
public sealed class GrpcChannel : IDisposable
{
    private static readonly Uri Authority = new("http://localhost/");
    private readonly HttpMessageInvoker _http;

    public GrpcChannel(string socketPath) => _http = new HttpMessageInvoker(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        InitialHttp2StreamWindowSize = 1 << 20,
        ConnectCallback = (_, cancel) => Connect(socketPath, cancel),
    });

    /// <param name="method"><c>/runtime.v1.RuntimeService/Version</c></param>
    /// <exception cref="GrpcException">Another status than OK; <see cref="GrpcCode.Unavailable"/> when nobody answers.</exception>
    public async Task<T> Call<T>(string method, IMessage request, TimeSpan timeout, CancellationToken cancel) where T : class, IMessage<T>, new()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(timeout + TimeSpan.FromSeconds(2)); // the other side keeps the deadline; this is for one that hangs
        try
        {
            using var response = await Send(method, request, timeout, deadline.Token);
            await using var body = await response.Content.ReadAsStreamAsync(deadline.Token);
            var message = await GrpcFrame.Read<T>(body, deadline.Token);
            await body.CopyToAsync(Stream.Null, deadline.Token); // trailers come after the body's end
            Check(response);
            return message ?? throw new GrpcException(GrpcCode.Internal, $"{method} answered without a message");
        }
        catch (OperationCanceledException stopped) when (!cancel.IsCancellationRequested)
        {
            throw new GrpcException(GrpcCode.DeadlineExceeded, $"{method} was not answered in {timeout.TotalSeconds:0.#} s", stopped);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            throw Unavailable(failure);
        }
    }

    /// <summary>The messages of a server-streaming call until the server or <paramref name="cancel"/> ends it.</summary>
    public async IAsyncEnumerable<T> Subscribe<T>(string method, IMessage request, [EnumeratorCancellation] CancellationToken cancel)
        where T : class, IMessage<T>, new()
    {
        using var response = await Guarded(() => Send(method, request, null, cancel));
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        while (await Guarded(() => GrpcFrame.Read<T>(body, cancel)) is { } message)
        {
            yield return message;
        }
        Check(response);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            throw Unavailable(failure);
        }
    }

    private async Task<HttpResponseMessage> Send(string method, IMessage request, TimeSpan? timeout, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(Authority, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(GrpcFrame.Of(request)),
        };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        message.Headers.TryAddWithoutValidation("te", "trailers");
        if (timeout is { } span)
        {
            message.Headers.TryAddWithoutValidation("grpc-timeout", ((long)span.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "m");
        }
        var response = await _http.SendAsync(message, cancel);
        if (response.Headers.Contains("grpc-status")) // an answer of trailers only
        {
            using (response)
            {
                Check(response);
            }
        }
        return response;
    }

    private static void Check(HttpResponseMessage response)
    {
        var status = Value(response, "grpc-status");
        if (status is null)
        {
            throw new GrpcException(GrpcCode.Unknown, $"no gRPC status in the answer (HTTP {(int)response.StatusCode})");
        }
        if (status != "0")
        {
            var code = int.TryParse(status, CultureInfo.InvariantCulture, out var number) ? (GrpcCode)number : GrpcCode.Unknown;
            throw new GrpcException(code, Uri.UnescapeDataString(Value(response, "grpc-message") ?? ""));
        }
    }

    private static string? Value(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.First() : null;

    private static GrpcException Unavailable(Exception failure) =>
        new(GrpcCode.Unavailable, $"connection error: {(failure.InnerException ?? failure).Message}", failure);

    private static async ValueTask<Stream> Connect(string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
