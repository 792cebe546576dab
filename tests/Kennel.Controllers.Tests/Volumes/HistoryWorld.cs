using System.Text;
using System.Text.Json.Nodes;
using Kennel.Client;
using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Client.Tests.Fake;
using Kennel.Controllers.Volumes;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>
/// The volume controllers on one thread, as badly off as can be: caches hear late and each kind by itself, a controller looks again before
/// it sees its own writes, steps of several rounds mix, any request may fail, and a restart forgets everything. After each write the
/// invariants are checked.
/// </summary>
sealed class HistoryWorld
{
    readonly Random _random;
    readonly FakeApi _api = new();
    readonly Disk _disk;
    readonly List<Queue<Step>> _rounds = [];
    readonly Queue<Action> _volumeNews = [];
    readonly Queue<Action> _claimNews = [];
    readonly Dictionary<string, string> _toldVolumes = [];
    readonly Dictionary<string, string> _toldClaims = [];
    long _noted;
    Caches _caches = new();
    List<IController> _controllers = [];

    public HistoryWorld(int seed)
    {
        _random = new Random(seed);
        _disk = new(this);
        _api.Instead = Immutable;
        Restart();
    }

    public List<string> History { get; } = [];

    public void Tick()
    {
        switch (_random.Next(14))
        {
            case 0: Say("claim", CreateClaim); break;
            case 1: Say("volume", CreateVolume); break;
            case 2 when _random.Next(4) == 0: Say("drop claim", DropClaim); break;
            case 3 when _random.Next(3) == 0: Say("user", UserActs); break;
            case 4 when _random.Next(10) == 0: Say("restart", Restart); break;
            case 5: Schedule(); break;
            case < 9: Hear(); break;
            case < 11: Look(); break;
            default: Act(); break;
        }
    }

    /// <summary>Nothing fails any more: everything comes to rest, and rests in order.</summary>
    public void Settle()
    {
        for (var pass = 0; ; pass++)
        {
            var before = _api.Revision;
            while (_rounds.Count > 0) Act(fails: false);
            Catch();
            foreach (var controller in _controllers)
                foreach (var key in Keys())
                {
                    Catch();
                    _rounds.Add(new(controller.Reconcile(key, Moment()).Steps));
                    while (_rounds.Count > 0) Act(fails: false);
                }
            if (_api.Revision == before) break;
            (pass < 50).ShouldBeTrue("it comes to rest");
        }
        foreach (var claim in _api.All<PersistentVolumeClaim>())
        {
            claim.Phase.ShouldNotBe("Lost");
            if (claim.Phase != "Bound") continue;
            var mine = _api.All<PersistentVolume>().Where(v => v.ClaimRef?.Uid == claim.Metadata.Uid && v.Phase == "Bound").ToList();
            mine.ShouldHaveSingleItem().Metadata.Name.ShouldBe(claim.VolumeName);
        }
        foreach (var volume in _api.All<PersistentVolume>().Where(v => v.Phase == "Bound"))
            _api.All<PersistentVolumeClaim>().Count(c => c.Metadata.Uid == volume.ClaimRef!.Uid && c.VolumeName == volume.Metadata.Name).ShouldBe(1, $"claims of {volume.Metadata.Name}");
    }

    void Say(string what, Action act)
    {
        History.Add(what);
        act();
        Note();
    }

    void CreateClaim()
    {
        var name = $"c{_random.Next(6)}";
        if (_api.Get<PersistentVolumeClaim>("default", name) is not null) return;
        string?[] kinds = [null, "", "waits", "now", "local"];
        var volume = _random.Next(6) == 0 ? $"v{_random.Next(6)}" : null;
        var claim = Make.Claim(name, kinds[_random.Next(kinds.Length)], $"{_random.Next(1, 3)}Gi", volume: volume);
        _api.Put(claim with { Metadata = new() { Name = name, Namespace = "default" }, Status = null });
    }

    void CreateVolume()
    {
        var name = $"v{_random.Next(6)}";
        if (_api.Get<PersistentVolume>("", name) is not null) return;
        string?[] kinds = [null, "waits", "local"];
        var volume = Make.Volume(name, $"{_random.Next(1, 4)}Gi", kinds[_random.Next(kinds.Length)]);
        if (_random.Next(5) == 0) volume = volume with { Spec = volume.Spec! with { ClaimRef = new() { Kind = "PersistentVolumeClaim", Namespace = "default", Name = $"c{_random.Next(6)}" } } };
        var policy = _random.Next(3) == 0 ? "Recycle" : "Retain";
        _api.Put(volume with { Metadata = new() { Name = name }, Spec = volume.Spec! with { PersistentVolumeReclaimPolicy = policy }, Status = null });
    }

    void DropClaim()
    {
        if (Any(_api.All<PersistentVolumeClaim>()) is { } claim) _api.Remove(claim);
    }

    /// <summary>Frees a released volume by hand, or takes one away that isn't bound.</summary>
    void UserActs()
    {
        if (Any(_api.All<PersistentVolume>()) is not { } volume) return;
        if (volume.Phase == "Released" && volume.ReclaimPolicy == "Retain") _api.Put(volume with { Spec = volume.Spec! with { ClaimRef = null } });
        else if (volume.Phase == "Available" && volume.ClaimRef is null) _api.Remove(volume);
    }

    void Restart()
    {
        _rounds.Clear();
        _volumeNews.Clear();
        _claimNews.Clear();
        _caches = new();
        var options = new LocalPathOptions("/vols", _disk);
        _controllers = [new ClaimBinder(_caches), new VolumeBinder(_caches, _disk), new Provisioner(_caches, options), new Cleaner(_caches, options)];
        foreach (var controller in _controllers) controller.Watch(new Following(_caches));
        _caches.Cache<Node>().Put(Make.Node("n1"));
        foreach (var kind in new[] { Make.Class("waits"), Make.Class("now", "k8s.io/minikube-hostpath", waits: false), Make.Class("local", "kubernetes.io/no-provisioner"), Make.Class("std", waits: true, isDefault: true) })
            _caches.Cache<StorageClass>().Put(kind);
        foreach (var volume in _api.All<PersistentVolume>()) _caches.Cache<PersistentVolume>().Put(volume);
        foreach (var claim in _api.All<PersistentVolumeClaim>()) _caches.Cache<PersistentVolumeClaim>().Put(claim);
    }

    /// <summary>A scheduler that knows what the caches know: it reserves a volume, or selects the node.</summary>
    void Schedule()
    {
        if (Any(_caches.Cache<PersistentVolumeClaim>().All().Where(c => c.VolumeName.Length == 0 && c.Class is "waits" or "local" or "std")) is not { } claim) return;
        if (claim.VolumeName.Length > 0) return;
        if (Match.Best(claim, _caches.Cache<PersistentVolume>().For(claim)) is { } volume) _rounds.Add(new([new Step.Update(Kennel.Controllers.Volumes.Binding.Reserve(volume, claim))]));
        else if (claim.Class != "local") _rounds.Add(new([Merge.Patch(claim, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Marks.SelectedNode] = "n1" } } })]));
    }

    void Hear()
    {
        var news = _random.Next(2) == 0 ? _volumeNews : _claimNews;
        if (news.TryDequeue(out var one)) one();
    }

    void Catch()
    {
        while (_volumeNews.TryDequeue(out var one)) one();
        while (_claimNews.TryDequeue(out var one)) one();
    }

    void Look()
    {
        var controller = _controllers[_random.Next(_controllers.Count)];
        if (Any(Keys()) is not { Name: not null } key) return;
        _rounds.Add(new(controller.Reconcile(key, Moment()).Steps));
    }

    IEnumerable<ObjectKey> Keys() =>
        [.. _caches.Cache<PersistentVolumeClaim>().All().Select(c => ObjectKey.Of(c)), .. _caches.Cache<PersistentVolume>().All().Select(v => ObjectKey.Of(v))];

    /// <summary>The next step of some round; a step that fails ends its round.</summary>
    void Act(bool fails = true)
    {
        if (_rounds.Count == 0) return;
        var at = _random.Next(_rounds.Count);
        var round = _rounds[at];
        if (!round.TryDequeue(out var step) || fails && _random.Next(12) == 0 || !Done(step) || round.Count == 0) _rounds.RemoveAt(at);
        Note();
    }

    bool Done(Step step)
    {
        History.Add(step switch
        {
            Step.Patch p => $"  patch {p.Key} {p.Json}",
            Step.Update u => $"  put {ObjectKey.Of(u.Object)}",
            Step.Create c => $"  create {ObjectKey.Of(c.Object)}",
            _ => $"  {step.GetType().Name}",
        });
        return step switch
        {
            Step.Say => true,
            Step.Own own => Now(own.Apply(_api, default)) is null,
            Step.Create c => Send("POST", c.Object.Resource.Path(c.Object.Metadata.Namespace), c.Object) is 201 or 409,
            Step.Update u => Send("PUT", u.Object.Resource.Path(u.Object.Metadata.Namespace, u.Object.Metadata.Name), u.Object) is 200,
            Step.Patch p => Now(_api.Send(new("PATCH", p.Resource.Path(p.Key.Namespace, p.Key.Name) + (p.Subresource is null ? "" : "/" + p.Subresource), Encoding.UTF8.GetBytes(p.Json)), default)).Succeeded,
            Step.Delete d => Now(_api.Send(new("DELETE", d.Resource.Path(d.Key.Namespace, d.Key.Name), Encoding.UTF8.GetBytes($$$"""{"preconditions":{"uid":"{{{d.Uid}}}"}}""")), default)).Status is 200 or 404,
            _ => throw new InvalidOperationException(step.GetType().Name),
        };
    }

    int Send(string method, string path, IObject body)
    {
        var json = JsonNode.Parse(Json.Write(body))!;
        if (method == "PUT") json["status"] = null;
        return Now(_api.Send(new(method, path, Encoding.UTF8.GetBytes(json.ToJsonString())), default)).Status;
    }

    /// <summary>What has changed is on its way to the caches, and must be in order.</summary>
    void Note()
    {
        if (_api.Revision == _noted) return;
        _noted = _api.Revision;
        Tell(_api.All<PersistentVolume>(), _toldVolumes, _volumeNews);
        Tell(_api.All<PersistentVolumeClaim>(), _toldClaims, _claimNews);
        foreach (var named in _api.All<PersistentVolumeClaim>().Where(c => c.BindCompleted).GroupBy(c => c.VolumeName))
        {
            var claim = named.ShouldHaveSingleItem(); // never two claims to a volume
            _api.Get<PersistentVolume>("", named.Key).ShouldNotBeNull().ClaimRef.ShouldNotBeNull().Uid.ShouldBe(claim.Metadata.Uid);
        }
    }

    void Tell<T>(IReadOnlyList<T> now, Dictionary<string, string> told, Queue<Action> news) where T : class, IObject<T>
    {
        var cache = _caches.Cache<T>();
        foreach (var item in now)
        {
            if (told.GetValueOrDefault(item.Metadata.Uid!) == item.Metadata.ResourceVersion) continue;
            told[item.Metadata.Uid!] = item.Metadata.ResourceVersion!;
            news.Enqueue(() => cache.Put(item));
        }
        foreach (var gone in told.Keys.Except(now.Select(i => i.Metadata.Uid!)).ToList())
        {
            told.Remove(gone);
            news.Enqueue(() =>
            {
                if (cache.All().FirstOrDefault(i => i.Metadata.Uid == gone) is { } item) cache.Remove(item);
            });
        }
    }

    /// <summary>The API's rule that matters here: a claim's volume is named once.</summary>
    ApiAnswer? Immutable(ApiCall call)
    {
        if (call.Method != "PATCH" || !call.Path.Contains("/persistentvolumeclaims/", StringComparison.Ordinal) || call.Path.EndsWith("/status", StringComparison.Ordinal)) return null;
        if ((string?)JsonNode.Parse(call.Body.Span)!["spec"]?["volumeName"] is not { } wanted) return null;
        var claim = _api.Get<PersistentVolumeClaim>("default", call.Path.Split('/')[^1]);
        return claim is { VolumeName.Length: > 0 } && claim.VolumeName != wanted ? FakeApi.Refuse(422, "Invalid", "spec is immutable") : null;
    }

    T? Any<T>(IEnumerable<T> all)
    {
        var list = all.ToList();
        return list.Count == 0 ? default : list[_random.Next(list.Count)];
    }

    static Moment Moment() => new(Make.Now, new Random(1));

    static T Now<T>(ValueTask<T> done) => done.IsCompleted ? done.Result : throw new InvalidOperationException("nothing waits here");

    /// <summary>Data that a claim still has must never be touched.</summary>
    sealed class Disk(HistoryWorld world) : IDirectories
    {
        public ValueTask<string?> Create(string path, CancellationToken cancel) => default;

        public ValueTask<string?> Remove(string path, CancellationToken cancel) => Lost(v => v.Spec!.HostPath!.Path == path);

        public ValueTask<string?> Scrub(string path, CancellationToken cancel) => Lost(v => v.Spec!.HostPath!.Path == path);

        ValueTask<string?> Lost(Func<PersistentVolume, bool> which)
        {
            foreach (var volume in world._api.All<PersistentVolume>().Where(which))
                world._api.All<PersistentVolumeClaim>().Count(c => c.VolumeName == volume.Metadata.Name && c.BindCompleted).ShouldBe(0, $"claims whose data on {volume.Metadata.Name} is lost");
            return default;
        }
    }
}
