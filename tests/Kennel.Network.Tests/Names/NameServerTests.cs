using System.Net;
using System.Net.Sockets;
using Kennel.Network.Names;
using Kennel.Network.Names.Wire;

namespace Kennel.Network.Tests.Names;

public sealed class NameServerTests : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly UdpClient _elsewhere = new(new IPEndPoint(IPAddress.Loopback, 0));
    readonly NameServer _server;
    int _askedElsewhere;

    public NameServerTests()
    {
        _server = new(
            Town.Directory(("web-0", "10.201.0.2", true), ("web-1", "10.201.0.3", true)),
            new(IPAddress.Loopback, 0), [new(IPAddress.Loopback, 9), (IPEndPoint)_elsewhere.Client.LocalEndPoint!], TimeProvider.System, new Random(1), _ => { });
        _ = _server.Run(_stop.Token);
        _ = Elsewhere();
    }

    [Fact]
    public async Task The_clusters_names_are_answered_over_udp_and_tcp()
    {
        (await Udp("web-0.web.shop.svc.cluster.local")).ShouldBe(["10.201.0.2"]);
        (await Tcp("web.shop.svc.cluster.local")).Order().ShouldBe(["10.201.0.2", "10.201.0.3"]);
        (await Udp("nobody.shop.svc.cluster.local")).ShouldBe(["NameError"]);
    }

    [Fact]
    public async Task Other_names_are_asked_elsewhere() => (await Udp("example.org")).ShouldBe(["192.0.2.99"]);

    [Fact]
    public async Task What_was_asked_elsewhere_is_remembered_with_each_askers_own_id_and_capitals()
    {
        (await Udp("example.org")).ShouldBe(["192.0.2.99"]);
        var again = WireTests.Question("example.org", RecordType.A);
        (again[0], again[1]) = (0x12, 0x34);
        again[Reader.HeaderBytes + 1] = (byte)'E';
        var answer = await Ask(again);
        answer[..2].ShouldBe([0x12, 0x34]);
        answer[Reader.HeaderBytes + 1].ShouldBe((byte)'E');
        Reader.ReadReply(answer, 0x1234)!.Value.Answers.ShouldHaveSingleItem().Data.ShouldBe(new Data.Address(IPAddress.Parse("192.0.2.99")));
        _askedElsewhere.ShouldBe(1);
    }

    [Fact]
    public async Task The_capitals_of_a_question_come_back()
    {
        var question = WireTests.Question("web-0.web.shop.svc.cluster.local", RecordType.A);
        question[Reader.HeaderBytes + 1] = (byte)'W';
        var answer = await Ask(question);
        answer.AsSpan(Reader.HeaderBytes, question.Length - Reader.HeaderBytes).SequenceEqual(question.AsSpan(Reader.HeaderBytes)).ShouldBeTrue();
        Reader.ReadReply(answer, 77)!.Value.Answers.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_version_of_the_extensions_that_nobody_knows_is_refused()
    {
        var question = WireTests.Question("web-0.web.shop.svc.cluster.local", RecordType.A, edns: true);
        question[^5] = 1;
        var answer = await Ask(question);
        ((answer[3] & 15) | answer[^6] << 4).ShouldBe((int)ResponseCode.BadVersion);
    }

    /// <summary>Tens of thousands of datagrams, many of them for a resolver that says nothing, and the cluster's names are answered all the same.</summary>
    [Fact]
    public async Task A_flood_does_not_stop_the_answers()
    {
        using var flood = new UdpClient();
        flood.Connect(_server.At);
        var chance = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i % 2 == 0 ? WireTests.Question($"silent{i}.example", RecordType.A) : new byte[chance.Next(60)];
            if (i % 2 == 1) chance.NextBytes(bytes);
            await flood.SendAsync(bytes, _stop.Token);
        }
        for (var tries = 0; ; tries++)
        {
            // What the kernel had no room for is lost, as datagrams are: programs ask again.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                (await Udp("web-0.web.shop.svc.cluster.local", patience.Token)).ShouldBe(["10.201.0.2"]);
                return;
            }
            catch (OperationCanceledException) when (tries < 10)
            {
            }
        }
    }

    [Fact]
    public async Task An_alias_is_followed_to_the_address_inside_and_outside()
    {
        (await Udp("inside.shop.svc.cluster.local")).ShouldBe(["front.shop.svc.cluster.local", "10.96.0.50"]);
        (await Udp("outside.shop.svc.cluster.local")).ShouldBe(["example.org", "192.0.2.99"]);
    }

    [Fact]
    public async Task Nonsense_is_refused_and_the_server_goes_on()
    {
        using var client = new UdpClient();
        client.Connect(_server.At);
        await client.SendAsync(new byte[] { 1, 2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 255 }, _stop.Token);
        ((await client.ReceiveAsync(_stop.Token)).Buffer[3] & 15).ShouldBe((int)ResponseCode.FormatError);
        await client.SendAsync(new byte[] { 1 }, _stop.Token);
        (await Udp("web-0.web.shop.svc.cluster.local")).ShouldBe(["10.201.0.2"]);
    }

    [Fact]
    public void The_machines_resolvers_are_read_without_ourselves() =>
        Forwarder.Read("# comment\nnameserver 10.96.0.10\nnameserver\t192.0.2.53 \nsearch x\nnameserver nonsense\n", IPAddress.Parse("10.96.0.10")).ShouldBe([new(IPAddress.Parse("192.0.2.53"), 53)]);

    public void Dispose()
    {
        _stop.Cancel();
        _server.Dispose();
        _elsewhere.Dispose();
        _stop.Dispose();
    }

    async Task<string[]> Udp(string name, CancellationToken cancel = default) => Read(await Ask(WireTests.Question(name, RecordType.A), cancel));

    async Task<byte[]> Ask(byte[] question, CancellationToken cancel = default)
    {
        using var client = new UdpClient();
        client.Connect(_server.At);
        await client.SendAsync(question, cancel);
        return (await client.ReceiveAsync(cancel)).Buffer;
    }

    async Task<string[]> Tcp(string name)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_server.At, _stop.Token);
        var question = WireTests.Question(name, RecordType.A);
        await client.GetStream().WriteAsync((byte[])[0, (byte)question.Length, .. question], _stop.Token);
        var answer = new byte[512];
        var size = await client.GetStream().ReadAtLeastAsync(answer, 40, cancellationToken: _stop.Token);
        return Read(answer[2..size]);
    }

    static string[] Read(byte[] bytes)
    {
        var (code, answers) = Reader.ReadReply(bytes, 77)!.Value;
        return code != ResponseCode.NoError ? [code.ToString()] : [.. answers.Select(a => a.Data is Data.Address x ? x.Value.ToString() : ((Data.Cname)a.Data).Target)];
    }

    /// <summary>A resolver that knows one address for everything.</summary>
    async Task Elsewhere()
    {
        try
        {
            while (true)
            {
                var received = await _elsewhere.ReceiveAsync(_stop.Token);
                var query = Reader.ReadQuery(received.Buffer)!;
                Interlocked.Increment(ref _askedElsewhere);
                if (query.Question.Name.StartsWith("silent", StringComparison.Ordinal)) continue;
                var reply = new Reply(ResponseCode.NoError, [new(query.Question.Name, new Data.Address(IPAddress.Parse("192.0.2.99")), 60)], [], []);
                await _elsewhere.SendAsync(Writer.Write(query, reply, udp: true), received.RemoteEndPoint, _stop.Token);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }
}
