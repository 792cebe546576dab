using FsCheck;
using FsCheck.Fluent;
using Kennel.Controllers.Scheduling;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Scheduling;

/// <summary>Random clusters and pods against rules that are written out plainly: no running totals, no sampling, no order.</summary>
public sealed class PropertyTests
{
    [Fact]
    public void A_pod_never_gets_a_node_that_a_rule_forbids_and_is_refused_only_when_all_do() => Prop.ForAll<int>(Fill).QuickCheckThrowOnFailure();

    static void Fill(int seed)
    {
        var world = new World(seed);
        for (var i = 0; i < 40; i++)
        {
            var pod = world.Pod($"p{i:00}");
            var placement = world.Cluster.Try(pod);
            var allowed = world.Nodes.Where(n => Rules.Allow(pod, n, world.Nodes, world.Placed)).Select(n => n.Metadata.Name).ToList();
            if (placement.Node is { } node) allowed.ShouldContain(node, $"seed {seed}, pod {i}");
            else allowed.ShouldBeEmpty($"seed {seed}, pod {i}: {placement.Refusal}");
            if (placement.Node is { } n) world.Place(pod, n);
            if (world.Random.Next(4) == 0) world.Leave();
            if (world.Random.Next(8) == 0) world.Relabel();
        }
    }

    [Fact]
    public void Only_less_important_pods_are_displaced_and_each_of_them_has_to() => Prop.ForAll<int>(Displace).QuickCheckThrowOnFailure();

    static void Displace(int seed)
    {
        var world = new World(seed);
        for (var i = 0; i < 40; i++) if (world.Pod($"p{i:00}") is var pod && world.Cluster.Try(pod).Node is { } node) world.Place(pod, node);
        for (var i = 0; i < 10; i++)
        {
            var vip = world.Pod($"vip{i}").Worth(world.Random.Next(1, 5));
            if (world.Cluster.Try(vip).Displacement?.Candidate is not { } candidate) continue;
            var victims = candidate.Victims.Select(v => v.Key.Name).ToHashSet();
            victims.ShouldNotBeEmpty();
            world.Placed.Where(p => victims.Contains(p.Metadata.Name!)).ShouldAllBe(p => p.Spec!.Priority < vip.Spec!.Priority && p.Spec.NodeName == candidate.Node);
            var target = world.Nodes.Single(n => n.Metadata.Name == candidate.Node);
            bool Fits(string? back) => Rules.Allow(vip, target, world.Nodes, [.. world.Placed.Where(p => !victims.Contains(p.Metadata.Name!) || p.Metadata.Name == back)]);
            Fits(null).ShouldBeTrue($"seed {seed}: {string.Join(' ', victims)} made room");
            foreach (var victim in victims) Fits(victim).ShouldBeFalse($"seed {seed}: {victim} goes in vain");
        }
    }

    sealed class World
    {
        public World(int seed)
        {
            Random = new(seed);
            var count = Random.Next(1, 6);
            for (var i = 0; i < count; i++) See(Node($"n{i}"));
        }

        public Random Random { get; }

        public Cluster Cluster { get; } = new();

        public List<Node> Nodes { get; } = [];

        public List<Pod> Placed { get; } = [];

        public void Place(Pod pod, string node)
        {
            var placed = pod.With(s => s with { NodeName = node });
            Placed.Add(placed);
            // Sometimes only promised for a while, sometimes seen at once.
            if (Random.Next(2) == 0) Cluster.Pod(placed);
            else Cluster.Ledger.Promise(Guest.Of(pod, node));
        }

        public void Leave()
        {
            if (Placed.Count == 0) return;
            var gone = Placed[Random.Next(Placed.Count)];
            Placed.Remove(gone);
            Cluster.Ledger.Forget(Objects.ObjectKey.Of(gone));
        }

        public void Relabel()
        {
            var i = Random.Next(Nodes.Count);
            var node = Node(Nodes[i].Metadata.Name!);
            Nodes.RemoveAt(i);
            See(node);
        }

        public Pod Pod(string name)
        {
            var pod = Make.Pod(name, cpu: $"{Random.Next(0, 5) * 500}m").Labelled(("app", Any("x", "y"))).Worth(Random.Next(0, 3)).Since(Random.Next(100));
            if (Random.Next(5) == 0) pod = pod.With(s => s with { NodeSelector = Make.Map(("disk", Any("ssd", "hdd"))) });
            if (Random.Next(4) == 0) pod = pod.With(s => s with { Tolerations = [new() { Key = "special", Operator = "Exists" }] });
            if (Random.Next(6) == 0) pod = pod.With(s => s with { Containers = [s.Containers[0] with { Ports = [new() { ContainerPortValue = 80, HostPort = 80 }] }] });
            if (Random.Next(4) == 0) pod = pod.Affine(Change.Apart(Change.Term(Key(), ("app", Any("x", "y")))));
            else if (Random.Next(4) == 0) pod = pod.Affine(Change.Near(Change.Term(Key(), ("app", Any("x", "y")))));
            if (Random.Next(4) == 0)
                pod = pod.Spread(new TopologySpreadConstraint { TopologyKey = Key(), MaxSkew = Random.Next(1, 3), WhenUnsatisfiable = "DoNotSchedule", LabelSelector = new() { MatchLabels = Make.Map(("app", Any("x", "y"))) } });
            return pod;
        }

        void See(Node node)
        {
            Nodes.Add(node);
            Cluster.Node(node);
        }

        Node Node(string name)
        {
            var labels = new List<(string, string)> { ("disk", Any("ssd", "hdd")) };
            if (Random.Next(4) > 0) labels.Add(("zone", Any("z1", "z2")));
            var node = Make.Node(name, cpu: $"{Random.Next(1, 5)}", pods: Random.Next(2, 9), labels: [.. labels]);
            return Random.Next(4) == 0 ? node with { Spec = new() { Taints = [new() { Key = "special", Effect = "NoSchedule" }] } } : node;
        }

        string Key() => Any("zone", "kubernetes.io/hostname");

        string Any(string a, string b) => Random.Next(2) == 0 ? a : b;
    }
}
