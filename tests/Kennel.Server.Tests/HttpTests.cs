using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

public sealed class HttpTests
{
    static HttpClient Client(TestServer server, string? token = null, X509Certificate2? certificate = null, bool http2 = false)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { server.Pki!.Authority }, RevocationMode = X509RevocationMode.NoCheck },
                ClientCertificates = certificate is null ? null : [certificate],
            },
        };
        var client = new HttpClient(handler) { BaseAddress = new Uri($"https://{server.Address}"), DefaultRequestVersion = http2 ? HttpVersion.Version20 : HttpVersion.Version11, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    static async Task<TestServer> Listening()
    {
        var server = await TestServer.Start();
        await server.Listen();
        return server;
    }

    [Theory]
    [InlineData(null, "/api/v1/pods", HttpStatusCode.Unauthorized)]
    [InlineData(null, "/healthz", HttpStatusCode.OK)]
    [InlineData(null, "/version", HttpStatusCode.OK)]
    [InlineData("wrong", "/healthz", HttpStatusCode.Unauthorized)]
    [InlineData("secret-token", "/api/v1/pods", HttpStatusCode.OK)]
    [InlineData("bobs-token", "/api/v1/pods", HttpStatusCode.Forbidden)]
    public async Task Only_those_who_are_known_get_in(string? token, string path, HttpStatusCode status)
    {
        await using var server = await Listening();
        using var client = Client(server, token);
        (await client.GetAsync(path)).StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_admins_certificate_opens_both_protocols(bool http2)
    {
        await using var server = await Listening();
        using var client = Client(server, certificate: server.Pki!.Admin.Tls, http2: http2);
        (await client.GetAsync("/api/v1/pods")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_nobodys()
    {
        await using var server = await Listening();
        await using var other = await Listening();
        using var client = Client(server, certificate: other.Pki!.Admin.Tls);
        (await client.GetAsync("/api/v1/pods")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Too_large_a_body_is_a_413_with_a_Status()
    {
        await using var server = await Listening();
        using var client = Client(server, "secret-token");
        foreach (var chunked in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, ConfigMaps) { Content = new StringContent(ConfigMap("a", data: $$"""{"a":"{{new string('x', 4 << 20)}}"}"""), Encoding.UTF8, "application/json") };
            request.Headers.TransferEncodingChunked = chunked;
            var reply = await client.SendAsync(request);
            reply.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            (await reply.Content.ReadAsStringAsync()).ShouldContain("Request entity too large: limit is 3145728");
        }
    }

    [Fact]
    public async Task A_big_body_and_a_big_list_arrive_whole_and_the_list_packed()
    {
        await using var server = await Listening();
        using var client = Client(server, "secret-token", http2: true);
        var text = new string('x', 900_000);
        var made = await client.PostAsync(ConfigMaps, new StringContent(ConfigMap("a", data: $$"""{"a":"{{text}}"}"""), Encoding.UTF8, "application/json"));
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var request = new HttpRequestMessage(HttpMethod.Get, ConfigMaps) { Version = HttpVersion.Version20 };
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        var list = await client.SendAsync(request);
        list.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        using var unpacked = new StreamReader(new System.IO.Compression.GZipStream(await list.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress));
        (await unpacked.ReadToEndAsync()).ShouldContain(text);
    }

    [Fact]
    public async Task Warnings_are_headers()
    {
        await using var server = await Listening();
        using var client = Client(server, "secret-token");
        var reply = await client.PostAsync(ConfigMaps, new StringContent("""{"metadata":{"name":"a"},"dada":1}""", Encoding.UTF8, "application/json"));
        reply.Headers.GetValues("Warning").ShouldBe(["299 - \"unknown field \\\"dada\\\"\""]);
    }

    [Fact]
    public async Task Many_watches_share_a_connection_and_hear_at_once()
    {
        await using var server = await Listening();
        using var client = Client(server, "secret-token", http2: true);
        var readers = new List<StreamReader>();
        for (var i = 0; i < 150; i++) readers.Add(new StreamReader(await client.GetStreamAsync($"{ConfigMaps}?watch=true&resourceVersion={server.Store.Revision}")));
        await server.Made(ConfigMaps, ConfigMap("a"));
        foreach (var reader in readers)
            (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)))!.ShouldStartWith("""{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a",""");
        foreach (var reader in readers) reader.Dispose();
    }

    [Fact]
    public async Task Certificates_are_kept_private_and_used_again()
    {
        await using var server = await Listening();
        var folder = Path.Combine(Path.GetDirectoryName(server.KubeconfigPath)!, "pki");
        foreach (var file in Directory.GetFiles(folder).Append(server.KubeconfigPath))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        var again = Http.Pki.Open(folder, ["127.0.0.1"], TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        again.Server.CertificatePem.ShouldBe(server.Pki!.Server.CertificatePem);
        var renamed = Http.Pki.Open(folder, ["127.0.0.1", "kennel.example"], TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        renamed.Server.CertificatePem.ShouldNotBe(server.Pki!.Server.CertificatePem);
        renamed.AuthorityPem.ShouldBe(server.Pki!.AuthorityPem);
    }
}
