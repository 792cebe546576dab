using Kennel.Client;
using Kennel.Server;
using Kennel.Simulation.Running;

namespace Kennel.Simulation.Net;

/// <summary>
/// Between the server and everybody else. Requests and answers take their time, get lost or come twice; watches stall and break; a link may be down in
/// both directions. A client hears of a loss as of a broken connection, after a while.
/// </summary>
sealed class Wires
{
    static readonly TimeSpan s_quick = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(8);

    readonly World _world;
    readonly Process _process;
    readonly SortedSet<string> _down = new(StringComparer.Ordinal);
    readonly List<Exchange> _exchanges = [];
    readonly List<WatchStream> _streams = [];

    public Wires(World world)
    {
        (_world, _process) = (world, world.NewProcess("network"));
        world.Server.Died += Reset;
    }

    public NetworkFaults Faults { get; set; } = NetworkFaults.None;

    public Loop Loop => _world.Loop;

    public Process Process => _process;

    public bool IsDown(string link) => _down.Contains(link);

    /// <summary>Nothing passes on this link, and what was on it is lost.</summary>
    public void Cut(string link)
    {
        _world.Say("network", "cuts", link);
        _down.Add(link);
        foreach (var stream in _streams.Where(s => s.Link == link).ToList()) Loop.After(Loop.Some(s_quick, s_timeout), _process, stream.Break);
    }

    public void Mend(string link)
    {
        if (_down.Remove(link)) _world.Say("network", "mends", link);
    }

    public void MendAll()
    {
        foreach (var link in _down.ToList()) Mend(link);
    }

    public void BreakSome()
    {
        if (_streams.Count == 0) return;
        var stream = Loop.Pick(_streams);
        _world.Say("network", "breaks", $"the watch {stream.Path} of {stream.Link}");
        stream.Break();
    }

    public void StallSome()
    {
        if (_streams.Count == 0) return;
        var stream = Loop.Pick(_streams);
        var wait = Loop.Some(TimeSpan.FromSeconds(1), Loop.Chance(0.1) ? TimeSpan.FromSeconds(45) : TimeSpan.FromSeconds(10));
        _world.Say("network", "stalls", $"the watch {stream.Path} of {stream.Link}", $"for {wait.TotalSeconds:0.0}s");
        stream.Stall(wait);
    }

    /// <summary>A process is dead: nobody reads its answers, and what it had sent a moment ago is lost or arrives at once.</summary>
    public void Forget(Process client)
    {
        foreach (var stream in _streams.Where(s => s.Client == client).ToList()) stream.Close();
        foreach (var exchange in _exchanges.Where(e => e.Client == client).ToList())
            if (exchange.Stage == Stage.Sent && Loop.Chance(0.5)) End(exchange);
    }

    public void Send(Exchange exchange)
    {
        _exchanges.Add(exchange);
        if (_world.Wishes.Planted == Planted.Impatience && exchange.Call.Method == "DELETE" && exchange.Call.Path.Contains("/pods/", StringComparison.Ordinal))
            exchange.Request = exchange.Request with { Body = """{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0}"""u8.ToArray() };
        if (IsDown(exchange.Link) || Loop.Chance(Faults.LoseRequest)) { FailLater(exchange, "request lost"); return; }
        Loop.After(Delay(), _process, () => Arrive(exchange));
        if (Loop.Chance(Faults.Duplicate) && exchange.Call.Method != "GET") Loop.After(Delay(), _process, () => Arrive(exchange, again: true));
    }

    public WatchStream Open(Process client, string link, string agent, string path)
    {
        var stream = new WatchStream(_world, client, link, agent, path, s => _streams.Remove(s));
        _streams.Add(stream);
        if (IsDown(link) || Loop.Chance(Faults.LoseRequest)) Loop.After(s_timeout, _process, stream.Break);
        else Loop.After(Delay(), _process, stream.Connect);
        return stream;
    }

    public TimeSpan Delay() =>
        Loop.Chance(Faults.Late) ? Loop.Some(s_quick, Faults.Longest) : Loop.Some(TimeSpan.FromMicroseconds(50), Faults.Usual);

    void Arrive(Exchange exchange, bool again = false)
    {
        if (exchange.Stage == Stage.Over) return;
        if (!_world.Server.Up) { FailLater(exchange, "connection refused", TimeSpan.FromMilliseconds(50)); return; }
        if (!again) exchange.Stage = Stage.Serving;
        _world.Server.Process.Start(async () =>
        {
            var response = await _world.Server.Handle(exchange.Request, default);
            var answer = (Answer)response;
            Loop.Trace.Add(Loop.Now, exchange.Link, exchange.Call.Method, exchange.Call.Path, again ? "again: " + Codes(answer.Status) : Codes(answer.Status));
            if (again && Loop.Chance(0.5)) return; // the client may hear either answer
            Respond(exchange, new(answer.Status, answer.Body));
        });
    }

    void Respond(Exchange exchange, ApiAnswer answer)
    {
        if (exchange.Stage == Stage.Over) return;
        exchange.Stage = Stage.Answered;
        if (IsDown(exchange.Link) || Loop.Chance(Faults.LoseAnswer)) { FailLater(exchange, "answer lost"); return; }
        Loop.After(Delay(), _process, () =>
        {
            if (exchange.Stage == Stage.Over) return;
            End(exchange);
            _world.Truth.Acknowledged(exchange.Call, answer);
            exchange.Answered.TrySetResult(answer);
        });
    }

    void FailLater(Exchange exchange, string why, TimeSpan? most = null) => Loop.After(Loop.Some(s_quick, most ?? s_timeout), _process, () =>
    {
        if (exchange.Stage == Stage.Over) return;
        End(exchange);
        exchange.Answered.TrySetException(new ApiUnavailableException($"{exchange.Call.Method} {exchange.Call.Path}: {why}"));
    });

    void End(Exchange exchange)
    {
        exchange.Stage = Stage.Over;
        _exchanges.Remove(exchange);
    }

    /// <summary>The server died: what it was working on breaks off; what it has answered may still arrive.</summary>
    void Reset()
    {
        foreach (var exchange in _exchanges.Where(e => e.Stage == Stage.Serving).ToList()) FailLater(exchange, "connection reset", TimeSpan.FromSeconds(1));
        foreach (var stream in _streams.ToList()) Loop.After(Loop.Some(s_quick, TimeSpan.FromSeconds(1)), _process, stream.Break);
    }

    static string Codes(int status) => status switch { 200 => "200", 201 => "201", 404 => "404", 409 => "409", _ => status.ToString(System.Globalization.CultureInfo.InvariantCulture) };
}
