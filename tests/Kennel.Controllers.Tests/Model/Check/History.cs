using Kennel.Client.Running;
using Kennel.Controllers.StatefulSets;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Tests.Model.Check;

/// <summary>One set's life, made from a seed: a random set, then random edits, mishaps and rounds, each decision compared with the oracle's.</summary>
sealed class History
{
    static readonly ObjectKey Key = new("default", "web");

    readonly Random _random;
    readonly ModelWorld _world = new();
    readonly StatefulSetController _controller;
    readonly Reading _reading;
    readonly List<string> _told = [];

    History(int seed)
    {
        _random = new(seed);
        _controller = new(_world.Caches);
        _reading = new(_world);
        _world.Decided = Compare;
        _world.Put(First());
    }

    /// <summary>How many decisions were compared.</summary>
    public int Decisions { get; private set; }

    public static int Live(int seed)
    {
        var history = new History(seed);
        try
        {
            for (var i = 0; i < 60; i++) history.Happen();
            return history.Decisions;
        }
        catch (Exception wrong)
        {
            throw new InvalidOperationException($"seed {seed} (KENNEL_MODEL_SEED={seed} replays it): {wrong.Message}\nits history:\n  {string.Join("\n  ", history._told)}", wrong);
        }
    }

    void Compare(Decision decision)
    {
        Decisions++;
        var wanted = Oracle.Sync(_reading.Now());
        var got = _reading.Lines(decision);
        _told.Add("    → " + string.Join("; ", got));
        if (!got.SequenceEqual(wanted)) throw new InvalidOperationException($"the oracle says\n    {string.Join("\n    ", wanted)}\nbut it was decided\n    {string.Join("\n    ", got)}");
    }

    bool Chance(int percent) => _random.Next(100) < percent;

    T One<T>(params ReadOnlySpan<T> of) => of[_random.Next(of.Length)];

    StatefulSet First()
    {
        var set = Sets.Web(_random.Next(6), Chance(50)).With(s => s with
        {
            VolumeClaimTemplates = [.. new[] { "data", "log" }.Take(_random.Next(3)).Select(name => new PersistentVolumeClaim { Metadata = new() { Name = name }, Spec = new() { AccessModes = ["ReadWriteOnce"] } })],
            RevisionHistoryLimit = One(0, 1, 2, 10, -1),
            MinReadySeconds = One(0, 0, 10),
            Ordinals = Chance(30) ? new() { Start = _random.Next(4) } : null,
            UpdateStrategy = Strategy(),
            PersistentVolumeClaimRetentionPolicy = Retention(),
        });
        _told.Add($"{set.Spec!.PodManagementPolicy}, {set.Spec.Replicas} replicas, {set.Spec.UpdateStrategy}, {set.Spec.PersistentVolumeClaimRetentionPolicy}");
        return set;
    }

    StatefulSetUpdateStrategy Strategy() => _random.Next(6) switch
    {
        0 => new() { Type = "OnDelete" },
        1 => new() { Type = "Recreate" },
        2 => new() { Type = "RollingUpdate" },
        3 => new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = _random.Next(4) } },
        4 => new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0, MaxUnavailable = One<IntOrString>(1, 2, 3, "50%", "100%", "10%") } },
        _ => new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0 } },
    };

    StatefulSetPersistentVolumeClaimRetentionPolicy Retention() => new() { WhenDeleted = One("Retain", "Delete"), WhenScaled = One("Retain", "Delete") };

    void Happen()
    {
        var pods = _world.Pods.ToList();
        var pod = pods.Count == 0 ? null : pods[_random.Next(pods.Count)].Metadata.Name;
        var what = _random.Next(100);
        if (what < 45) Round();
        else if (what < 60 && pod is not null) Node(pod);
        else if (what < 70 && pod is not null) User(pod);
        else if (what < 85) Edit();
        else if (what < 92) Claims();
        else if (what < 97) Time();
        else Elsewhere();
    }

    void Round()
    {
        var refuses = Chance(10) ? One("Pod", "PersistentVolumeClaim", "ControllerRevision", "StatefulSet") : null;
        _told.Add(refuses is null ? "round" : $"round, every {refuses} is refused");
        _world.Refuse = s => refuses is not null && Kind(s) == refuses ? "refused" : null;
        _world.Round(_controller, Key);
    }

    static string? Kind(Step step) => step switch
    {
        Step.Create s => s.Object.Resource.Kind,
        Step.Update s => s.Object.Resource.Kind,
        Step.UpdateStatus s => s.Object.Resource.Kind,
        _ => null,
    };

    void Node(string pod)
    {
        var what = One("runs", "runs", "runs", "is unready", "fails", "succeeds", "stops", "stops");
        _told.Add($"{pod} {what}");
        switch (what)
        {
            case "runs": _world.Run(pod); break;
            case "is unready": _world.Run(pod, ready: false); break;
            case "fails": _world.Fail(pod); break;
            case "succeeds": _world.Fail(pod, "Succeeded"); break;
            default: _world.Stop(pod); break;
        }
    }

    void User(string pod)
    {
        var what = One("delete", "delete", "label away", "label back", "orphan", "lose its name", "wrong volume", "unknown revision");
        _told.Add($"{what}: {pod}");
        switch (what)
        {
            case "delete": _world.DeletePod(pod); break;
            case "label away": Label("app", "other"); break;
            case "label back": Label("app", "web"); break;
            case "lose its name": Label("statefulset.kubernetes.io/pod-name", "nobody"); break;
            case "unknown revision": Label("controller-revision-hash", "web-unknown"); break;
            case "orphan": _world.Change<Pod>(pod, p => p with { Metadata = p.Metadata with { OwnerReferences = [] } }); break;
            default: _world.Change<Pod>(pod, p => p with { Spec = p.Spec! with { Volumes = [] } }); break;
        }

        void Label(string key, string value) => _world.Change<Pod>(pod, p => p with { Metadata = p.Metadata with { Labels = new Dictionary<string, string>(p.Metadata.Labels) { [key] = value } } });
    }

    void Edit()
    {
        if (_world.Caches.Of<StatefulSet>().Get(Key) is not { } set) return;
        var what = _random.Next(100);
        _told.Add(what switch { < 35 => "scale", < 65 => "template", < 78 => "strategy", < 85 => "retention", < 92 => "start", < 98 => "minReadySeconds and history", _ => "delete the set, foreground" });
        _world.Put(what switch
        {
            < 35 => set.With(s => s with { Replicas = _random.Next(6) }),
            < 65 => set.With(s => s with { Template = Note(Sets.Template(One("one", "two", "three", "four"))) }),
            < 78 => set.With(s => s with { UpdateStrategy = Strategy() }),
            < 85 => set.With(s => s with { PersistentVolumeClaimRetentionPolicy = Retention() }),
            < 92 => set.With(s => s with { Ordinals = new() { Start = _random.Next(5) } }),
            < 98 => set.With(s => s with { MinReadySeconds = One(0, 10), RevisionHistoryLimit = One(0, 1, 3, -1) }),
            _ => set with { Metadata = set.Metadata with { DeletionTimestamp = _world.Now, Finalizers = ["foregroundDeletion"] } },
        });
    }

    PodTemplateSpec Note(PodTemplateSpec template) =>
        Chance(80) ? template : template with { Metadata = template.Metadata with { Annotations = new Dictionary<string, string> { ["note"] = One("a", "b") } } };

    void Claims()
    {
        var claims = _world.Caches.Of<PersistentVolumeClaim>().All().ToList();
        if (claims.Count == 0) return;
        var claim = claims[_random.Next(claims.Count)];
        var what = One("vanishes", "is being deleted", "gets a boss", "gets a friend", "gets a stale owner", "gets the set without control", "is collected");
        _told.Add($"{claim.Metadata.Name} {what}");
        switch (what)
        {
            case "vanishes": _world.Remove(claim); break;
            case "is being deleted": _world.Put(claim with { Metadata = claim.Metadata with { DeletionTimestamp = _world.Now } }); break;
            case "gets a boss": Own("ConfigMap", "boss", "uid-boss", true); break;
            case "gets a friend": Own("ConfigMap", "friend", "uid-friend", false); break;
            case "gets a stale owner": Own("StatefulSet", "web", "uid-stale", true); break;
            case "gets the set without control": Own("StatefulSet", "web", _world.Caches.Of<StatefulSet>().Get(Key)!.Metadata.Uid!, false); break;
            default: if (claim.Metadata.OwnerReferences.Any(o => o.Kind == "Pod")) _world.Remove(claim); break;
        }

        void Own(string kind, string name, string uid, bool controller) =>
            _world.Put(claim with { Metadata = claim.Metadata with { OwnerReferences = [new OwnerReference { ApiVersion = "v1", Kind = kind, Name = name, Uid = uid, Controller = controller }] } });
    }

    void Time()
    {
        var seconds = One(1, 5, 10, 100, 3600);
        _told.Add($"{seconds} s pass");
        _world.Now = _world.Now.AddSeconds(seconds);
    }

    /// <summary>Pods and revisions of others, and of nobody.</summary>
    void Elsewhere()
    {
        var name = One("web-0", "web-3", "web-7", "web-a-0", "web-2147483648", "web");
        _told.Add($"somebody makes {name}");
        if (_world.Pod(name) is not null) return;
        _world.Put(new Pod
        {
            Metadata = new()
            {
                Name = name,
                Labels = new Dictionary<string, string> { ["app"] = One("web", "other") },
                OwnerReferences = Chance(50) ? [] : [new() { Kind = "ReplicaSet", Name = "rs", Uid = "uid-rs", Controller = true }],
            },
            Spec = new() { Containers = [new() { Name = "c", Image = "one" }] },
            Status = new() { Phase = "Pending" },
        });
        if (Chance(30) && _world.Caches.Of<ControllerRevision>().All().FirstOrDefault() is { } revision)
            _world.Put(revision with { Metadata = revision.Metadata with { OwnerReferences = [] } });
    }
}
