using Kennel.Node.Pods;
using Kennel.Node.Runtime;
using Kennel.Objects;

namespace Kennel.Node.Agent;

/// <summary>The agent's register of workers, and the loops that bring them news from the runtime.</summary>
public sealed partial class NodeAgent
{
    List<PodWorker> Workers()
    {
        lock (_lock) return [.. _workers.Values];
    }

    PodWorker Worker(PodIdentity identity)
    {
        var worker = new PodWorker(identity, _shared, _effects, new(Predecessor, Room, Ended), _cancel);
        _workers.Add(identity.Uid, worker);
        var name = new ObjectKey(identity.Namespace, identity.Name);
        if (!_byName.TryGetValue(name, out var twins)) _byName.Add(name, twins = []);
        twins.Add(worker);
        return worker;
    }

    /// <summary>A pod doesn't start while an earlier one of its name may still write to the same volumes.</summary>
    string? Predecessor(PodWorker worker)
    {
        lock (_lock)
        {
            if (!_byName.TryGetValue(new(worker.Identity.Namespace, worker.Identity.Name), out var twins) || twins.Count < 2 || worker.Gone) return null;
            var earlier = twins.Find(w => w != worker && (w.Gone || w.Pod is null));
            return earlier is null ? null : $"the earlier pod {earlier.Identity.Name} (uid {earlier.Identity.Uid}) to stop";
        }
    }

    Refused? Room(PodWorker worker)
    {
        lock (_lock) return worker.Pod is { } pod ? Admission.CheckResize(pod, Others(worker), _shared.Allocatable) : null;
    }

    void Ended(PodWorker worker)
    {
        List<PodWorker> successors;
        lock (_lock)
        {
            _workers.Remove(worker.Identity.Uid);
            var name = new ObjectKey(worker.Identity.Namespace, worker.Identity.Name);
            successors = [.. _byName[name]];
            successors.Remove(worker);
            if (successors.Count == 0) _byName.Remove(name);
            else _byName[name] = [.. successors];
        }
        foreach (var successor in successors) successor.Kick();
    }

    PodWorker? Find(string space, string name)
    {
        lock (_lock) return _byName.TryGetValue(new(space, name), out var twins) ? twins.Find(w => !w.Gone) ?? twins[^1] : null;
    }

    /// <summary>Exits arrive in about a millisecond.</summary>
    async Task Listen(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await foreach (var e in _parts.Runtime.Events(cancel)) Happened(e);
            }
            catch (Exception failed) when (failed is not OperationCanceledException) { _parts.Log($"node {_options.Node}: runtime events: {failed.Message}"); }
            await Task.Delay(s_tryAgain, _parts.Time, cancel);
        }
    }

    void Happened(RuntimeEvent e)
    {
        PodWorker[] all;
        lock (_lock) all = [.. _workers.Values];
        if (e.ContainerId.Length == 0) foreach (var worker in all) worker.Stir(); // events may have been missed
        else if (Array.Find(all, w => w.Has(e.ContainerId)) is { } owner) owner.Stir(e.Kind == "exit" ? e.ContainerId : null);
        else foreach (var worker in all) worker.StirIfBusy(); // it may be about a container that is just being made
    }

    /// <summary>The net below the events: what the runtime really has, every few seconds.</summary>
    async Task Relist(CancellationToken cancel)
    {
        for (var round = 1; ; round++)
        {
            await Task.Delay(_options.Relist, _parts.Time, cancel);
            try
            {
                Compare(await _parts.Runtime.Snapshot(cancel));
                lock (_lock) TakeStatic();
                await _static.Mirror(cancel);
                await _shortage.Look(cancel);
                _heartbeat.Health = new(null, _shortage.Memory, _shortage.Disk);
                if (round % RefreshEvery == 0) await RefreshVolumes();
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                _parts.Log($"node {_options.Node}: {failed.Message}");
                _heartbeat.Health = _heartbeat.Health with { NotReady = $"container runtime is down: {failed.Message}" };
            }
        }
    }

    void Compare(RuntimeSnapshot snapshot)
    {
        var found = snapshot.Sandboxes.ToLookup(s => s.Pod.Uid, StringComparer.Ordinal);
        lock (_lock)
        {
            foreach (var (uid, worker) in _workers.ToList()) worker.Seen([.. found[uid]]);
            foreach (var orphan in found.Where(g => !_workers.ContainsKey(g.Key)).ToList())
            {
                var worker = Worker(orphan.First().Pod);
                worker.Seen([.. orphan]);
                worker.Lost(null);
                worker.Begin();
            }
        }
    }

    async Task RefreshVolumes()
    {
        PodWorker[] all;
        lock (_lock) all = [.. _workers.Values];
        var seen = new Volumes.Lookup(_parts.Api, remembers: true);
        foreach (var worker in all) await worker.RefreshVolumes(seen);
    }
}
