using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Clients that hang, break off or never listen: they hear what is wrong, or nothing, and nobody else notices.</summary>
public sealed class RudeClientTests
{
    const string Head = "Host: kennel\r\nAuthorization: Bearer secret-token\r\n";

    [Fact]
    public async Task A_body_that_never_comes_is_a_408_with_a_Status()
    {
        await using var server = await Listening();
        await using var client = await Connected(server);
        await client.WriteAsync(Encoding.ASCII.GetBytes($"POST {ConfigMaps} HTTP/1.1\r\n{Head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"));
        var answer = await Heard(client, "\"code\":");
        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("\"reason\":\"Timeout\"");
    }

    [Theory]
    [InlineData("POST {0} HTTP/1.1\r\n{1}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"metadata\":")]
    [InlineData("POST {0} HTTP/1.1\r\n{1}Transfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("POST {0} HTTP/1.1\r\n{1}Transfer-Encoding: chunked\r\n\r\n5\r\nhe")]
    [InlineData("GET {0} HTTP/1.1\r\n{1}")]
    [InlineData("GET {0} HTTP/9.9\r\n{1}\r\n")]
    [InlineData("G\0T / HTTP/1.1\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense")]
    public async Task Who_breaks_off_is_forgotten(string request)
    {
        await using var server = await Listening();
        await using (var client = await Connected(server)) await client.WriteAsync(Encoding.ASCII.GetBytes(string.Format(request, ConfigMaps, Head)));
        await using var next = await Connected(server);
        await next.WriteAsync(Encoding.ASCII.GetBytes($"GET {ConfigMaps} HTTP/1.1\r\n{Head}\r\n"));
        (await Heard(next, "\"items\":[")).ShouldStartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task Who_closes_one_half_still_hears_what_was_wrong()
    {
        await using var server = await Listening();
        using var tcp = new TcpClient();
        await using var client = await Connected(server, tcp);
        await client.WriteAsync(Encoding.ASCII.GetBytes($"POST {ConfigMaps} HTTP/1.1\r\n{Head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"));
        tcp.Client.Shutdown(SocketShutdown.Send);
        var answer = await Heard(client, "\"code\":");
        if (answer.Length > 0) answer.ShouldStartWith("HTTP/1.1 400 "); // or the connection is gone: both are fine
    }

    [Fact]
    public async Task Watches_that_nobody_reads_cost_little_and_disturb_no_other()
    {
        const int watchers = 15, writes = 150, size = 100_000;
        await using var server = await Listening();
        await server.Made(ConfigMaps, ConfigMap("m"));
        var deaf = new List<SslStream>();
        for (var i = 0; i < watchers; i++)
        {
            deaf.Add(await Connected(server));
            await deaf[i].WriteAsync(Encoding.ASCII.GetBytes($"GET {ConfigMaps}?watch=1 HTTP/1.1\r\n{Head}\r\n"));
        }
        await using var listening = await Connected(server);
        await listening.WriteAsync(Encoding.ASCII.GetBytes($"GET {ConfigMaps}?watch=1&resourceVersion={server.Store.Revision} HTTP/1.1\r\n{Head}\r\n"));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var hearing = Heard(listening, $"\"last\":\"{writes - 1}\"");
        for (var i = 0; i < writes; i++) (await server.Put(ConfigMaps + "/m", ConfigMap("m", data: $$"""{"a":"{{new string((char)('a' + i % 26), size)}}","last":"{{i}}"}"""))).Status.ShouldBe(200);
        await hearing;
        // What is kept is the store's history, once, and not a copy for each who doesn't read.
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan((long)writes * size * 8);
        foreach (var stream in deaf) await stream.DisposeAsync();
    }

    static async Task<TestServer> Listening()
    {
        var server = await TestServer.Start();
        await server.Listen();
        return server;
    }

    static async Task<SslStream> Connected(TestServer server, TcpClient? tcp = null)
    {
        tcp ??= new TcpClient();
        await tcp.ConnectAsync(server.Address);
        var stream = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("kennel");
        return stream;
    }

    /// <summary>What is answered, up to a word or the end of the connection.</summary>
    static async Task<string> Heard(SslStream stream, string until)
    {
        var tail = "";
        var head = "";
        var buffer = new byte[64 * 1024];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            while (!tail.Contains(until) && await stream.ReadAsync(buffer, patience.Token) is > 0 and var read)
            {
                tail = tail[Math.Max(0, tail.Length - until.Length)..] + Encoding.UTF8.GetString(buffer.AsSpan(0, read));
                if (head.Length < 10_000) head += Encoding.UTF8.GetString(buffer.AsSpan(0, read));
            }
        }
        catch (IOException)
        {
            return head; // the server was done with us
        }
        return head;
    }
}
