using System.Collections.Immutable;
using Kennel.Node.Pods;
using Kennel.Node.Runtime;

namespace Kennel.Node.Agent;

/// <summary>The rounds of a worker: refresh, observe, decide, have it done.</summary>
sealed partial class PodWorker
{
    async Task Drain()
    {
        await Task.Yield(); // those who bring news don't wait for what follows from it
        for (var rounds = 0; ; rounds++)
        {
            lock (_lock)
            {
                if (!_dirty || _over || _cancel.IsCancellationRequested)
                {
                    _running = false;
                    return;
                }
                _dirty = false;
            }
            if (rounds == RoundsAtOnce)
            {
                rounds = 0;
                await Task.Yield();
            }
            try
            {
                await Round();
            }
            catch (OperationCanceledException) when (_cancel.IsCancellationRequested) { }
            catch (Exception failed)
            {
                _shared.Parts.Log($"pod {Identity.Namespace}/{Identity.Name}: {failed.Message}");
                _timer.Change(s_afterFailure, Timeout.InfiniteTimeSpan);
            }
        }
    }

    async ValueTask Round()
    {
        await Refresh();
        var o = Observe();
        lock (_lock)
        {
            // Work ended while the runtime was asked: what it said is older than what we know by now, and a container that was just started
            // would look like one that never was.
            if (_snapshotOf != _learned) return;
        }
        var decision = Decide.Pod(o);
        if (decision.WaitingFor is not { } what) Waits = null;
        else if (Waits?.For != what || Waits.RetryAt != decision.RetryAt)
            Waits = new(_shared.Place.Name, new(Identity.Namespace, Identity.Name), what, Waits?.For == what ? Waits.Since : _shared.Now, decision.RetryAt);
        var goesOn = false;
        foreach (var step in decision.Steps) goesOn |= Apply(step, o);
        if (goesOn)
        {
            lock (_lock) _dirty = true; // what was done at once has brought us further: a status in between would only cost
            return;
        }
        Settle(decision);
    }

    /// <summary>Nothing more can be done now: tell the API, follow the probes, set the clock.</summary>
    void Settle(PodDecision decision)
    {
        lock (_lock) if (_over || _dirty) return;
        var o = Observe();
        _probes.Follow(o);
        var shown = Manifests.Manifest.IsStatic(o.Pod) ? _mirror : o.Pod;
        if (shown is not null && !o.Gone && !o.Facts.Deleted && o.Facts.Busy is not { Kind: Work.Finishing }) _writer.Want(shown, StatusOf.Pod(o), _cancel);
        if (decision.At is not { } at) return;
        var wait = at - _shared.Now;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    Observed Observe()
    {
        var predecessor = _predecessor(this); // takes the agent's lock, which is never asked for under this one
        Observed o;
        lock (_lock) o = new(_pod, _gone, _sandboxes, _facts, _shared.Now, _shared.Place, predecessor);
        return Resizing.Pending(o).Any() ? o with { Room = _room(this) } : o;
    }

    async ValueTask Refresh()
    {
        ImmutableArray<string> known;
        int asked;
        lock (_lock)
        {
            if (!_stale) return;
            (_stale, known, asked) = (false, _facts.Known, _learned);
        }
        var found = ImmutableArray.CreateBuilder<SandboxState>(known.Length);
        var gone = new List<string>();
        foreach (var id in known)
        {
            SandboxState? sandbox;
            try { sandbox = await _shared.Parts.Runtime.Sandbox(id, _cancel); }
            catch
            {
                lock (_lock) _stale = true;
                throw;
            }
            if (sandbox is null) gone.Add(id);
            else found.Add(_pod is { } pod ? _words.Add(pod, sandbox) : sandbox);
        }
        found.Sort((a, b) => (b.Attempt, b.CreatedAt).CompareTo((a.Attempt, a.CreatedAt)));
        lock (_lock)
        {
            (_sandboxes, _snapshotOf) = (found.ToImmutable(), asked);
            ExpectExits();
            _facts = Remembered(gone.Count == 0 ? _facts : _facts with { Known = _facts.Known.RemoveRange(gone) });
        }
    }

    /// <summary>The event of an exit can be ahead of the runtime's own books: looks again until they agree.</summary>
    void ExpectExits()
    {
        if (_exits.Count == 0) return;
        foreach (var (id, looks) in _exits.ToList())
        {
            var lives = _sandboxes.Any(s => s.Id == id && s.Ready || s.Containers.Any(c => c.Id == id && c.Phase is not ContainerPhase.Exited));
            if (lives && looks < LooksForAnExit) _exits[id] = looks + 1;
            else _exits.Remove(id);
        }
        if (_exits.Count > 0) _lookAgain.Change(s_lookAgain, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A container that this agent didn't start was started by the one before it: what the API says of its probes holds on.</summary>
    Facts Remembered(Facts facts)
    {
        if (_pod?.Status is not { } status || _sandboxes.Length == 0) return facts;
        foreach (var c in _sandboxes[0].Containers)
        {
            if (c.Phase is not ContainerPhase.Running || facts.Of(c.Name).Probes.ContainerId.Length > 0 || facts.Of(c.Name).Past is not null) continue;
            var told = status.ContainerStatuses.Concat(status.InitContainerStatuses).FirstOrDefault(s => s.Name == c.Name && s.ContainerID == $"{_shared.Place.RuntimeName}://{c.Id}");
            if (told is not null) facts = facts.With(c.Name, f => f with { Probes = new(c.Id, told.Started == true, told.Ready) });
        }
        return facts;
    }
}
