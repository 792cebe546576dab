using Kennel.Controllers.Deployments;
using Kennel.Controllers.ReplicaSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Deployments;

/// <summary>A world with one Deployment named notes, its controller and the one of its ReplicaSets.</summary>
public sealed class DeploymentWorld
{
    readonly DeploymentController _deployments;
    readonly ReplicaSetController _sets;
    static readonly ObjectKey Key = new("default", "notes");

    public DeploymentWorld(int replicas, IntOrString surge, IntOrString unavailable, bool recreate = false)
    {
        (_deployments, _sets) = (new(World.Caches), new(World.Caches));
        World.Put(new Deployment
        {
            Metadata = new() { Name = "notes", Namespace = "default" },
            Spec = new()
            {
                Replicas = replicas,
                Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "notes" } },
                Template = Sets.Template(app: "notes"),
                Strategy = recreate ? new() { Type = "Recreate" } : new() { Type = "RollingUpdate", RollingUpdate = new() { MaxSurge = surge, MaxUnavailable = unavailable } },
                RevisionHistoryLimit = 10,
                ProgressDeadlineSeconds = 600,
            },
        });
    }

    public ModelWorld World { get; } = new();
    public Deployment Deployment => World.Caches.Of<Deployment>().Get(Key)!;
    public IEnumerable<ReplicaSet> ReplicaSets => World.Caches.Of<ReplicaSet>().All().OrderBy(s => s.Metadata.Annotations["deployment.kubernetes.io/revision"]);

    /// <summary>The sizes of the sets that have any, oldest revision first: <c>2+3</c>.</summary>
    public string Sizes => string.Join("+", ReplicaSets.Where(s => s.Spec!.Replicas > 0).Select(s => s.Spec!.Replicas));

    public IEnumerable<string?> Scaled => World.Events.Where(e => e.Reason == "ScalingReplicaSet").Select(e => string.Join(" ", e.Message.Split(' ').Where(w => !w.StartsWith("notes-"))));

    public string? Reason(string condition) => Condition(condition)?.Reason;

    public DeploymentCondition? Condition(string type) => Deployment.Status?.Conditions.FirstOrDefault(c => c.Type == type);

    /// <summary>One round of the Deployment's controller.</summary>
    public bool Round() => World.Round(_deployments, Key);

    /// <summary>One round of the controller of its ReplicaSets, for each of them.</summary>
    public void RoundOfSets()
    {
        foreach (var set in World.Caches.Of<ReplicaSet>().All().ToList()) World.Round(_sets, ObjectKey.Of(set));
    }

    public void Change(Func<DeploymentSpec, DeploymentSpec> change) =>
        World.Put(Deployment with { Spec = change(Deployment.Spec!), Metadata = Deployment.Metadata with { Generation = Deployment.Metadata.Generation + 1 } });

    public void Image(string image) => Change(s => s with { Template = Sets.Template(image, "notes") });

    /// <summary>Both controllers until they rest; nothing becomes ready by itself.</summary>
    public void Settle()
    {
        for (var i = 0; i < 100; i++)
        {
            var did = World.Round(_deployments, Key);
            foreach (var set in World.Caches.Of<ReplicaSet>().All().ToList()) did |= World.Round(_sets, ObjectKey.Of(set));
            if (!did) return;
        }
        throw new InvalidOperationException("it never comes to rest: " + string.Join("; ", World.Log.TakeLast(10)));
    }

    /// <summary>Everything that wants to run runs, and what terminates goes, until all is quiet.</summary>
    public void Run(Action? watch = null)
    {
        for (var i = 0; i < 100; i++)
        {
            Settle();
            watch?.Invoke();
            var due = World.Pods.Where(p => p.Metadata.DeletionTimestamp is not null || p.Status?.Phase == "Pending").ToList();
            if (due.Count == 0) return;
            foreach (var pod in due.Take(1))
            {
                if (pod.Metadata.DeletionTimestamp is not null) World.Stop(pod.Metadata.Name!);
                else World.Run(pod.Metadata.Name!);
            }
        }
        throw new InvalidOperationException("it never becomes quiet");
    }
}
