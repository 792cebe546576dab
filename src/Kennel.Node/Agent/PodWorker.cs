using System.Collections.Immutable;
using Kennel.Client.Caching;
using Kennel.Node.Pods;
using Kennel.Node.Probes;
using Kennel.Node.Runtime;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>
/// Lives as long as one pod does: takes wishes and facts in, decides, has the steps done. Rounds never overlap; whatever comes in during one
/// makes another follow. Slow work and stops go on beside the rounds and bring facts at their end.
/// </summary>
sealed partial class PodWorker
{
    /// <summary>Rounds in a row before others get a turn.</summary>
    const int RoundsAtOnce = 50;
    const int LooksForAnExit = 30;
    static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan s_afterFailure = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    readonly Shared _shared;
    readonly PodEffects _effects;
    readonly StatusWriter _writer;
    readonly ProbeLoops _probes;
    readonly LastWords _words;
    readonly ITimer _timer, _lookAgain;
    readonly SortedDictionary<string, int> _exits = new(StringComparer.Ordinal);
    readonly CancellationToken _cancel;
    readonly Func<PodWorker, string?> _predecessor;
    readonly Func<PodWorker, Refused?> _room;
    readonly Action<PodWorker> _ended;

    Pod? _pod, _mirror;
    bool _gone, _running, _dirty, _stale = true, _over, _started;
    Facts _facts;

    /// <summary>How much work has ended, and how much had when the runtime was last asked.</summary>
    int _learned, _snapshotOf;
    ImmutableArray<SandboxState> _sandboxes = [];
    CancellationTokenSource? _work;

    public PodWorker(PodIdentity identity, Shared shared, PodEffects effects, Neighbours neighbours, CancellationToken cancel)
    {
        (Identity, _shared, _effects, _cancel) = (identity, shared, effects, cancel);
        (_predecessor, _room, _ended) = neighbours;
        var parts = shared.Parts;
        _facts = Facts.None with { SeenAt = shared.Now };
        _writer = new(effects.Api, parts.Time, parts.Random, parts.Log, Answered);
        _probes = new(parts.Prober, parts.Time, Learn, notice => shared.Say(_pod, notice));
        _words = new(parts.Host, shared.Paths);
        _lookAgain = parts.Time.CreateTimer(static state => ((PodWorker)state!).Stir(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer = parts.Time.CreateTimer(static state => ((PodWorker)state!).Kick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public PodIdentity Identity { get; }

    /// <summary>What it waits for, for people; null when it waits for nothing.</summary>
    public PodWaiting? Waits { get; private set; }

    public Pod? Pod { get { lock (_lock) return _pod; } }

    public bool Gone { get { lock (_lock) return _gone; } }

    public ImmutableArray<SandboxState> Sandboxes { get { lock (_lock) return _sandboxes; } }

    /// <summary>Takes in the pod as the API has it now; older news than what is known is passed over.</summary>
    public void Want(Pod pod)
    {
        lock (_lock)
        {
            if (_pod is not null && Cache.RevisionOf(pod.Metadata.ResourceVersion) <= Cache.RevisionOf(_pod.Metadata.ResourceVersion)) return;
            _pod = pod;
        }
        Kick();
    }

    /// <summary>What stands for a static pod at the API, and shows its status; null when it is gone.</summary>
    public void Mirrored(Pod? mirror)
    {
        lock (_lock)
        {
            if (mirror is not null && _mirror?.Metadata.Uid == mirror.Metadata.Uid && Cache.RevisionOf(mirror.Metadata.ResourceVersion) <= Cache.RevisionOf(_mirror?.Metadata.ResourceVersion)) return;
            (_mirror, _pod) = (mirror, _pod is null ? null : _pod with { Status = mirror?.Status });
        }
        Kick();
    }

    /// <summary>The node doesn't take this pod.</summary>
    public void Reject(Refused refused) => Learn(facts => facts with { Rejected = refused });

    public bool Evicted { get { lock (_lock) return _facts.Evicted is not null; } }

    /// <summary>The pod has to go, now.</summary>
    public void Evict(Refused why)
    {
        if (Evicted) return;
        _shared.Say(Pod, new(why.Reason, why.Message, Warning: true));
        Learn(facts => facts with { Evicted = why });
    }

    public bool Fenced { get { lock (_lock) return _facts.FenceSeconds is not null; } }

    /// <summary>The node has lost its lease: processes end within the grace, and nothing starts until <see cref="Release"/>.</summary>
    public void Fence(long graceSeconds) => Learn(facts => facts with { FenceSeconds = graceSeconds });

    public void Release() => Learn(facts => facts with { FenceSeconds = null });

    /// <summary>The API hasn't this pod any more.</summary>
    public void Lost(Pod? last)
    {
        lock (_lock)
        {
            _gone = true;
            if (last is not null && _pod is not null && Cache.RevisionOf(last.Metadata.ResourceVersion) > Cache.RevisionOf(_pod.Metadata.ResourceVersion)) _pod = last;
        }
        Kick();
    }

    /// <summary>The runtime has these sandboxes of the pod: known ones are looked at again when they differ.</summary>
    public void Seen(IReadOnlyList<SandboxState> sandboxes)
    {
        var changed = false;
        lock (_lock)
        {
            foreach (var s in sandboxes.OrderBy(s => s.Attempt).ThenBy(s => s.CreatedAt))
                if (!_facts.Known.Contains(s.Id) && _facts.Busy is not { Kind: Work.Sandbox or Work.Cleaning })
                    (_facts, changed) = (_facts with { Known = _facts.Known.Add(s.Id) }, true);
            changed |= Fingerprint(sandboxes) != Fingerprint(_sandboxes);
            _stale |= changed;
        }
        if (changed) Kick();
    }

    /// <summary>Something happened to the pod's containers.</summary>
    /// <param name="exited">What is known to have ended, although the runtime may need a moment to say so too.</param>
    public void Stir(string? exited = null)
    {
        lock (_lock)
        {
            _stale = true;
            if (exited is not null) _exits[exited] = 0;
        }
        Kick();
    }

    public void StirIfBusy()
    {
        lock (_lock)
        {
            if (_facts.Busy is null && !_running) return;
        }
        Stir();
    }

    /// <summary>Is this one of its sandboxes or containers?</summary>
    public bool Has(string id) => Sandboxes.Any(s => s.Id == id || s.Containers.Any(c => c.Id == id));

    /// <summary>Why a container hasn't started yet, as its status says it.</summary>
    public string Waiting(string container)
    {
        var o = Observe();
        var status = StatusOf.Pod(o);
        return status.ContainerStatuses.Concat(status.InitContainerStatuses).FirstOrDefault(s => s.Name == container)?.State?.Waiting?.Reason ?? "ContainerCreating";
    }

    /// <summary>From now on it acts; before, it only collects.</summary>
    public void Begin()
    {
        lock (_lock) _started = true;
        Kick();
    }

    /// <summary>Brings configMap, secret and downward files up to date.</summary>
    public async Task RefreshVolumes(Volumes.Lookup seen)
    {
        var o = Observe();
        if (o.Pod is null || o.Leaving || o.Facts.Places is null || o.Facts.Unmounted || !Volumes.VolumeSetup.Follows(o.Spec)) return;
        try { await _effects.Refresh(o, seen, _cancel); }
        catch (Exception failed) when (failed is not OperationCanceledException) { _shared.Parts.Log($"volumes of pod {Identity.Namespace}/{Identity.Name}: {failed.Message}"); }
    }

    public void Kick()
    {
        lock (_lock)
        {
            _dirty = true;
            if (_running || _over || !_started || _cancel.IsCancellationRequested) return;
            _running = true;
        }
        _ = Drain();
    }

    void Learn(Func<Facts, Facts> change)
    {
        lock (_lock) _facts = change(_facts);
        Kick();
    }

    void Answered(Pod? pod)
    {
        if (pod is not null && pod.Metadata.Uid == _mirror?.Metadata.Uid) Mirrored(pod);
        else if (pod is null || pod.Metadata.Uid != Identity.Uid) Kick();
        else
        {
            Want(pod);
            Kick();
        }
    }

    static string Fingerprint(IEnumerable<SandboxState> sandboxes) =>
        string.Join(';', sandboxes.OrderBy(s => s.Id, StringComparer.Ordinal).Select(s => $"{s.Id}{s.Ready}{string.Join(',', s.Containers.OrderBy(c => c.Id, StringComparer.Ordinal).Select(c => $"{c.Id}{c.Phase}"))}"));
}
