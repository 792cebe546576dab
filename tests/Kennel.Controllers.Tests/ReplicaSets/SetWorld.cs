using Kennel.Controllers.ReplicaSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.ReplicaSets;

/// <summary>A world with one ReplicaSet named rs and its controller.</summary>
sealed class SetWorld
{
    static readonly ObjectKey Key = new("default", "rs");
    readonly ReplicaSetController _controller;

    public SetWorld(int replicas, int minReadySeconds = 0)
    {
        _controller = new(World.Caches);
        World.Put(new ReplicaSet
        {
            Metadata = new() { Name = "rs", Namespace = "default" },
            Spec = new()
            {
                Replicas = replicas, MinReadySeconds = minReadySeconds, Template = Sets.Template(),
                Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
            },
        });
    }

    public ModelWorld World { get; } = new();
    public ReplicaSet Set => World.Caches.Of<ReplicaSet>().Get(Key)!;
    public ReplicaSetStatus Status => Set.Status ?? ReplicaSetStatus.Empty;
    public ReplicaSetCondition? Failure => Status.Conditions.FirstOrDefault(c => c.Type == "ReplicaFailure");

    public void Change(Func<ReplicaSetSpec, ReplicaSetSpec> change) =>
        World.Put(Set with { Spec = change(Set.Spec!), Metadata = Set.Metadata with { Generation = Set.Metadata.Generation + 1 } });

    public bool Round() => World.Round(_controller, Key);

    public void Settle() => World.Settle(_controller, Key);

    /// <summary>All its pods run and are ready.</summary>
    public void Run()
    {
        Settle();
        foreach (var pod in World.Pods.Where(p => p.Metadata.DeletionTimestamp is null).ToList()) World.Run(pod.Metadata.Name!);
        Settle();
    }
}
