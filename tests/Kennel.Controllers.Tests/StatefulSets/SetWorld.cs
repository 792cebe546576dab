using Kennel.Controllers.StatefulSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.StatefulSets;

/// <summary>A world with one set named web and its controller.</summary>
public sealed class SetWorld
{
    readonly StatefulSetController _controller;
    static readonly ObjectKey Key = new("default", "web");

    public SetWorld(StatefulSet set)
    {
        _controller = new(World.Caches);
        World.Put(set);
    }

    public ModelWorld World { get; } = new();
    public StatefulSet Set => World.Caches.Of<StatefulSet>().Get(Key)!;
    public StatefulSetStatus Status => Set.Status!;
    public IEnumerable<string> Revisions => World.Caches.Of<ControllerRevision>().All().OrderBy(r => r.Revision).Select(r => $"{r.Metadata.Name} {r.Revision}");
    public IEnumerable<string?> Claims => World.Caches.Of<PersistentVolumeClaim>().All().Select(c => c.Metadata.Name);

    public IEnumerable<string> Events => World.Events.TakeLast(5).Select(e => e.Message);

    public void Change(Func<StatefulSetSpec, StatefulSetSpec> change) => World.Put(Set.With(change));

    public void Scale(int replicas) => Change(s => s with { Replicas = replicas });

    public void Image(string image) => Change(s => s with { Template = Sets.Template(image) });

    public bool Round() => World.Round(_controller, Key);

    /// <summary>Rounds until it rests; gives what was done to pods and claims since the last time.</summary>
    public string Settle()
    {
        World.Settle(_controller, Key);
        return string.Join("\n", World.Did().Split('\n').Where(l => !l.Contains(" revision ")));
    }

    /// <summary>The node agent makes everything run and stop, and the controller goes on, until all is quiet.</summary>
    public string Run()
    {
        List<string> did = [];
        for (var i = 0; i < 200; i++)
        {
            var before = Settle();
            if (before.Length > 0) did.Add(before);
            var due = World.Pods.Where(p => p.Metadata.DeletionTimestamp is not null || p.Status?.Phase == "Pending").Select(p => p.Metadata.Name!).ToList();
            if (due.Count == 0) return string.Join("\n", did);
            foreach (var name in due)
            {
                if (World.Pod(name)!.Metadata.DeletionTimestamp is not null) World.Stop(name);
                else World.Run(name);
            }
        }
        throw new InvalidOperationException("it never becomes quiet");
    }
}
