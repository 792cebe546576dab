using Kennel.Controllers.ReplicaSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.ReplicaSets;

public sealed class DeletionTests
{
    static readonly ObjectKey Key = new("default", "rs");
    readonly ModelWorld _world = new();
    readonly ReplicaSet _set;

    public DeletionTests() => _set = _world.Put(new ReplicaSet
    {
        Metadata = new() { Name = "rs", Namespace = "default" },
        Spec = new() { Replicas = 1, Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } }, Template = Sets.Template() },
    });

    void Pod(string name, Func<Pod, Pod> change) => _world.Put(change(new Pod
    {
        Metadata = new()
        {
            Name = name, Namespace = "default", Labels = new Dictionary<string, string> { ["app"] = "web" }, CreationTimestamp = _world.Now.AddDays(-10),
            OwnerReferences = [Client.Owners.ControllerReference(_set)],
        },
        Spec = new() { NodeName = name },
        Status = Ready(_world.Now.AddDays(-9)),
    }));

    static PodStatus Ready(DateTimeOffset since) => new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = "True", LastTransitionTime = since }] };

    /// <summary>One pod differs from another in one thing: which of the two goes?</summary>
    public static TheoryData<string> Cases =>
    [
        "without a node", "pending", "not ready", "cheaper to delete", "ready for a shorter time", "restarted more often", "a sidecar restarted more often", "younger", "on a crowded node",
    ];

    [Theory, MemberData(nameof(Cases))]
    public void The_less_useful_of_two_goes_first(string difference)
    {
        Pod("useful", p => p);
        Pod("lesser", p => difference switch
        {
            "without a node" => p with { Spec = p.Spec! with { NodeName = null } },
            "pending" => p with { Status = p.Status! with { Phase = "Pending" } },
            "not ready" => p with { Status = new() { Phase = "Running" } },
            "cheaper to delete" => p with { Metadata = p.Metadata with { Annotations = new Dictionary<string, string> { ["controller.kubernetes.io/pod-deletion-cost"] = "-5" } } },
            "ready for a shorter time" => p with { Status = Ready(_world.Now.AddMinutes(-1)) },
            "restarted more often" => p with { Status = p.Status! with { ContainerStatuses = [new() { Name = "c", RestartCount = 3 }] } },
            "a sidecar restarted more often" => p with
            {
                Spec = p.Spec! with { InitContainers = [new() { Name = "side", RestartPolicy = "Always" }, new() { Name = "once" }] },
                Status = p.Status! with { InitContainerStatuses = [new() { Name = "side", RestartCount = 1 }] },
            },
            "younger" => p with { Metadata = p.Metadata with { CreationTimestamp = _world.Now.AddMinutes(-1) } },
            "on a crowded node" => p with { Spec = p.Spec! with { NodeName = "crowded" } },
            _ => throw new ArgumentOutOfRangeException(nameof(difference)),
        });
        if (difference == "on a crowded node")
        {
            _world.Put(_set with { Spec = _set.Spec! with { Replicas = 2 } });
            Pod("crowd", p => p with { Spec = p.Spec! with { NodeName = "crowded" }, Metadata = p.Metadata with { Annotations = new Dictionary<string, string>() } });
        }
        _world.Settle(new ReplicaSetController(_world.Caches), Key);
        _world.Did().ShouldBeOneOf("delete pod lesser", difference == "on a crowded node" ? "delete pod crowd" : "");
    }

    /// <summary>Costs that are no numbers as JSON writes them count as 0: then the younger one goes.</summary>
    [Theory]
    [InlineData("-5", "costly")]
    [InlineData("+9", "younger")]
    [InlineData("009", "younger")]
    [InlineData(" 9", "younger")]
    [InlineData("9", "younger")]
    [InlineData("much", "younger")]
    public void The_cost_of_a_deletion_is_a_plain_number(string cost, string goes)
    {
        Pod("costly", p => p with { Metadata = p.Metadata with { Annotations = new Dictionary<string, string> { ["controller.kubernetes.io/pod-deletion-cost"] = cost } } });
        Pod("younger", p => p with { Status = Ready(_world.Now.AddMinutes(-1)) });
        _world.Settle(new ReplicaSetController(_world.Caches), Key);
        _world.Did().ShouldBe($"delete pod {goes}");
    }

    /// <summary>Ages of the same power of two are alike, so that not all pods of one rollout go before all of another.</summary>
    [Fact]
    public void Among_pods_of_like_age_the_uid_decides()
    {
        Pod("a", p => p with { Metadata = p.Metadata with { Uid = "uid-z" }, Status = Ready(_world.Now.AddSeconds(-100_000)) });
        Pod("b", p => p with { Metadata = p.Metadata with { Uid = "uid-y" }, Status = Ready(_world.Now.AddSeconds(-110_000)) });
        _world.Settle(new ReplicaSetController(_world.Caches), Key);
        _world.Did().ShouldBe("delete pod b");
    }

    [Fact]
    public void Finished_and_terminating_pods_do_not_count_and_are_replaced()
    {
        Pod("gone", p => p with { Metadata = p.Metadata with { DeletionTimestamp = _world.Now } });
        Pod("failed", p => p with { Status = new() { Phase = "Failed" } });
        _world.Settle(new ReplicaSetController(_world.Caches), Key);
        _world.Pods.Count().ShouldBe(3);
        _world.Caches.Of<ReplicaSet>().Get(Key)!.Status!.Replicas.ShouldBe(1);
    }

    [Fact]
    public void An_orphan_that_matches_is_adopted_and_a_pod_that_matches_no_more_is_released()
    {
        Pod("orphan", p => p with { Metadata = p.Metadata with { OwnerReferences = [] } });
        Pod("strayed", p => p with { Metadata = p.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "other" } } });
        _world.Settle(new ReplicaSetController(_world.Caches), Key);
        _world.Did().ShouldBe("patch pod strayed\npatch pod orphan");
        _world.Pod("strayed")!.Metadata.OwnerReferences.ShouldBeEmpty();
        _world.Pod("orphan")!.Metadata.OwnerReferences.ShouldHaveSingleItem().Uid.ShouldBe(_set.Metadata.Uid);
    }

    [Fact]
    public void A_replication_controller_does_the_same_with_its_plain_selector()
    {
        _world.Put(new ReplicationController
        {
            Metadata = new() { Name = "rc", Namespace = "default" },
            Spec = new() { Replicas = 2, Selector = new Dictionary<string, string> { ["app"] = "rc" }, Template = Sets.Template(app: "rc") },
        });
        _world.Settle(new ReplicationControllerController(_world.Caches), new("default", "rc"));
        _world.Pods.Count(p => p.Metadata.Labels["app"] == "rc" && p.Metadata.Name!.StartsWith("rc-")).ShouldBe(2);
        _world.Caches.Of<ReplicationController>().Get(new("default", "rc"))!.Status!.Replicas.ShouldBe(2);
    }
}
