using Kennel.Client;
using Kennel.Node.Runtime;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Simulation.Machines;
using Kennel.Store;

namespace Kennel.Simulation.Checks;

/// <summary>
/// What really is, for the checkers: what the store made durable, in order, and what runs on the machines. Nothing in the world reads it.
/// </summary>
sealed class Truth
{
    readonly World _world;
    readonly List<ICheck> _checks;
    readonly SortedDictionary<string, Entry> _now = new(StringComparer.Ordinal);
    readonly Dictionary<string, IObject> _objects = new(StringComparer.Ordinal);

    public Truth(World world)
    {
        _world = world;
        History = new(world);
        Excused = new();
        _checks = [new OneLivePod(world), new VolumeBytes(world), new ClaimsKept(world), new OrderOfSets(world), new OwnersSane(world)];
    }

    public History History { get; }

    /// <summary>What users asked for that a checker would otherwise take for a mistake.</summary>
    public Excuses Excused { get; }

    /// <summary>How many changes there were that aren't heartbeats.</summary>
    public long Changes { get; private set; }

    public string LastChange { get; private set; } = "";

    public IEnumerable<T> All<T>() where T : class, IObject<T>
    {
        foreach (var (key, _) in _now) if (_objects.TryGetValue(key, out var o) && o is T typed) yield return typed;
    }

    public IEnumerable<Entry> Entries => _now.Values;

    /// <summary>A change is durable.</summary>
    public void Take(Change change)
    {
        History.Add(change);
        var key = change.Entry.Key;
        var kind = key.Split('/')[3];
        _world.Say("store", change.Kind == ChangeKind.Deleted ? "gone" : change.Kind == ChangeKind.Created ? "new" : "changed", key);
        if (kind is not ("leases" or "events"))
        {
            Changes++;
            LastChange = key;
        }
        var before = _objects.GetValueOrDefault(key);
        var after = Read(kind, change.Entry.Value);
        if (change.Kind == ChangeKind.Deleted) { _now.Remove(key); _objects.Remove(key); }
        else
        {
            _now[key] = change.Entry;
            if (after is not null) _objects[key] = after;
        }
        if (after is null) return;
        var gone = change.Kind == ChangeKind.Deleted;
        foreach (var check in _checks) check.Changed(before, gone ? null : after, change.Entry.Modified);
    }

    public void Recovered(long revision) => History.Recovered(revision);

    public void Acknowledged(ApiCall call, ApiAnswer answer)
    {
        History.Acknowledged(call, answer);
        foreach (var check in _checks) check.Acknowledged(call, answer);
    }

    public WatchCheck? Watches(string path) => History.Watches(path);

    public void Runs(Machine machine, PodIdentity pod, string container)
    {
        foreach (var check in _checks) check.Runs(machine, pod, container);
    }

    public void Reads(Machine machine, PodIdentity pod, string volume, long value)
    {
        foreach (var check in _checks) check.Reads(machine, pod, volume, value);
    }

    public void Wrote(PodIdentity pod, string volume, long value)
    {
        foreach (var check in _checks) check.Wrote(pod, volume, value);
    }

    public void Removes(string volume)
    {
        foreach (var check in _checks) check.Removes(volume);
    }

    static IObject? Read(string kind, ReadOnlyMemory<byte> json) => kind switch
    {
        "pods" => Json.Read<Pod>(json.Span),
        "statefulsets" => Json.Read<StatefulSet>(json.Span),
        "controllerrevisions" => Json.Read<ControllerRevision>(json.Span),
        "replicasets" => Json.Read<ReplicaSet>(json.Span),
        "deployments" => Json.Read<Deployment>(json.Span),
        "persistentvolumeclaims" => Json.Read<PersistentVolumeClaim>(json.Span),
        "persistentvolumes" => Json.Read<PersistentVolume>(json.Span),
        "nodes" => Json.Read<Objects.Core.Node>(json.Span),
        _ => null,
    };
}
