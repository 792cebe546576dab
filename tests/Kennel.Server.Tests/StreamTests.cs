using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Xunit.Abstractions;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>logs, exec and port-forward with every kubectl, against the wire of a node.</summary>
public sealed class StreamTests(ITestOutputHelper log)
{
    public static TheoryData<string> Kubectls => [.. Tools.Versions];

    static async Task<(TestServer Server, FakeNode Node)> Start()
    {
        var server = await TestServer.Start();
        await server.Listen();
        var node = new FakeNode(server.Pki!.Node("n"));
        await server.Made("/api/v1/nodes", """{"metadata":{"name":"n"}}""");
        (await server.Merge("/api/v1/nodes/n/status",
            """{"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":PORT}}}}""".Replace("PORT", node.Port.ToString()))).Status.ShouldBe(200);
        await server.Made(Pods, Pod(more: ""","nodeName":"n" """));
        (await server.Merge($"{Pods}/p/status", """{"status":{"phase":"Running","containerStatuses":[]}}""")).Status.ShouldBe(200);
        return (server, node);
    }

    [SkippableTheory, MemberData(nameof(Kubectls))]
    public async Task Commands_get_their_input_and_give_back_output_and_code(string version)
    {
        Skip.If(Tools.Kubectl(version) is null, "this kubectl isn't on the machine");
        var (server, node) = await Start();
        await using var _ = server;
        await using var __ = node;

        var (code, output) = await server.Kubectl(version, null, "exec", "p", "--", "say");
        log.WriteLine(output);
        (code, output).ShouldBe((0, "say\n"));
        (code, output) = await server.Kubectl(version, "hello\n", "exec", "-i", "p", "--", "echo");
        (code, output).ShouldBe((0, "HELLO\necho\n"));
        (code, output) = await server.Kubectl(version, null, "exec", "p", "--", "fail");
        output.ShouldContain("exit code 7");
        code.ShouldBe(7);
        node.Asked.ShouldAllBe(a => a.Path.StartsWith("/exec/default/p/main?") && a.Subject.Contains("kube-apiserver-kubelet-client"));
        (code, output) = await server.Kubectl(version, null, "exec", "p", "-c", "other", "--", "say");
        output.ShouldContain("container other is not valid for pod p");
    }

    [SkippableTheory, MemberData(nameof(Kubectls))]
    public async Task A_forwarded_port_carries_bytes_both_ways(string version)
    {
        Skip.If(Tools.Kubectl(version) is null, "this kubectl isn't on the machine");
        var (server, node) = await Start();
        await using var _ = server;
        await using var __ = node;
        var start = new ProcessStartInfo(Tools.Kubectl(version)!, ["--kubeconfig=" + server.KubeconfigPath, "port-forward", "p", ":80"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var forward = Process.Start(start)!;
        try
        {
            var line = await forward.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
            line.ShouldNotBeNull(forward.HasExited ? await forward.StandardError.ReadToEndAsync() : "");
            var port = int.Parse(line.Split(':')[1].Split(' ')[0]);
            for (var i = 0; i < 3; i++)
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"ping {i}"));
                var answer = new byte[6];
                await client.GetStream().ReadExactlyAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
                Encoding.ASCII.GetString(answer).ShouldBe($"ping {i}");
            }
        }
        finally
        {
            forward.Kill();
        }
    }

    [SkippableFact]
    public async Task Logs_come_when_they_are_written()
    {
        Skip.If(Tools.Kubectl("") is null, "there is no kubectl on the machine");
        var (server, node) = await Start();
        await using var _ = server;
        await using var __ = node;
        (await server.Kubectl("", null, "logs", "p", "--tail=5")).ShouldBe((0, "first\nmore\n"));
        node.Asked.Last().Path.ShouldBe("/containerLogs/default/p/main?tailLines=5");

        var start = new ProcessStartInfo(Tools.Kubectl("")!, ["--kubeconfig=" + server.KubeconfigPath, "logs", "-f", "p"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var follow = Process.Start(start)!;
        (await follow.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("first");
        node.More.SetResult();
        (await follow.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("more");
        await follow.WaitForExitAsync();
    }

    [Fact]
    public async Task A_pod_without_a_node_or_with_several_containers_is_told_apart()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod("waiting"));
        var exec = await server.Post($"{Pods}/waiting/exec?command=x&stdout=true", "");
        exec.Status.ShouldBe(400);
        exec.Message.ShouldBe("pod waiting does not have a host assigned");
        (await server.Get($"{Pods}/waiting/log")).Text.ShouldBe("");
        await server.Made(Pods, Pod("two").Replace("""}]""", """},{"name":"side","image":"busybox:1"}]"""));
        (await server.Get($"{Pods}/two/log")).Message.ShouldBe("a container name must be specified for pod two, choose one of: [main side]");
    }

    [Fact]
    public async Task A_node_that_is_not_ours_is_not_talked_to()
    {
        var (server, node) = await Start();
        await using var _ = server;
        await using var __ = node;
        await using var other = await TestServer.Start();
        await other.Listen();
        await using var impostor = new FakeNode(other.Pki!.Node("n"));
        await server.Merge("/api/v1/nodes/n/status", """{"status":{"daemonEndpoints":{"kubeletEndpoint":{"Port":PORT}}}}""".Replace("PORT", impostor.Port.ToString()));
        if (Tools.Kubectl("") is null) return;
        var (code, output) = await server.Kubectl("", null, "logs", "p");
        code.ShouldBe(1);
        output.ShouldContain("error dialing backend");
        impostor.Asked.ShouldBeEmpty();
    }
}
