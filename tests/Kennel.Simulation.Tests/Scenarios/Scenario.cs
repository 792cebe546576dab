using System.Text;
using System.Text.Json.Nodes;
using Kennel.Client;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Simulation.Net;
using Kennel.Simulation.Running;

namespace Kennel.Simulation.Tests.Scenarios;

/// <summary>
/// A whole cluster in good weather that a test plays with: it does what a user does, lets virtual time pass, and looks. The checkers of the
/// simulation look too.
/// </summary>
sealed class Scenario
{
    public const string Sets = "/apis/apps/v1/namespaces/default/statefulsets";
    public const string Pods = "/api/v1/namespaces/default/pods";
    public const string Claims = "/api/v1/namespaces/default/persistentvolumeclaims";

    /// <summary>Upstream's tests wait ten minutes.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    readonly Process _user;
    readonly Wire _api;

    Scenario(World world)
    {
        World = world;
        _user = world.NewProcess("tester");
        _api = new Wire(world.Wires, _user, "tester", "kubectl");
    }

    public World World { get; }

    /// <summary>The only set.</summary>
    public StatefulSet Set => World.Truth.All<StatefulSet>().Single();

    public StatefulSetStatus Status => Set.Status ?? StatefulSetStatus.Empty;

    /// <summary>The set's pods, by their ordinals.</summary>
    public IReadOnlyList<Pod> Members =>
        [.. World.Truth.All<Pod>().Where(p => p.Metadata.Name!.StartsWith("ss-", StringComparison.Ordinal)).OrderBy(p => int.Parse(p.Metadata.Name!.AsSpan(3), System.Globalization.CultureInfo.InvariantCulture))];

    public IEnumerable<string> Names => Members.Select(p => p.Metadata.Name!);

    public IReadOnlyList<PersistentVolumeClaim> AllClaims => [.. World.Truth.All<PersistentVolumeClaim>()];

    public static Scenario Begin(int nodes = 2)
    {
        var scenario = new Scenario(new World(1, new Wishes { Nodes = nodes, Workers = 2 }));
        scenario.World.Start();
        scenario.Until("the cluster is up", () => scenario.World.Server.Up && scenario.World.Truth.All<Objects.Core.Node>().Count(n => n.Status?.Conditions.Any(c => c is { Type: "Ready", Status: "True" }) == true) == nodes);
        return scenario;
    }

    /// <summary>A set <c>ss</c> with a readiness probe, as upstream's tests have it.</summary>
    /// <param name="spec">More fields of its spec, each followed by a comma.</param>
    /// <param name="pod">More fields of its pods' spec, each followed by a comma.</param>
    public static string Manifest(int replicas, string spec = "", bool claims = false, string pod = "", int image = 1)
    {
        var templates = claims ? """ "volumeClaimTemplates":[{"metadata":{"name":"datadir"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Mi"}}}}],""" : "";
        var mounts = claims ? """ "volumeMounts":[{"name":"datadir","mountPath":"/data"}],""" : "";
        return $$"""
            {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"ss"},"spec":{"serviceName":"test","replicas":{{replicas}},{{spec}}{{templates}}
            "selector":{"matchLabels":{"foo":"bar","baz":"blah"} },"template":{"metadata":{"labels":{"foo":"bar","baz":"blah"} },"spec":{ {{pod}}"terminationGracePeriodSeconds":1,
            "containers":[{"name":"webserver","image":"{{Image(image)}}",{{mounts}}
            "readinessProbe":{"httpGet":{"path":"/localhost.crt","port":80},"periodSeconds":1,"successThreshold":1,"failureThreshold":1} }] } } } }
            """;
    }

    public static string Image(int version) => $"webserver:{version}";

    public JsonObject Send(string method, string path, string? body = null, string? type = null)
    {
        ApiAnswer? answer = null;
        _user.Start(async () => answer = await _api.Send(new(method, path, body is null ? default : Encoding.UTF8.GetBytes(body), type), default));
        World.Loop.Run(World.Loop.Elapsed + s_patience, () => answer is not null);
        Check();
        answer.ShouldNotBeNull($"{method} {path} was never answered");
        answer.Value.Succeeded.ShouldBeTrue($"{method} {path}: {answer.Value.Status} {Encoding.UTF8.GetString(answer.Value.Body.Span)}");
        return JsonNode.Parse(answer.Value.Body.Span)!.AsObject();
    }

    public void Create(string manifest) => Send("POST", Sets, manifest);

    public void Patch(string json) => Patch($"{Sets}/ss", json);

    public void Patch(string path, string json) => Send("PATCH", path, json, "application/merge-patch+json");

    public void Scale(int replicas) => Patch($$"""{"spec":{"replicas":{{replicas}} } }""");

    public void Roll(int image) => Send("PATCH", $"{Sets}/ss", $$"""{"spec":{"template":{"spec":{"containers":[{"name":"webserver","image":"{{Image(image)}}"}] } } } }""", "application/strategic-merge-patch+json");

    public void Partition(int partition) => Patch($$"""{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":{{partition}} } } } }""");

    public void DeletePod(string name, bool force = false)
    {
        var uid = Pod(name).Metadata.Uid!;
        World.Truth.Excused.Deleted.Add(uid);
        if (force) World.Truth.Excused.Forced.Add(uid);
        Send("DELETE", $"{Pods}/{name}", force ? """{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0}""" : null);
    }

    public void DeleteSet(string propagation = "Background") => Send("DELETE", $"{Sets}/ss", $$"""{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"{{propagation}}"}""");

    public Pod Pod(string name) => World.Truth.All<Pod>().Single(p => p.Metadata.Name == name);

    public static bool Ready(Pod pod) => pod.Metadata.DeletionTimestamp is null && pod.Status?.Conditions.Any(c => c is { Type: "Ready", Status: "True" }) == true;

    public static string? Revision(Pod pod) => pod.Metadata.Labels.GetValueOrDefault("controller-revision-hash");

    public static string? ImageOf(Pod pod) => pod.Spec!.Containers[0].Image;

    /// <summary>Every wish about the set is fulfilled and told.</summary>
    public void WhenReady(int replicas) => Until($"{replicas} are ready", () =>
        Status.ObservedGeneration == Set.Metadata.Generation && Status.Replicas == replicas && (Status.ReadyReplicas ?? 0) == replicas && Members.Count == replicas && Members.All(Ready));

    public void WhenRolledOut(int image) => Until("it is rolled out", () =>
        Status.ObservedGeneration == Set.Metadata.Generation && Status.CurrentRevision == Status.UpdateRevision && Members.All(p => Ready(p) && ImageOf(p) == Image(image) && Revision(p) == Status.UpdateRevision));

    public void WhenObserved() => Until("it is observed", () => Status.ObservedGeneration == Set.Metadata.Generation);

    public void Until(string what, Func<bool> isSo)
    {
        World.Loop.Run(World.Loop.Elapsed + s_patience, isSo);
        Check();
        isSo().ShouldBeTrue($"never in {s_patience}: {what}\n{string.Join('\n', World.Loop.Trace.Last(60))}");
    }

    /// <summary>Something holds at every step of a while.</summary>
    public void For(TimeSpan time, string what, Func<bool> holds)
    {
        var held = true;
        World.Loop.Run(World.Loop.Elapsed + time, () => !(held = holds()));
        Check();
        held.ShouldBeTrue($"no longer: {what}");
    }

    void Check() => World.Loop.Failure.ShouldBeNull(string.Join('\n', World.Loop.Trace.Last(60)));
}
