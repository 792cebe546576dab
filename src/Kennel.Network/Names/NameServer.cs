using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Kennel.Network.Names.Wire;

namespace Kennel.Network.Names;

/// <summary>
/// Answers for the cluster's names over UDP and TCP, and hands other questions to the machine's resolvers. Bound to the address that
/// pods have in their resolv.conf. What is known here is answered before the next datagram is taken; other questions wait beside it, and only so many.
/// </summary>
public sealed class NameServer : IDisposable
{
    // Idle connections are closed after this, and so many are kept at once: programs ask over UDP first.
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);
    const int MostConnections = 100;

    // A network that is down says so at each try.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Bursts of questions wait in the kernel instead of getting lost.
    const int WaitingBytes = 1 << 20;

    // Aliases that lead to aliases: more is a circle.
    const int MostAliases = 8;

    readonly Directory _names;
    readonly Forwarder _forwarder;
    readonly Random _random;
    readonly TimeProvider _time;
    readonly Action<string> _log;
    readonly Socket _udp;
    readonly TcpListener _tcp;
    int _connections;

    /// <param name="at">Address and port; port 0 takes a free one, the same for UDP and TCP.</param>
    /// <exception cref="SocketException">The address isn't on this machine, or the port is taken.</exception>
    public NameServer(Directory names, IPEndPoint at, IReadOnlyList<IPEndPoint> resolvers, TimeProvider time, Random random, Action<string> log)
    {
        (_names, _random, _time, _log) = (names, random, time, log);
        _forwarder = new(resolvers, NextId, time);
        _tcp = new(at);
        _tcp.Start();
        At = (IPEndPoint)_tcp.LocalEndpoint;
        _udp = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = WaitingBytes, SendBufferSize = WaitingBytes };
        _udp.Bind(At);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint At { get; }

    /// <summary>Answers until cancelled.</summary>
    public async Task Run(CancellationToken cancel)
    {
        try
        {
            await Task.WhenAll(Datagrams(cancel), Connections(cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    async Task Datagrams(CancellationToken cancel)
    {
        var buffer = new byte[4096];
        var from = new SocketAddress(At.AddressFamily);
        while (true)
        {
            try
            {
                var count = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, from, cancel);
                if (Known(buffer.AsSpan(0, count), udp: true, out var answer)) await Send(answer, from, cancel);
                else _ = Later(buffer.AsSpan(0, count).ToArray(), Copy(from), cancel);
            }
            catch (SocketException broken)
            {
                _log($"names: {broken.Message}");
                await Task.Delay(Pause, _time, cancel);
            }
        }
    }

    async ValueTask Send(byte[]? answer, SocketAddress to, CancellationToken cancel)
    {
        if (answer is null) return;
        try
        {
            await _udp.SendToAsync(answer, SocketFlags.None, to, cancel);
        }
        catch (SocketException)
        {
            // The asker is gone or can't be reached from here.
        }
    }

    async Task Later(byte[] message, SocketAddress to, CancellationToken cancel)
    {
        try
        {
            await Send(await Answer(message, udp: true, cancel), to, cancel);
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException)
        {
            // We are going.
        }
        catch (Exception wrong)
        {
            _log($"names: {wrong}");
        }
    }

    async Task Connections(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var client = await _tcp.AcceptTcpClientAsync(cancel);
                if (Interlocked.Increment(ref _connections) <= MostConnections) _ = Serve(client, cancel);
                else Close(client);
            }
            catch (SocketException broken)
            {
                _log($"names: {broken.Message}");
                await Task.Delay(Pause, _time, cancel);
            }
        }
    }

    async Task Serve(TcpClient client, CancellationToken cancel)
    {
        try
        {
            var stream = client.GetStream();
            while (true)
            {
                using var idle = new CancellationTokenSource(Idle, _time);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, idle.Token);
                if (await Framing.Read(stream, limit.Token) is not { } message || await Answer(message, udp: false, cancel) is not { } answer) return;
                await Framing.Write(stream, answer, limit.Token);
            }
        }
        catch (Exception gone) when (gone is SocketException or IOException or OperationCanceledException)
        {
            // The asker is gone or idle, or we are going.
        }
        catch (Exception wrong)
        {
            _log($"names: {wrong}");
        }
        finally
        {
            Close(client);
        }
    }

    /// <summary>Whether what came can be dealt with here and now; <paramref name="answer"/> is null when it deserves none.</summary>
    bool Known(ReadOnlySpan<byte> message, bool udp, out byte[]? answer)
    {
        answer = null;
        if (Reader.ReadQuery(message) is not { } query)
        {
            if (message.Length >= Reader.HeaderBytes && (message[2] & 0x80) == 0) answer = Writer.Malformed(message);
            return true;
        }
        if (Reply(query) is not { } reply || AliasOf(query.Question, reply) is not null) return false;
        answer = Writer.Write(query, Turn(reply), udp);
        return true;
    }

    /// <summary>The answer's bytes; null when what came deserves none.</summary>
    async ValueTask<byte[]?> Answer(byte[] message, bool udp, CancellationToken cancel)
    {
        if (Known(message, udp, out var known)) return known;
        var query = Reader.ReadQuery(message)!;
        if (Reply(query) is { } alias) return Writer.Write(query, await Follow(query.Question, alias, cancel), udp);
        return await _forwarder.Forward(message, query.Echo.Length, udp, cancel) ?? Writer.Write(query, Wire.Reply.Of(ResponseCode.ServerFailure), udp);
    }

    /// <summary>What we ourselves say; null when others have to be asked.</summary>
    Reply? Reply(Query query)
    {
        if (query.Version > 0) return Wire.Reply.Of(ResponseCode.BadVersion);
        if (query.Opcode != 0) return Wire.Reply.Of(ResponseCode.NotImplemented);
        if (!query.IsInternet) return Wire.Reply.Of(ResponseCode.Refused);
        return Answering.Answer(query.Question, _names);
    }

    /// <summary>Resolvers in programs don't follow aliases themselves: the whole way to the address is in the answer.</summary>
    async ValueTask<Reply> Follow(Question question, Reply reply, CancellationToken cancel)
    {
        for (var i = 0; i < MostAliases && AliasOf(question, reply) is { } target; i++)
        {
            var next = question with { Name = target };
            var further = Answering.Answer(next, _names)?.Answers ?? await _forwarder.Resolve(next, cancel);
            reply = reply with { Answers = reply.Answers.AddRange(further) };
            if (further.IsEmpty) break;
        }
        return reply;
    }

    /// <summary>Where an answer leads on to that doesn't have an address yet.</summary>
    static string? AliasOf(Question question, Reply reply) =>
        question.Type is RecordType.A or RecordType.Aaaa && reply.Answers is [.., { Data: Data.Cname alias }] ? alias.Target : null;

    /// <summary>Each asker sees the addresses in another order, so that the first isn't everybody's.</summary>
    Reply Turn(Reply reply)
    {
        if (reply.Answers.Length < 2) return reply;
        var answers = reply.Answers.ToArray();
        lock (_random) _random.Shuffle(answers);
        return reply with { Answers = ImmutableCollectionsMarshal.AsImmutableArray(answers) };
    }

    static SocketAddress Copy(SocketAddress address)
    {
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }

    int NextId()
    {
        lock (_random) return _random.Next(1 << 16);
    }

    void Close(TcpClient client)
    {
        client.Dispose();
        Interlocked.Decrement(ref _connections);
    }
}
