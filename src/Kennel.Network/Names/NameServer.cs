using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Kennel.Network.Names.Wire;

namespace Kennel.Network.Names;

/// <summary>
/// Answers for the cluster's names over UDP and TCP, and hands other questions to the machine's resolvers. Bound to the address that
/// pods have in their resolv.conf.
/// </summary>
public sealed class NameServer : IDisposable
{
    // Idle connections are closed after this, and so many are kept at once: programs ask over UDP first.
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);
    const int MostConnections = 100;

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
        _udp = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
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
        while (true)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), cancel);
                // What is known here is answered before the next datagram is taken; others wait beside it.
                _ = Reply(buffer.AsMemory(0, received.ReceivedBytes).ToArray(), received.RemoteEndPoint, cancel);
            }
            catch (SocketException unreachable)
            {
                _log($"names: {unreachable.Message}");
            }
        }
    }

    async Task Reply(byte[] message, EndPoint to, CancellationToken cancel)
    {
        try
        {
            if (await Answer(message, udp: true, cancel) is { } answer) await _udp.SendToAsync(answer, SocketFlags.None, to, cancel);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The asker is gone, or we are going.
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
                if (await Framing.Read(stream, limit.Token) is not { } message || await Answer(message, udp: false, limit.Token) is not { } answer) return;
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

    /// <summary>The answer's bytes; null when what came deserves none.</summary>
    async ValueTask<byte[]?> Answer(byte[] message, bool udp, CancellationToken cancel)
    {
        if (Reader.ReadQuery(message) is not { } query) return message.Length < Reader.HeaderBytes || (message[2] & 0x80) != 0 ? null : Writer.Malformed(message);
        if (query.Opcode != 0) return Writer.Write(query, Wire.Reply.Of(ResponseCode.NotImplemented), udp);
        if (!query.IsInternet) return Writer.Write(query, Wire.Reply.Of(ResponseCode.Refused), udp);
        if (Answering.Answer(query.Question, _names) is { } known) return Writer.Write(query, await Follow(query.Question, Turn(known), cancel), udp);
        return await _forwarder.Forward(message, udp, cancel) ?? Writer.Write(query, Wire.Reply.Of(ResponseCode.ServerFailure), udp);
    }

    /// <summary>Resolvers in programs don't follow aliases themselves: the whole way to the address is in the answer.</summary>
    async ValueTask<Reply> Follow(Question question, Reply reply, CancellationToken cancel)
    {
        if (question.Type is not (RecordType.A or RecordType.Aaaa) || reply.Answers is not [{ Data: Data.Cname alias }]) return reply;
        var target = question with { Name = alias.Target };
        var further = Answering.Answer(target, _names)?.Answers ?? await _forwarder.Resolve(target, cancel);
        return reply with { Answers = reply.Answers.AddRange(further) };
    }

    /// <summary>Each asker sees the addresses in another order, so that the first isn't everybody's.</summary>
    Reply Turn(Reply reply)
    {
        if (reply.Answers.Length < 2) return reply;
        var answers = reply.Answers.ToArray();
        lock (_random) _random.Shuffle(answers);
        return reply with { Answers = [.. answers] };
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
