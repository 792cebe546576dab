using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Kennel.Network.Names.Wire;

namespace Kennel.Network.Names;

/// <summary>
/// Asks the machine's own resolvers for names that aren't the cluster's, and remembers what they said. The one that answered last is asked first; one
/// that is silent costs a second, not the answer.
/// </summary>
public sealed class Forwarder(IReadOnlyList<IPEndPoint> resolvers, Func<int> nextId, TimeProvider time)
{
    // A stub resolver asks again after 5 s: all tries fit in before.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    const int MostTries = 4;

    // Questions on their way at once; more are refused, so that a broken resolver can't fill the memory.
    const int Most = 500;

    // Askers who wait for them: many may ask the same.
    const int MostAskers = 2000;

    readonly Remembered _remembered = new(time);
    readonly Lock _gate = new();
    readonly Dictionary<string, Task<byte[]?>> _under = new(StringComparer.Ordinal);
    int _first;
    int _askers;

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

    /// <summary>The resolver's answer with the asker's id and capitals; null when none answers, or too many are waiting already.</summary>
    /// <param name="query">A whole question; <paramref name="questionBytes"/> is the length of its question section.</param>
    public async ValueTask<byte[]?> Forward(ReadOnlyMemory<byte> query, int questionBytes, bool udp, CancellationToken cancel)
    {
        var key = Remembered.KeyOf(query.Span, questionBytes, udp);
        if (_remembered.Find(key, query.Span, questionBytes) is { } known) return known;
        if (Interlocked.Increment(ref _askers) > MostAskers)
        {
            Interlocked.Decrement(ref _askers);
            return null;
        }
        try
        {
            if (await Asked(key, query, questionBytes, udp, cancel) is not { } answer) return null;
            var own = (byte[])answer.Clone();
            query.Span[..2].CopyTo(own);
            query.Span.Slice(Reader.HeaderBytes, questionBytes).CopyTo(own.AsSpan(Reader.HeaderBytes));
            return own;
        }
        finally
        {
            Interlocked.Decrement(ref _askers);
        }
    }

    /// <summary>The answer to somebody's question: who asks what another is asking already waits with him.</summary>
    Task<byte[]?> Asked(string key, ReadOnlyMemory<byte> query, int questionBytes, bool udp, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_under.TryGetValue(key, out var asking)) return asking;
            if (_under.Count >= Most) return Task.FromResult<byte[]?>(null);
            asking = Ask(key, query, questionBytes, udp, cancel);
            if (!asking.IsCompleted) _under.Add(key, asking);
            return asking;
        }
    }

    /// <summary>The addresses of a name elsewhere, for an alias that leads there.</summary>
    public async ValueTask<ImmutableArray<Record>> Resolve(Question question, CancellationToken cancel)
    {
        var id = nextId();
        var query = Writer.Ask(id, question);
        var answer = await Forward(query, query.Length - Reader.HeaderBytes, udp: true, cancel);
        return answer is not null && Reader.ReadReply(answer, id) is var (_, records) ? records : [];
    }

    async Task<byte[]?> Ask(string key, ReadOnlyMemory<byte> query, int questionBytes, bool udp, CancellationToken cancel)
    {
        try
        {
            for (var i = 0; i < MostTries && resolvers.Count > 0; i++)
            {
                var which = (Volatile.Read(ref _first) + i) % resolvers.Count;
                if (await Try(resolvers[which], query, questionBytes, udp, cancel) is not { } answer) continue;
                Volatile.Write(ref _first, which);
                _remembered.Keep(key, answer);
                return answer;
            }
            return null;
        }
        finally
        {
            lock (_gate) _under.Remove(key);
        }
    }

    async ValueTask<byte[]?> Try(IPEndPoint resolver, ReadOnlyMemory<byte> query, int questionBytes, bool udp, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        // An id of our own: the asker's may be in use by another asker.
        var (id, asked) = (nextId(), query.ToArray());
        (asked[0], asked[1]) = ((byte)(id >> 8), (byte)id);
        try
        {
            return udp ? await OverUdp(resolver, asked, questionBytes, limit.Token) : await OverTcp(resolver, asked, questionBytes, limit.Token);
        }
        catch (Exception failed) when (failed is SocketException or IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return null;
        }
    }

    static async ValueTask<byte[]?> OverUdp(IPEndPoint resolver, byte[] asked, int questionBytes, CancellationToken cancel)
    {
        using var socket = new Socket(resolver.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(resolver, cancel);
        await socket.SendAsync(asked, cancel);
        var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(buffer, cancel);
                if (IsAnswer(buffer.AsSpan(0, count), asked, questionBytes)) return buffer[..count];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static async ValueTask<byte[]?> OverTcp(IPEndPoint resolver, byte[] asked, int questionBytes, CancellationToken cancel)
    {
        using var client = new TcpClient(resolver.AddressFamily);
        await client.ConnectAsync(resolver, cancel);
        var stream = client.GetStream();
        await Framing.Write(stream, asked, cancel);
        return await Framing.Read(stream, cancel) is { } answer && IsAnswer(answer, asked, questionBytes) ? answer : null;
    }

    /// <summary>The same id and the same question, in whatever capitals.</summary>
    static bool IsAnswer(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> asked, int questionBytes)
    {
        var end = Reader.HeaderBytes + questionBytes;
        var nameEnd = end - Reader.TypeAndClassBytes;
        if (answer.Length < end || !answer[..2].SequenceEqual(asked[..2]) || (answer[2] & 0x80) == 0 || !answer[nameEnd..end].SequenceEqual(asked[nameEnd..end])) return false;
        for (var i = Reader.HeaderBytes; i < nameEnd; i++)
            if (Reader.Lower(answer[i]) != Reader.Lower(asked[i])) return false;
        return true;
    }
}
