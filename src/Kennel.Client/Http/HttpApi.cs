using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace Kennel.Client.Http;

/// <summary>A Kubernetes API over HTTP. Requests share connections; each watch is a stream of its own.</summary>
/// <param name="wire">Sends requests; <see cref="Connection.Open"/> makes one for TLS.</param>
/// <param name="server">Scheme, host and port: <c>https://10.0.0.1:6443</c>.</param>
/// <param name="token">A bearer token, or null when a client certificate says who we are.</param>
public sealed class HttpApi(HttpMessageInvoker wire, Uri server, string? token = null) : IApi, IDisposable
{
    /// <summary>The largest answer that is read: 500 objects of the largest size that the API stores.</summary>
    const long LargestAnswer = 800L * 1024 * 1024;

    public async ValueTask<ApiAnswer> Send(ApiCall call, CancellationToken cancel)
    {
        using var request = Request(call.Method, call.Path);
        if (!call.Body.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(call.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(call.ContentType ?? "application/json");
        }
        try
        {
            using var response = await wire.SendAsync(request, cancel);
            if (response.Content.Headers.ContentLength > LargestAnswer) throw new ApiUnavailableException($"{server}: the answer to {call.Method} {call.Path} is too large");
            return new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel));
        }
        catch (Exception broken) when (IsConnection(broken, cancel))
        {
            throw Unavailable(broken);
        }
    }

    public async IAsyncEnumerable<WatchEvent> Watch(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = Request("GET", path + (path.Contains('?') ? "&" : "?") + "watch=true");
        using var response = await Open(request, cancel);
        if (!response.IsSuccessStatusCode)
        {
            yield return new("ERROR", await Body(response, cancel));
            yield break;
        }
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancel));
        try
        {
            while (await NextLine(reader, cancel) is { } line)
                if (WatchLine.Read(line) is { } e) yield return e;
        }
        finally
        {
            reader.Complete();
        }
    }

    public void Dispose() => wire.Dispose();

    HttpRequestMessage Request(string method, string path)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server, path)) { Version = new(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.UserAgent.Add(new("kennel", "0.1"));
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        return request;
    }

    async ValueTask<HttpResponseMessage> Open(HttpRequestMessage request, CancellationToken cancel)
    {
        try { return await wire.SendAsync(request, cancel); }
        catch (Exception broken) when (IsConnection(broken, cancel)) { throw Unavailable(broken); }
    }

    async ValueTask<byte[]> Body(HttpResponseMessage response, CancellationToken cancel)
    {
        try { return await response.Content.ReadAsByteArrayAsync(cancel); }
        catch (Exception broken) when (IsConnection(broken, cancel)) { throw Unavailable(broken); }
    }

    /// <summary>The next line without its end; null at the end of the stream.</summary>
    async ValueTask<byte[]?> NextLine(PipeReader reader, CancellationToken cancel)
    {
        while (true)
        {
            ReadResult read;
            try { read = await reader.ReadAsync(cancel); }
            catch (Exception broken) when (IsConnection(broken, cancel)) { throw Unavailable(broken); }
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }
            if (read.Buffer.Length > WatchLine.Longest) throw new ApiUnavailableException($"{server}: a watch event is longer than {WatchLine.Longest} bytes");
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return null;
        }
    }

    static bool IsConnection(Exception e, CancellationToken cancel) =>
        e is HttpRequestException or IOException or System.Net.Sockets.SocketException || e is OperationCanceledException && !cancel.IsCancellationRequested;

    ApiUnavailableException Unavailable(Exception e) => new($"{server} can't be reached: {(e.InnerException ?? e).Message}", e);
}
