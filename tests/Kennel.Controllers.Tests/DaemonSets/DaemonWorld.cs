using Kennel.Controllers.DaemonSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.DaemonSets;

/// <summary>A world with one DaemonSet named agent, its controller, and nodes a, b, c …</summary>
sealed class DaemonWorld
{
    static readonly ObjectKey Key = new("default", "agent");
    readonly DaemonSetController _controller;

    public DaemonWorld(int nodes = 3, IntOrString? surge = null, IntOrString? unavailable = null, bool onDelete = false, int minReadySeconds = 0)
    {
        _controller = new(World.Caches);
        foreach (var name in Enumerable.Range(0, nodes).Select(i => $"{(char)('a' + i)}")) Node(name);
        World.Put(new DaemonSet
        {
            Metadata = new() { Name = "agent", Namespace = "default" },
            Spec = new()
            {
                Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
                Template = Sets.Template(),
                RevisionHistoryLimit = 10,
                MinReadySeconds = minReadySeconds,
                UpdateStrategy = onDelete ? new() { Type = "OnDelete" } : new() { Type = "RollingUpdate", RollingUpdate = new() { MaxSurge = surge ?? 0, MaxUnavailable = unavailable ?? 1 } },
            },
        });
    }

    public ModelWorld World { get; } = new();

    public DaemonSet Set => World.Caches.Of<DaemonSet>().Get(Key)!;

    public DaemonSetStatus Status => Set.Status ?? DaemonSetStatus.Empty;

    public IEnumerable<ControllerRevision> Revisions => World.Caches.Of<ControllerRevision>().All().OrderBy(r => r.Revision);

    /// <summary>The nodes that have pods which stay, one entry a pod: <c>a b c</c>; with the image behind when it isn't "one": <c>a:two</c>.</summary>
    public string Places => string.Join(' ', Living.Select(p => Target(p) + (Image(p) == "one" ? "" : ":" + Image(p))).Order(StringComparer.Ordinal));

    public IEnumerable<Pod> Living => World.Pods.Where(p => p.Metadata.DeletionTimestamp is null);

    public static string Image(Pod pod) => pod.Spec!.Containers[0].Image!;

    public static string Target(Pod pod) => pod.Spec!.Affinity!.NodeAffinity!.RequiredDuringSchedulingIgnoredDuringExecution!.NodeSelectorTerms[0].MatchFields[0].Values[0];

    public void Node(string name, string? label = null, params Taint[] taints) => World.Put(new Node
    {
        Metadata = new() { Name = name, Namespace = "", Labels = label is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [label] = "yes" } },
        Spec = new() { Taints = taints },
    });

    public void RemoveNode(string name) => World.Remove(World.Caches.Of<Node>().Get(new("", name))!);

    public void Change(Func<DaemonSetSpec, DaemonSetSpec> change) =>
        World.Put(Set with { Spec = change(Set.Spec!), Metadata = Set.Metadata with { Generation = Set.Metadata.Generation + 1 } });

    public void Image(string image) => Change(s => s with { Template = Sets.Template(image) });

    public bool Round() => World.Round(_controller, Key);

    public void Settle() => World.Settle(_controller, Key);

    /// <summary>The scheduler and the node agent: a pod is where it was made for, and Ready.</summary>
    public void Run(Pod pod, bool ready = true)
    {
        World.Run(pod.Metadata.Name!, ready);
        World.Change<Pod>(pod.Metadata.Name!, p => p with { Spec = p.Spec! with { NodeName = Target(p) } });
    }

    /// <summary>What is new runs, what leaves is gone, until all is quiet.</summary>
    public void RunAll(Action? watch = null)
    {
        for (var i = 0; i < 100; i++)
        {
            Settle();
            watch?.Invoke();
            if (World.Pods.FirstOrDefault(p => p.Metadata.DeletionTimestamp is not null || p.Status?.Phase == "Pending") is not { } next) return;
            if (next.Metadata.DeletionTimestamp is not null) World.Stop(next.Metadata.Name!);
            else Run(next);
        }
        throw new InvalidOperationException("it never becomes quiet");
    }
}
