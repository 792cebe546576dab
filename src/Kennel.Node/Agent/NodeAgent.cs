using Kennel.Node.Pods;
using Kennel.Node.Manifests;
using Kennel.Node.Runtime;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>
/// One node: registers it, keeps its heartbeat, and has a worker for each of its pods. What an earlier agent of this node left running is
/// taken over as it is.
/// </summary>
public sealed partial class NodeAgent
{
    /// <summary>How many relists between two looks at configMaps and secrets.</summary>
    const int RefreshEvery = 2;
    static readonly TimeSpan s_tryAgain = TimeSpan.FromSeconds(1);

    readonly AgentParts _parts;
    readonly AgentOptions _options;
    readonly PodFeed _feed;
    readonly Shared _shared;
    readonly PodEffects _effects;
    readonly Heartbeat _heartbeat;
    readonly Fence _fence;
    readonly Figuring.Summary _figures;
    readonly Shortage _shortage;
    readonly StaticPods _static;
    readonly Lock _lock = new();
    readonly SortedDictionary<string, PodWorker> _workers = new(StringComparer.Ordinal);
    readonly Dictionary<ObjectKey, List<PodWorker>> _byName = [];
    bool _acting;
    CancellationToken _cancel;

    public NodeAgent(AgentParts parts, AgentOptions options, PodFeed feed)
    {
        (_parts, _options, _feed) = (parts, options, feed);
        var machine = Machine.Read(parts.Host, parts.Runtime.Version, options);
        _shared = new(parts, options, machine.Allocatable);
        _effects = new(_shared);
        _heartbeat = new(_shared, machine);
        _fence = new(_shared, _heartbeat, Workers);
        var meter = new Figuring.Meter(parts.Host, parts.Time);
        _figures = new(options.Node, meter, Measured, parts.Time);
        _shortage = new(_shared, meter, Workers);
        _static = new(_shared);
    }

    /// <summary>Where the node's server finds containers: a <see cref="Streams.PodLookup"/>.</summary>
    public Streams.PodPlace? Lookup(string space, string pod) => PodDirectory.Place(Find(space, pod), _shared.Paths, simulated: _parts.Runtime is Simulated.SimulatedRuntime);

    /// <summary>What the node and its pods use: a <see cref="Streams.NodeFigures"/> for this node.</summary>
    public async Task<byte[]?> Figures(string node, CancellationToken cancel) => node == _options.Node ? await _figures.Document(cancel) : null;

    List<Figuring.Measured> Measured() =>
        [.. Workers().Select(w => PodDirectory.Measured(w, _options.CgroupRoot)).OfType<Figuring.Measured>()];

    /// <summary>The logs of all containers that run.</summary>
    public IReadOnlyList<Streams.GrowingLog> GrowingLogs()
    {
        List<PodWorker> workers;
        lock (_lock) workers = [.. _workers.Values];
        return [.. workers.Select(w => PodDirectory.Place(w, _shared.Paths, simulated: false)).OfType<Streams.PodPlace>().SelectMany(p => p.Containers)
            .Where(c => c is { Running: true, ContainerId: not null, LogFile: not null }).Select(c => new Streams.GrowingLog(c.ContainerId!, c.LogFile!))];
    }

    /// <summary>What its pods wait for, for <c>status</c> and the dashboard.</summary>
    public IReadOnlyList<PodWaiting> Waiting()
    {
        lock (_lock) return [.. _workers.Values.Select(w => w.Waits).OfType<PodWaiting>().OrderBy(w => w.Pod)];
    }

    /// <summary>Runs until cancelled; containers go on running then.</summary>
    public async Task Run(CancellationToken cancel)
    {
        _cancel = cancel;
        try
        {
            var left = await TakeOver(cancel);
            await _heartbeat.Register(cancel);
            _feed.On(_options.Node, Changed);
            await _feed.Pods.WhenSynced(cancel);
            Begin(left);
            await Task.WhenAll(_heartbeat.Run(cancel), _fence.Run(cancel), Listen(cancel), Relist(cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
    }

    /// <summary>Workers for what runs already; they wait for the API's word.</summary>
    async Task<List<PodWorker>> TakeOver(CancellationToken cancel)
    {
        var snapshot = await Snapshot(cancel);
        lock (_lock)
        {
            foreach (var pod in snapshot.Sandboxes.GroupBy(s => s.Pod.Uid, StringComparer.Ordinal)) Worker(pod.First().Pod).Seen([.. pod]);
            return [.. _workers.Values];
        }
    }

    async Task<RuntimeSnapshot> Snapshot(CancellationToken cancel)
    {
        while (true)
        {
            try { return await _parts.Runtime.Snapshot(cancel); }
            catch (Exception failed) when (failed is not OperationCanceledException) { _parts.Log($"node {_options.Node}: {failed.Message}"); }
            await Task.Delay(s_tryAgain, _parts.Time, cancel);
        }
    }

    void Begin(List<PodWorker> left)
    {
        lock (_lock)
        {
            _acting = true;
            TakeStatic();
            foreach (var pod in _feed.All(_options.Node)) Take(pod);
            foreach (var worker in left) if (worker.Pod is null) worker.Lost(null);
            foreach (var worker in _workers.Values.ToList()) worker.Begin();
            LeftOvers.Remove(_shared, _workers.ContainsKey);
        }
    }

    void Changed(Pod? before, Pod? after)
    {
        lock (_lock)
        {
            if (Manifest.IsMirror(after ?? before))
            {
                Mirrored(before, after);
                return;
            }
            if (before is not null && before.Metadata.Uid != after?.Metadata.Uid && _workers.TryGetValue(before.Metadata.Uid ?? "", out var gone)) gone.Lost(before);
            if (after is not null) Take(after);
        }
    }

    void Take(Pod pod)
    {
        var meta = pod.Metadata;
        if (Manifest.IsMirror(pod))
        {
            Mirrored(null, pod);
            return;
        }
        if (_workers.TryGetValue(meta.Uid ?? "", out var known))
        {
            known.Want(pod);
            return;
        }
        var worker = Worker(new(meta.Namespace ?? "", meta.Name ?? "", meta.Uid ?? ""));
        if (pod.Status?.StartTime is null && pod.Metadata.DeletionTimestamp is null && Refuse(pod, worker) is { } refused)
            worker.Reject(refused);
        if (_fence.Closed && Fencing.Applies(pod)) worker.Fence(Fencing.GraceSeconds);
        worker.Want(pod);
        if (_acting) worker.Begin();
    }

    Refused? Refuse(Pod pod, PodWorker worker) =>
        Sysctls.Forbidden(pod.Spec ?? PodSpec.Empty, _options.AllowedUnsafeSysctls)
        ?? Admission.UnderPressure(pod, _shortage.Memory, _shortage.Disk)
        ?? Admission.Check(pod, Others(worker), _shared.Allocatable, _options.MaxPods, _workers.Count - 1);

    /// <summary>Under the lock.</summary>
    void TakeStatic()
    {
        var (came, went) = _static.Read();
        foreach (var pod in came) Take(pod);
        foreach (var uid in went) if (_workers.TryGetValue(uid, out var worker)) worker.Lost(null);
    }

    /// <summary>Under the lock: a static pod's image at the API has changed, or is gone.</summary>
    void Mirrored(Pod? before, Pod? after)
    {
        _static.Saw(before, after);
        if (StaticPods.Of(after ?? before!) is { } uid && _workers.TryGetValue(uid, out var worker)) worker.Mirrored(after);
    }

    IEnumerable<Pod> Others(PodWorker than) => _workers.Values.Where(w => w != than && !w.Gone).Select(w => w.Pod).OfType<Pod>();
}
