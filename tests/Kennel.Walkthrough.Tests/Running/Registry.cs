using System.Formats.Tar;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kennel.Walkthrough.Tests.Running;

/// <summary>A registry on loopback over plain HTTP with the one image of an OCI archive, for whoever knows the password, if there is one.</summary>
sealed class Registry : IDisposable
{
    const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    readonly HttpListener _listener = new();
    readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    readonly string _repository, _tag;
    readonly string? _login;
    readonly List<string> _asked = [];

    Registry(string repository, string tag, string? login, int port) => (_repository, _tag, _login, Port) = (repository, tag, login, port);

    public int Port { get; }

    /// <summary>The image's manifest: <c>sha256:…</c>.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>Paths that were asked for.</summary>
    public IReadOnlyList<string> Asked
    {
        get { lock (_asked) return [.. _asked]; }
    }

    /// <param name="login"><c>user:password</c>, or null for everybody.</param>
    public static async Task<Registry> Serve(string archive, string repository, string tag, string? login = null)
    {
        var registry = new Registry(repository, tag, login, Cluster.FreePort());
        await registry.Read(archive);
        registry._listener.Prefixes.Add($"http://127.0.0.1:{registry.Port}/");
        registry._listener.Start();
        _ = registry.Answer();
        return registry;
    }

    async Task Read(string archive)
    {
        await using var tar = new TarReader(File.OpenRead(archive));
        while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
        {
            if (entry.DataStream is null) continue;
            var content = new byte[entry.Length];
            await entry.DataStream.ReadExactlyAsync(content);
            if (entry.Name == "index.json") Digest = JsonDocument.Parse(content).RootElement.GetProperty("manifests")[0].GetProperty("digest").GetString()!;
            _blobs["sha256:" + Convert.ToHexStringLower(SHA256.HashData(content))] = content;
        }
    }

    async Task Answer()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                lock (_asked) _asked.Add(context.Request.Url!.AbsolutePath);
                await Answer(context.Request, context.Response);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // closed, or the caller has gone
            }
        }
    }

    async Task Answer(HttpListenerRequest request, HttpListenerResponse response)
    {
        using (response)
        {
            if (_login is not null && request.Headers["Authorization"] != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(_login)))
            {
                response.StatusCode = 401;
                response.AddHeader("WWW-Authenticate", "Basic realm=\"test\"");
                return;
            }
            var path = request.Url!.AbsolutePath;
            var name = path[(path.LastIndexOf('/') + 1)..];
            var isManifest = path.StartsWith($"/v2/{_repository}/manifests/", StringComparison.Ordinal);
            if (path == "/v2/") return;
            if (!path.StartsWith($"/v2/{_repository}/", StringComparison.Ordinal) || !_blobs.TryGetValue(isManifest && name == _tag ? Digest : name, out var content))
            {
                response.StatusCode = 404;
                return;
            }
            response.ContentType = isManifest ? Manifest : "application/octet-stream";
            response.AddHeader("Docker-Content-Digest", isManifest ? Digest : name);
            response.ContentLength64 = content.Length;
            if (request.HttpMethod != "HEAD") await response.OutputStream.WriteAsync(content);
        }
    }

    public void Dispose() => _listener.Close();
}
