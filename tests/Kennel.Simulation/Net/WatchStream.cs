using Kennel.Client;
using Kennel.Server;
using Kennel.Simulation.Checks;
using Kennel.Simulation.Running;

namespace Kennel.Simulation.Net;

/// <summary>One watch under way: what the server sends arrives in order, late, and perhaps not to its end.</summary>
sealed class WatchStream(World world, Process client, string link, string agent, string path, Action<WatchStream> ended)
{
    readonly Queue<WatchEvent> _arrived = [];
    readonly CancellationTokenSource _stop = new();
    TaskCompletionSource? _waiting;
    long _latest;
    bool _closed, _broken, _over, _deaf;

    public Process Client => client;

    public string Link => link;

    public string Path => path;

    /// <summary>The request has reached the server.</summary>
    public void Connect()
    {
        if (_closed || _broken) return;
        if (!world.Server.Up) Break();
        else world.Server.Process.Start(Pump);
    }

    /// <summary>The next event; null when the server ended the watch or the client closed it.</summary>
    /// <exception cref="ApiUnavailableException">The connection broke.</exception>
    public async ValueTask<WatchEvent?> Next()
    {
        while (true)
        {
            if (_closed) return null;
            if (_arrived.TryDequeue(out var e)) return e;
            if (_broken) throw new ApiUnavailableException($"the watch {path} broke");
            if (_over) return null;
            _waiting = new();
            await _waiting.Task;
        }
    }

    /// <summary>By the client, or because the client is dead.</summary>
    public void Close()
    {
        _closed = true;
        Stop();
        Wake();
    }

    public void Break()
    {
        _broken = true;
        Stop();
        Wake();
    }

    /// <summary>Nothing arrives for a while; then all of it.</summary>
    public void Stall(TimeSpan wait) => _latest = Math.Max(_latest, world.Loop.Ticks + wait.Ticks);

    async Task Pump()
    {
        var request = ApiRequest.To("GET", $"{path}{(path.Contains('?') ? '&' : '?')}watch=true", User.Loopback) with { UserAgent = agent, Id = "sim" };
        var response = await world.Server.Handle(request, _stop.Token);
        if (response is Answer refused)
        {
            Arrives([new("ERROR", refused.Body)], last: true);
            return;
        }
        var check = world.Truth.Watches(path);
        try
        {
            await foreach (var batch in ((Watching)response).Batches.WithCancellation(_stop.Token))
            {
                if (_stop.IsCancellationRequested) return;
                var events = new WatchEvent[batch.Count];
                for (var i = 0; i < batch.Count; i++) events[i] = new(batch[i].Type, batch[i].Object);
                check?.Sent(events);
                Arrives(events, last: false);
            }
        }
        catch (OperationCanceledException) { return; }
        Arrives([], last: true);
    }

    void Arrives(WatchEvent[] events, bool last)
    {
        var at = Math.Max(_latest, world.Loop.Ticks + world.Wires.Delay().Ticks);
        _latest = at;
        world.Loop.After(TimeSpan.FromTicks(at - world.Loop.Ticks), world.Wires.Process, () =>
        {
            _deaf |= world.Wires.IsDown(link); // what is lost is never followed by more: the stream breaks
            if (_closed || _broken || _deaf) return;
            foreach (var e in events) _arrived.Enqueue(e);
            _over |= last;
            Wake();
        });
    }

    void Stop()
    {
        ended(this);
        if (!_stop.IsCancellationRequested) _stop.Cancel();
    }

    void Wake()
    {
        var waiting = _waiting;
        _waiting = null;
        waiting?.TrySetResult();
    }
}
