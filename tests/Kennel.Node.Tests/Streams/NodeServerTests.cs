using System.Net;
using System.Security.Cryptography.X509Certificates;
using Kennel.Node.Runtime;
using Kennel.Node.Streams;
using Kennel.Node.Tests.Containers;

namespace Kennel.Node.Tests.Streams;

public sealed class NodeServerTests(ContainerdFixture containerd) : IClassFixture<ContainerdFixture>, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TestCertificates _certificates = new();
    private readonly Dictionary<string, PodPlace> _pods = [];
    private NodeServer _server = null!;

    public async Task InitializeAsync() => _server = await NodeServer.Start(
        new NodeServerOptions(IPAddress.Loopback, 0, _certificates.Server(), _certificates.Authority, TestCertificates.ApiServer, MaximumSessions: 3),
        containerd.Runtime, (space, pod) => _pods.GetValueOrDefault($"{space}/{pod}"), TimeProvider.System, None);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [ContainerFact]
    public async Task Only_the_API_server_is_let_in()
    {
        (await Status(null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(new TestCertificates().Client(TestCertificates.ApiServer))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(_certificates.Client("jane"))).ShouldBe(HttpStatusCode.Forbidden);
        (await Status(_certificates.Server())).ShouldBe(HttpStatusCode.Unauthorized); // not made for clients
        (await Status(_certificates.Client(TestCertificates.ApiServer))).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> Status(X509Certificate2? certificate)
        {
            using var http = Http(certificate);
            using var answer = await http.GetAsync("/healthz");
            return answer.StatusCode;
        }
    }

    [ContainerFact]
    public async Task Refusals_are_in_the_kubelets_words()
    {
        _pods["default/web"] = new PodPlace(null,
        [
            new ContainerPlace("main", "id", Running: false, "/nowhere/0.log", null, WaitingReason: "ContainerCreating"),
            new ContainerPlace("pull", null, Running: false, null, null, WaitingReason: "ImagePullBackOff"),
        ]);
        using var http = Http(_certificates.Client(TestCertificates.ApiServer));

        (await Get("/containerLogs/default/gone/main")).ShouldBe((404, "pod \"gone_default\" does not exist"));
        (await Get("/containerLogs/default/web/other")).ShouldBe((400, "container \"other\" in pod \"web\" is not available"));
        (await Get("/containerLogs/default/web/main")).ShouldBe((400, "container \"main\" in pod \"web\" is waiting to start: ContainerCreating"));
        (await Get("/containerLogs/default/web/pull")).ShouldBe((400, "container \"pull\" in pod \"web\" is waiting to start: trying and failing to pull image"));
        (await Get("/containerLogs/default/web/main?previous=true")).ShouldBe((400, "previous terminated container \"main\" in pod \"web\" not found"));
        (await Get("/containerLogs/default/web/main?tailLines=-1")).ShouldBe((422, "tailLines: Invalid value: -1: must be greater than or equal to 0"));
        (await Get("/exec/default/web/main?command=ls&output=1")).ShouldBe((400, "Upgrade request required"));
        (await Get("/nothing")).ShouldBe((404, "404 page not found"));

        async Task<(int, string)> Get(string path)
        {
            using var answer = await http.GetAsync(path);
            return ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync()).TrimEnd());
        }
    }

    [ContainerFact]
    public async Task A_log_is_read_and_followed_to_the_containers_end()
    {
        var go = Path.Combine(containerd.Options.DataDirectory, "go");
        Directory.CreateDirectory(go);
        var spec = TestPods.Shell("main", "echo one; echo two >&2; until [ -e /go/now ]; do sleep 0.02; done; echo three; exit 0") with { Mounts = [new MountSpec(go, "/go", false)] };
        var (sandbox, log) = await Start("logs", spec);
        using var http = Http(_certificates.Client(TestCertificates.ApiServer));
        using var answer = await http.GetAsync("/containerLogs/default/logs/main?follow=true", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());

        (await lines.ReadLineAsync()).ShouldBe("one");
        (await lines.ReadLineAsync()).ShouldBe("two");
        await File.WriteAllTextAsync(Path.Combine(go, "now"), "");
        (await lines.ReadLineAsync()).ShouldBe("three");
        await containerd.Ended(sandbox, _pods["default/logs"].Containers[0].ContainerId!);
        _pods["default/logs"] = new PodPlace(sandbox, [_pods["default/logs"].Containers[0] with { Running = false }]);
        (await lines.ReadLineAsync()).ShouldBeNull();
        (await http.GetStringAsync("/containerLogs/default/logs/main?tailLines=1")).ShouldBe("three\n");
        (await http.GetStringAsync("/containerLogs/default/logs/main?timestamps=1&tailLines=1")).ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d) three\n$");
        File.Exists(log).ShouldBeTrue();
    }

    [ContainerFact]
    public async Task A_log_that_is_rotated_is_followed_without_losing_a_line()
    {
        var (_, log) = await Start("rotate", TestPods.Shell("main", "i=0; while true; do i=$((i+1)); echo line $i; sleep 0.002; done"));
        var rotation = new LogRotation(containerd.Runtime, TimeProvider.System, maximumBytes: 1);
        using var http = Http(_certificates.Client(TestCertificates.ApiServer));
        using var answer = await http.GetAsync("/containerLogs/default/rotate/main?follow=true", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var i = 1; i <= 600; i++)
        {
            if (i % 200 == 0)
            {
                (await rotation.Rotate(_pods["default/rotate"].Containers[0].ContainerId!, log, None)).ShouldBeTrue();
            }
            (await lines.ReadLineAsync()).ShouldBe($"line {i}");
        }
        Directory.GetFiles(Path.GetDirectoryName(log)!).Length.ShouldBeGreaterThan(1);
        (await http.GetStringAsync("/containerLogs/default/rotate/main?limitBytes=13")).ShouldBe("line 1\nline 2");
    }

    [ContainerFact]
    public async Task Exec_runs_a_command_with_input_and_tells_its_exit_code()
    {
        await Start("exec", TestPods.Shell("main", "sleep 1000"));
        using var spdy = await SpdyClient.Open(_server.Port, _certificates.Client(TestCertificates.ApiServer),
            "/exec/default/exec/main?command=sh&command=-c&command=cat%3B%20echo%20problem%20%3E%262%3B%20exit%204&input=1&output=1&error=1", "v4.channel.k8s.io");
        var error = await spdy.OpenStream(("streamtype", "error"));
        var input = await spdy.OpenStream(("streamtype", "stdin"));
        var output = await spdy.OpenStream(("streamtype", "stdout"));
        var problem = await spdy.OpenStream(("streamtype", "stderr"));

        await spdy.Send(input, "hello"u8.ToArray(), last: true);
        await spdy.ReadToEnd(error, output, problem);

        spdy.Text(output).ShouldBe("hello");
        spdy.Text(problem).ShouldBe("problem\n");
        spdy.Text(error).ShouldContain("\"reason\":\"NonZeroExitCode\"");
        spdy.Text(error).ShouldContain("\"message\":\"4\"");
    }

    [ContainerFact]
    public async Task Port_forward_reaches_a_port_of_the_pod()
    {
        await Start("forward", TestPods.Shell("main", "mkdir -p /tmp/w; echo welcome > /tmp/w/index.html; httpd -f -p 8080 -h /tmp/w"));
        using var spdy = await SpdyClient.Open(_server.Port, _certificates.Client(TestCertificates.ApiServer), "/portForward/default/forward", "portforward.k8s.io");
        var error = await spdy.OpenStream(("streamtype", "error"), ("port", "8080"), ("requestid", "0"));
        var data = await spdy.OpenStream(("streamtype", "data"), ("port", "8080"), ("requestid", "0"));

        await spdy.Send(data, "GET /index.html HTTP/1.0\r\n\r\n"u8.ToArray(), last: false);
        await spdy.ReadToEnd(data);

        spdy.Text(data).ShouldContain("welcome");
        spdy.Text(error).ShouldBeEmpty();
    }

    [ContainerFact]
    public async Task Exec_into_a_container_that_isnt_there_is_refused_and_sessions_are_bounded()
    {
        var (sandbox, _) = await Start("bounded", TestPods.Shell("main", "sleep 1000"));
        _pods["default/bounded"].SandboxId.ShouldBe(sandbox);
        var certificate = _certificates.Client(TestCertificates.ApiServer);
        (await Should.ThrowAsync<IOException>(() => SpdyClient.Open(_server.Port, certificate, "/exec/default/bounded/other?command=ls&output=1", "v4.channel.k8s.io")))
            .Message.ShouldContain("container not found (\"other\")");
        using var http = Http(certificate);
        var followers = new List<HttpResponseMessage>();
        for (var i = 0; i < 3; i++)
        {
            followers.Add(await http.GetAsync("/containerLogs/default/bounded/main?follow=1", HttpCompletionOption.ResponseHeadersRead));
        }
        using var refused = await http.GetAsync("/containerLogs/default/bounded/main");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        followers.ForEach(follower => follower.Dispose());
    }

    private async Task<(string Sandbox, string Log)> Start(string pod, ContainerSpec container)
    {
        var spec = containerd.Sandbox(pod);
        var (sandbox, id) = await containerd.Run(spec, container);
        var log = Path.Combine(spec.LogFolder, container.LogFile);
        _pods[$"default/{pod}"] = new PodPlace(sandbox, [new ContainerPlace(container.Name, id, true, log, null, null)]);
        return (sandbox, log);
    }

    private HttpClient Http(X509Certificate2? certificate)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(_certificates.Authority);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = trust;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }
        return new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{_server.Port}") };
    }
}
