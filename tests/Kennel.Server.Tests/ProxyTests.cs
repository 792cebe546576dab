using System.Net;
using System.Net.Http.Headers;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>HTTP to pods and services through the server.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("/api/v1/namespaces/default/pods/p:8080/proxy/a/b%20c", "http://10.1.2.3:8080/", "/a/b%20c")]
    [InlineData("/api/v1/namespaces/default/pods/p/proxy/", "http://10.1.2.3/", "/")]
    [InlineData("/api/v1/namespaces/default/pods/https:p:8443/proxy/x//y/", "https://10.1.2.3:8443/", "/x//y/")]
    [InlineData("/api/v1/namespaces/default/services/s/proxy/", "http://10.1.2.4:9090/", "/")]
    [InlineData("/api/v1/namespaces/default/services/s:web/proxy/metrics", "http://10.1.2.4:9090/", "/metrics")]
    [InlineData("/api/v1/namespaces/default/services/s:80/proxy/metrics", "http://10.1.2.4:9090/", "/metrics")]
    [InlineData("/api/v1/namespaces/default/services/https:s:web/proxy/proxy/proxy", "https://10.1.2.4:9090/", "/proxy/proxy")]
    [InlineData("/api/v1/nodes/n/proxy/healthz", "https://192.0.2.7:10250/", "/healthz")]
    [InlineData("/api/v1/nodes/n:10250/proxy/stats/summary", "https://192.0.2.7:10250/", "/stats/summary")]
    public async Task The_path_says_whom_and_what_to_ask(string path, string target, string asked)
    {
        await using var server = await Filled();
        var call = (await server.Pipeline.Handle(ApiRequest.To("GET", path + "?q=1", User.Loopback))).ShouldBeOfType<ProxyCall>();
        (call.Target.ToString(), call.Path).ShouldBe((target, asked));
        (call.Prefix + call.Path).ShouldBe(path);
    }

    [Theory]
    [InlineData("pods/none:80", 404, "pods \"none\" not found")]
    [InlineData("pods/local:80", 400, "address not allowed")]
    [InlineData("pods/p:x", 400, "invalid port \"x\"")]
    [InlineData("pods/ftp:p:80", 400, "invalid pod request \"ftp:p:80\"")]
    [InlineData("services/s:other", 503, "no service port \"other\" found for service \"s\"")]
    [InlineData("services/empty", 503, "no endpoints available for service \"empty\"")]
    public async Task What_cannot_be_reached_is_told(string name, int status, string message)
    {
        await using var server = await Filled();
        var reply = await server.Get($"/api/v1/namespaces/default/{name}/proxy/");
        (reply.Status, reply.Message).ShouldBe((status, message));
    }

    [Fact]
    public async Task A_path_without_an_end_is_sent_to_one_with_a_slash()
    {
        await using var server = await Filled();
        var reply = await server.Get("/api/v1/namespaces/default/services/s/proxy?a=b");
        reply.Status.ShouldBe(301);
        reply.Answer.Headers!.ShouldContain(("Location", "/api/v1/namespaces/default/services/s/proxy/?a=b"));
    }

    [SkippableFact]
    public async Task Request_and_answer_are_carried_through()
    {
        var here = NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address).FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a) && a.GetAddressBytes()[0] != 169);
        Skip.If(here is null, "the machine has no address but the loopback one, and that is never reached through the server");
        using var listener = new TcpListener(here, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var server = await TestServer.Start();
        await server.Listen();
        await server.Made(Pods, Pod("p"));
        (await server.Send("PATCH", $"{Pods}/p/status", $$$"""{"status":{"podIP":"{{{here}}}"}}""", "application/merge-patch+json")).Status.ShouldBe(200);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } }) { BaseAddress = new Uri($"https://{server.Address}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret-token");

        var asking = client.PostAsync($"{Pods}/p:{port}/proxy/say?a=1", new StringContent("hello", Encoding.UTF8, "text/plain"));
        using var guest = await listener.AcceptTcpClientAsync();
        var request = await Heard(guest.GetStream(), "hello");
        request.ShouldStartWith("POST /say?a=1 HTTP/1.1\r\n");
        request.ShouldContain("Content-Type: text/plain; charset=utf-8");
        request.ShouldNotContain("Authorization");
        request.ShouldContain($"X-Forwarded-Uri: {Pods}/p:{port}/proxy/say");
        await guest.GetStream().WriteAsync("HTTP/1.1 302 Found\r\nLocation: /there\r\nX-Own: yes\r\nContent-Length: 4\r\n\r\nback"u8.ToArray());
        var answer = await asking;
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        answer.Headers.Location!.ToString().ShouldBe($"{Pods}/p:{port}/proxy/there");
        answer.Headers.GetValues("X-Own").ShouldBe(["yes"]);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("back");

        guest.Close();
        listener.Stop();
        var refused = await client.GetAsync($"{Pods}/p:{port}/proxy/");
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("error trying to reach service: ");
    }

    static async Task<string> Heard(NetworkStream stream, string end)
    {
        var text = "";
        var buffer = new byte[4096];
        while (!text.EndsWith(end)) text += Encoding.UTF8.GetString(buffer.AsSpan(0, await stream.ReadAsync(buffer)));
        return text;
    }

    static async Task<TestServer> Filled()
    {
        var server = await TestServer.Start();
        foreach (var (name, ip) in new[] { ("p", "10.1.2.3"), ("local", "127.0.0.1") })
        {
            await server.Made(Pods, Pod(name));
            (await server.Send("PATCH", $"{Pods}/{name}/status", $$$"""{"status":{"podIP":"{{{ip}}}"}}""", "application/merge-patch+json")).Status.ShouldBe(200);
        }
        foreach (var name in new[] { "s", "empty" }) await server.Made(Services, $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"ports":[{"name":"web","port":80,"targetPort":9090}]}}""");
        await server.Made("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", """
            {"metadata":{"name":"s-1","labels":{"kubernetes.io/service-name":"s"}},"addressType":"IPv4","ports":[{"name":"web","port":9090,"protocol":"TCP"}],
            "endpoints":[{"addresses":["10.1.2.9"],"conditions":{"ready":false}},{"addresses":["10.1.2.4"],"conditions":{"ready":true}}]}
            """);
        await server.Made("/api/v1/nodes", """{"metadata":{"name":"n"}}""");
        await server.Send("PATCH", "/api/v1/nodes/n/status", """{"status":{"addresses":[{"type":"InternalIP","address":"192.0.2.7"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":10250}}}}""", "application/merge-patch+json");
        return server;
    }
}
