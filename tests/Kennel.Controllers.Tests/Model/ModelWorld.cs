using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Model;

/// <summary>
/// A cluster as a model: objects in caches, steps applied at once, and a node agent and a user that act only when a test says so. No server,
/// no time of its own, nothing concurrent.
/// </summary>
public sealed class ModelWorld
{
    readonly Dictionary<(string Controller, ObjectKey Key), string> _problems = [];
    int _serial;
    long _revision = 1;

    public Caches Caches { get; } = new();
    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What was done: <c>create pod web-0</c>, <c>delete pod web-1</c>; status writes are left out.</summary>
    public List<string> Log { get; } = [];

    public List<Note> Events { get; } = [];

    /// <summary>May refuse a step, with the API's message.</summary>
    public Func<Step, string?> Refuse { get; set; } = _ => null;

    /// <summary>Looks at each decision before it is carried out.</summary>
    public Action<Decision> Decided { get; set; } = _ => { };

    /// <summary>The lanes that rest, by key.</summary>
    public Dictionary<ObjectKey, ImmutableSortedDictionary<string, Setback>> Setbacks { get; } = [];

    /// <summary>Looks at the world after each step that was applied.</summary>
    public Action Check { get; set; } = () => { };

    public string? WaitingFor { get; private set; }
    public DateTimeOffset? At { get; private set; }

    public IEnumerable<Pod> Pods => Caches.Of<Pod>().All();

    public Pod? Pod(string name) => Caches.Of<Pod>().Get(new("default", name));

    /// <summary>One round of a controller.</summary>
    /// <returns>Whether it did anything.</returns>
    public bool Round(IController controller, ObjectKey key)
    {
        var before = _problems.GetValueOrDefault((controller.Name, key));
        var setbacks = Setbacks.GetValueOrDefault(key);
        var traffic = new Traffic(setbacks, Now, new Random(_serial));
        var decision = controller.Reconcile(key, new(Now, new Random(_serial), Problem: before, Setbacks: setbacks));
        Decided(decision);
        var did = false;
        _problems.Remove((controller.Name, key));
        foreach (var step in decision.Steps)
        {
            if (!traffic.IsOpen(step)) continue;
            var problem = Refuse(step) ?? Apply(step);
            if (problem is not null and not "conflict" && step.Lane is null) _problems.TryAdd((controller.Name, key), problem);
            if ((problem is null ? step.Done : step.Failed) is { } note) Events.Add(note with { Message = note.Message.Replace("{0}", problem) });
            did |= problem is null && step is not Step.Say;
            if (problem is null) Check();
            if (problem is not null) traffic.Failed(step, problem);
            else if (step is not Step.UpdateStatus) traffic.Succeeded(step); // the pace of a status is left out: time stands still here
        }
        (WaitingFor, At, Setbacks[key]) = (decision.WaitingFor, Sooner(decision.At, traffic.Next), traffic.Setbacks);
        did |= before != _problems.GetValueOrDefault((controller.Name, key)); // with back-off it would be tried again, and the next round knows why
        return did;
    }

    /// <summary>Rounds until nothing happens any more.</summary>
    public void Settle(IController controller, ObjectKey key)
    {
        for (var i = 0; i < 200; i++) if (!Round(controller, key)) return;
        throw new InvalidOperationException($"{controller.Name} never comes to rest: {string.Join("; ", Log.TakeLast(10))}");
    }

    /// <summary>What was done since the last call, one a line.</summary>
    public string Did()
    {
        var text = string.Join("\n", Log);
        Log.Clear();
        return text;
    }

    public T Put<T>(T item) where T : class, IObject<T>
    {
        var meta = item.Metadata;
        var stored = (T)item.With(meta with
        {
            Uid = meta.Uid ?? $"uid-{++_serial}",
            Namespace = meta.Namespace ?? "default",
            Generation = meta.Generation ?? 1,
            CreationTimestamp = meta.CreationTimestamp ?? Now,
            ResourceVersion = $"{++_revision}",
        });
        Caches.Cache<T>().Put(stored);
        return stored;
    }

    public void Change<T>(string name, Func<T, T> change) where T : class, IObject<T>
    {
        if (Caches.Of<T>().Get(new("default", name)) is { } old) Put(change(old));
    }

    public void Remove<T>(T item) where T : class, IObject<T> => Caches.Cache<T>().Remove(item);

    /// <summary>The node agent: the pod runs, ready or not.</summary>
    public void Run(string name, bool ready = true) => Change<Pod>(name, p => p with
    {
        Spec = p.Spec! with { NodeName = "n" },
        Status = new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = Now }] },
    });

    public void Fail(string name, string phase = "Failed") => Change<Pod>(name, p => p with { Spec = p.Spec! with { NodeName = "n" }, Status = new() { Phase = phase } });

    /// <summary>The node agent: a terminating pod has stopped and is gone, unless a finalizer keeps it.</summary>
    public void Stop(string name)
    {
        if (Pod(name) is not { Metadata.DeletionTimestamp: not null } pod) return;
        if (pod.Metadata.Finalizers.Count == 0) Remove(pod);
        else
            Put(pod with
            {
                Metadata = pod.Metadata with { DeletionGracePeriodSeconds = 0 },
                Status = (pod.Status ?? PodStatus.Empty) with { Phase = pod.Status?.Phase == "Succeeded" ? "Succeeded" : "Failed" },
            });
    }

    /// <summary>Deletes a pod as the API does: at once when it has neither node nor finalizer, otherwise it begins to terminate.</summary>
    public void DeletePod(string name)
    {
        if (Pod(name) is not { } pod) return;
        if (pod.Spec?.NodeName is null && pod.Metadata.Finalizers.Count == 0) Remove(pod);
        else if (pod.Metadata.DeletionTimestamp is null)
            Put(pod with { Metadata = pod.Metadata with { DeletionTimestamp = Now.AddSeconds(30), DeletionGracePeriodSeconds = pod.Spec?.NodeName is null ? 0 : 30 } });
    }

    static DateTimeOffset? Sooner(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;

    string? Apply(Step step)
    {
        switch (step)
        {
            case Step.Create s: return Create(s);
            case Step.Update s: return Replace(s.Object, "update", s.Object);
            case Step.UpdateStatus s: return Replace(s.Object, null, s.Object);
            case Step.Patch s: return Patch(s);
            case Step.Delete s: return Delete(s);
            default: return null;
        }
    }

    string? Create(Step.Create s)
    {
        var o = s.Object;
        if (string.IsNullOrEmpty(o.Metadata.Name)) o = o.With(o.Metadata with { Name = $"{o.Metadata.GenerateName}{++_serial:x5}" });
        if (Find(o.Resource, ObjectKey.Of(o)) is not null) return s.AlreadyThereIsFine ? null : "already exists";
        Log.Add($"create {Kind(o)} {o.Metadata.Name}");
        Store(o is Pod p ? p with { Status = new() { Phase = "Pending" } } : o);
        return null;
    }

    string? Replace(IObject o, string? verb, IObject sent)
    {
        if (Find(o.Resource, ObjectKey.Of(o)) is not { } old) return "not found";
        if (sent.Metadata.ResourceVersion != old.Metadata.ResourceVersion) return "conflict";
        if (verb is not null) Log.Add($"{verb} {Kind(o)} {o.Metadata.Name}");
        var bump = verb is not null && SpecChanged(old, o);
        Store(bump ? o.With(o.Metadata with { Generation = old.Metadata.Generation + 1 }) : o);
        return null;
    }

    string? Patch(Step.Patch s)
    {
        if (Find(s.Resource, s.Key) is not { } old) return "not found";
        var patch = JsonNode.Parse(s.Json)!;
        var meta = patch["metadata"];
        if (meta?["uid"] is { } uid && (string?)uid != old.Metadata.Uid || meta?["resourceVersion"] is { } rv && (string?)rv != old.Metadata.ResourceVersion) return "conflict";
        var merged = Merge(JsonNode.Parse(Json.Write(old)), patch)!.ToJsonString();
        if (merged == JsonNode.Parse(Json.Write(old))!.ToJsonString()) return null;
        Log.Add($"patch {s.Resource.Kind.ToLowerInvariant()} {s.Key.Name}");
        var patched = Read(s.Resource, Encoding.UTF8.GetBytes(merged));
        Store(patched);
        if (patched.Metadata is { DeletionTimestamp: not null, DeletionGracePeriodSeconds: 0, Finalizers.Count: 0 } && patched is Pod && Pod(s.Key.Name) is { } done) Remove(done); // the last finalizer has gone
        return null;
    }

    string? Delete(Step.Delete s)
    {
        if (Find(s.Resource, s.Key) is not { } old) return null;
        if (s.Uid is not null && s.Uid != old.Metadata.Uid) return "conflict";
        Log.Add($"delete {Kind(old)} {s.Key.Name}");
        switch (old)
        {
            case Objects.Core.Pod _: DeletePod(s.Key.Name); break;
            case ControllerRevision r: Remove(r); break;
            case ReplicaSet r: Remove(r); break;
            case Job j: Remove(j); break;
            default: throw new InvalidOperationException($"nobody here deletes a {old.Resource.Kind}");
        }
        return null;
    }

    static bool SpecChanged(IObject old, IObject now) => (old, now) switch
    {
        (ReplicaSet a, ReplicaSet b) => a.Spec != b.Spec,
        (Deployment a, Deployment b) => a.Spec != b.Spec,
        (StatefulSet a, StatefulSet b) => a.Spec != b.Spec,
        _ => false,
    };

    static string Kind(IObject o) => o switch { PersistentVolumeClaim => "claim", ControllerRevision => "revision", _ => o.Resource.Kind.ToLowerInvariant() };

    IObject? Find(ResourceId resource, ObjectKey key) => Caches.Find(resource)?.Find(key);

    void Store(IObject o)
    {
        switch (o)
        {
            case Pod p: Put(p); break;
            case PersistentVolumeClaim c: Put(c); break;
            case ControllerRevision r: Put(r); break;
            case StatefulSet s: Put(s); break;
            case ReplicaSet r: Put(r); break;
            case ReplicationController r: Put(r); break;
            case Deployment d: Put(d); break;
            case DaemonSet d: Put(d); break;
            case Job j: Put(j); break;
            case CronJob c: Put(c); break;
            default: throw new InvalidOperationException(o.Resource.Kind);
        }
    }

    static IObject Read(ResourceId resource, byte[] json) => resource.Kind switch
    {
        "Pod" => Json.Read<Pod>(json),
        "PersistentVolumeClaim" => Json.Read<PersistentVolumeClaim>(json),
        "ControllerRevision" => Json.Read<ControllerRevision>(json),
        "StatefulSet" => Json.Read<StatefulSet>(json),
        "ReplicaSet" => Json.Read<ReplicaSet>(json),
        "ReplicationController" => Json.Read<ReplicationController>(json),
        "Deployment" => Json.Read<Deployment>(json),
        "DaemonSet" => Json.Read<DaemonSet>(json),
        "Job" => Json.Read<Job>(json),
        _ => throw new InvalidOperationException(resource.Kind),
    };

    static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null) { merged.Remove(name); continue; }
            var old = merged[name]?.DeepClone();
            merged[name] = Merge(old, value);
        }
        return merged;
    }
}
