using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Kennel.Network.Names.Wire;

namespace Kennel.Network.Names;

/// <summary>Asks the machine's own resolvers for names that aren't the cluster's.</summary>
public sealed class Forwarder(IReadOnlyList<IPEndPoint> resolvers, Func<int> nextId, TimeProvider time)
{
    // A stub resolver asks again after 5 s: both tries fit in before.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Questions on their way at once; more are refused, so that a broken resolver can't fill the memory.
    const int Most = 500;

    int _under;

    /// <summary>The resolvers that a resolv.conf names; those at <paramref name="own"/> would lead back to us.</summary>
    public static ImmutableArray<IPEndPoint> Read(string resolvConf, IPAddress own) =>
    [
        .. resolvConf.Split('\n')
            .Select(l => l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(w => w is ["nameserver", _, ..])
            .Select(w => IPAddress.TryParse(w[1], out var address) ? address : null)
            .Where(a => a is not null && !a.Equals(own))
            .Select(a => new IPEndPoint(a!, 53)),
    ];

    /// <summary>The resolver's answer as it came, with the asker's id; null when none answers.</summary>
    public async ValueTask<byte[]?> Forward(ReadOnlyMemory<byte> query, bool udp, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref _under) > Most)
        {
            Interlocked.Decrement(ref _under);
            return null;
        }
        try
        {
            foreach (var resolver in resolvers)
                if (await Try(resolver, query, udp, cancel) is { } answer) return answer;
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _under);
        }
    }

    /// <summary>The addresses of a name elsewhere, for an alias that leads there.</summary>
    public async ValueTask<ImmutableArray<Record>> Resolve(Question question, CancellationToken cancel)
    {
        var id = nextId();
        var answer = await Forward(Writer.Ask(id, question), udp: true, cancel);
        return answer is not null && Reader.ReadReply(answer, id) is var (_, records) ? records : [];
    }

    async ValueTask<byte[]?> Try(IPEndPoint resolver, ReadOnlyMemory<byte> query, bool udp, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        // An id of our own: the asker's may be in use by another asker.
        var (id, asked) = (nextId(), query.ToArray());
        (asked[0], asked[1]) = ((byte)(id >> 8), (byte)id);
        try
        {
            var answer = udp ? await OverUdp(resolver, asked, limit.Token) : await OverTcp(resolver, asked, limit.Token);
            if (answer is null) return null;
            query.Span[..2].CopyTo(answer);
            return answer;
        }
        catch (Exception failed) when (failed is SocketException or IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return null;
        }
    }

    static async ValueTask<byte[]?> OverUdp(IPEndPoint resolver, byte[] asked, CancellationToken cancel)
    {
        using var socket = new Socket(resolver.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(resolver, cancel);
        await socket.SendAsync(asked, cancel);
        var buffer = new byte[4096];
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer, cancel);
            if (count >= Reader.HeaderBytes && buffer[0] == asked[0] && buffer[1] == asked[1]) return buffer[..count];
        }
    }

    static async ValueTask<byte[]?> OverTcp(IPEndPoint resolver, byte[] asked, CancellationToken cancel)
    {
        using var client = new TcpClient(resolver.AddressFamily);
        await client.ConnectAsync(resolver, cancel);
        var stream = client.GetStream();
        await Framing.Write(stream, asked, cancel);
        return await Framing.Read(stream, cancel) is { } answer && answer[0] == asked[0] && answer[1] == asked[1] ? answer : null;
    }
}
