using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Load;

/// <summary>A Kubernetes API server over HTTP, as plain as it can be: the client must not be what is measured.</summary>
internal sealed class Api : IDisposable
{
    private const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";

    private readonly HttpMessageInvoker _http;
    private readonly Kubeconfig _config;

    public Api(Kubeconfig config)
    {
        _config = config;
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, AutomaticDecompression = DecompressionMethods.None };
        handler.SslOptions.RemoteCertificateValidationCallback = Trusts;
        if (config.Client is { } client)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => client;
            handler.SslOptions.ClientCertificates = [client];
        }

        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>One request.</summary>
    /// <returns>The status code and the body.</returns>
    public async Task<(int Status, byte[] Body)> Send(
        HttpMethod method, string path, byte[]? body = null, string type = Json, CancellationToken cancel = default)
    {
        using var request = Request(method, path, body, type);
        using var answer = await _http.SendAsync(request, cancel);
        return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancel));
    }

    /// <summary>One request that has to succeed.</summary>
    /// <param name="also">A status that is fine too, such as 409 or 404.</param>
    public async Task<byte[]> Need(HttpMethod method, string path, JsonNode? body = null, string type = Json, int also = 0, CancellationToken cancel = default)
    {
        var bytes = body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body);
        var (status, answer) = await Send(method, path, bytes, type, cancel);
        if (status is >= 200 and < 300 || status == also) return answer;
        throw new InvalidOperationException($"{method} {path}: {status} {Encoding.UTF8.GetString(answer)}");
    }

    public async Task<JsonObject> Get(string path, CancellationToken cancel = default) =>
        JsonNode.Parse(await Need(HttpMethod.Get, path, cancel: cancel))!.AsObject();

    /// <summary>The lines of a watch, one event each, as they come.</summary>
    public async IAsyncEnumerable<string> Watch(string path, string revision, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var line in Lines(path, revision, cancel)) yield return Encoding.UTF8.GetString(line);
    }

    /// <summary>As <see cref="Watch"/>, as bytes that are valid until the next line: a hundred watchers in one process must not cost more than what they watch.</summary>
    public async IAsyncEnumerable<ReadOnlySequence<byte>> Lines(string path, string revision, [EnumeratorCancellation] CancellationToken cancel)
    {
        var glue = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var request = Request(HttpMethod.Get, $"{path}{glue}watch=1&resourceVersion={revision}&allowWatchBookmarks=true", null, Json);
        using var answer = await _http.SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"watch {path}: {(int)answer.StatusCode}");
        var reader = PipeReader.Create(await answer.Content.ReadAsStreamAsync(cancel), new StreamPipeReaderOptions(bufferSize: 16 * 1024));
        while (await reader.ReadAsync(cancel) is var read && !(read.IsCompleted && read.Buffer.IsEmpty))
        {
            var left = read.Buffer;
            while (left.PositionOf((byte)'\n') is { } end)
            {
                if (left.Slice(0, end) is { IsEmpty: false } line) yield return line;
                left = left.Slice(left.GetPosition(1, end));
            }

            reader.AdvanceTo(left.Start, left.End);
            if (read.IsCompleted) break;
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, string type)
    {
        var request = new HttpRequestMessage(method, new Uri(_config.Server, path)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
        if (_config.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is null) return request;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return request;
    }

    private bool Trusts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_config.TrustsAnyone || errors == SslPolicyErrors.None) return true;
        if (certificate is null || _config.Authority is not { } authority) return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authority);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var presented = new X509Certificate2(certificate);
        return own.Build(presented) && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
    }
}
