using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Controllers.Scheduling;
using Kennel.Controllers.Volumes;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>How many requests a claim costs: counted on what the API was asked.</summary>
public sealed class WritesTests
{
    const int Claims = 30;

    [Theory]
    [Trait("Behaviour", "SS-1111")]
    [Trait("Behaviour", "SS-1129")]
    [InlineData(true, "rancher.io/local-path", 3)] // selected node, binding, status
    [InlineData(false, "k8s.io/minikube-hostpath", 2)] // binding, status
    public async Task A_provisioned_claim_is_written_as_often_as_something_about_it_changes_and_its_volume_twice(bool waits, string provisioner, int patches)
    {
        await using var world = await World(waits, provisioner, named: true);
        var calls = Counted(world);
        calls["POST persistentvolumes"].ShouldBe(Claims);
        calls["PATCH persistentvolumes/status"].ShouldBe(Claims);
        (calls["PATCH persistentvolumeclaims"] + calls["PATCH persistentvolumeclaims/status"]).ShouldBe(patches * Claims);
        calls.Keys.Where(k => k.Contains("persistentvolume")).Order().ShouldBe(["PATCH persistentvolumeclaims", "PATCH persistentvolumeclaims/status", "PATCH persistentvolumes/status", "POST persistentvolumes"]);
        world.Api.Get<PersistentVolumeClaim>("default", "c00")!.Metadata.Annotations.Keys.Order().ShouldBe(
            [.. (waits ? new[] { Marks.SelectedNode } : []), Marks.BindCompleted, Marks.BoundByController, Marks.BetaProvisioner, Marks.Provisioner], ignoreOrder: true);
    }

    [Fact]
    [Trait("Behaviour", "SS-1133")]
    public async Task A_claim_without_a_class_costs_one_write_more()
    {
        await using var world = await World(waits: true, "rancher.io/local-path", named: false);
        var calls = Counted(world);
        (calls["PATCH persistentvolumeclaims"] + calls["PATCH persistentvolumeclaims/status"]).ShouldBe(4 * Claims);
        calls["PATCH persistentvolumes/status"].ShouldBe(Claims);
    }

    [Fact]
    [Trait("Behaviour", "SS-1111")]
    public async Task Claims_that_reach_for_the_same_volumes_do_not_get_in_each_others_way()
    {
        await using var world = new LiveWorld(c => [new ClaimBinder(c), new VolumeBinder(c, new NoDirectories())], api =>
        {
            for (var i = 0; i < Claims; i++) api.Put(Make.Volume($"v{i:00}"));
        });
        await world.UntilAll<PersistentVolume>(all => all.All(v => v.Status?.Phase == "Available")); // nobody else writes them while claims reach for them
        for (var i = 0; i < Claims; i++) world.Api.Put(Make.Claim($"c{i:00}"));
        await world.UntilAll<PersistentVolumeClaim>(all => all.Count == Claims && all.All(c => c.Status?.Phase == "Bound"));
        var calls = Counted(world);
        calls["PUT persistentvolumes"].ShouldBe(Claims); // nobody was refused and had to look again
        calls["PATCH persistentvolumes/status"].ShouldBe(Claims);
        (calls["PATCH persistentvolumeclaims"] + calls["PATCH persistentvolumeclaims/status"]).ShouldBe(2 * Claims);
    }

    static async Task<LiveWorld> World(bool waits, string provisioner, bool named)
    {
        var world = new LiveWorld(Controllers, api =>
        {
            api.Put(Make.Node("n1", cpu: "1000", memory: "1000Gi"));
            api.Put(Make.Class("std", provisioner, waits, isDefault: true));
        });
        for (var i = 0; i < Claims; i++)
        {
            world.Api.Put(Make.Claim($"c{i:00}", named ? "std" : null) is var c ? c with { Metadata = new() { Name = c.Metadata.Name, Namespace = "default", CreationTimestamp = TimeProvider.System.GetUtcNow() } } : null!);
            world.Api.Put(Make.Pod($"p{i:00}", claims: $"c{i:00}"));
        }
        await world.UntilAll<PersistentVolumeClaim>(all => all.Count == Claims && all.All(c => c.Status?.Phase == "Bound"));
        await world.UntilAll<Pod>(all => all.All(p => !string.IsNullOrEmpty(p.Spec!.NodeName)));
        return world;
    }

    static IEnumerable<IController> Controllers(Caches caches)
    {
        var options = new LocalPathOptions("/vols", new NoDirectories());
        return [new ClaimBinder(caches), new VolumeBinder(caches, options.Directories), new Provisioner(caches, options), new Cleaner(caches, options), new Scheduler(caches)];
    }

    /// <summary>Method and resource (with subresource) → how often.</summary>
    static SortedDictionary<string, int> Counted(LiveWorld world)
    {
        var counted = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var call in world.Api.Calls.ToList())
        {
            var (method, path) = call.Split(' ') is [var m, var p, ..] ? (m, p.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries)) : default;
            if (method is "GET" or "WATCH") continue;
            var at = Array.IndexOf(path, "persistentvolumes") is var v and >= 0 ? v : Array.IndexOf(path, "persistentvolumeclaims");
            if (at < 0) continue;
            var key = $"{method} {path[at]}{(path.Length > at + 2 ? "/" + path[at + 2] : "")}";
            counted[key] = counted.GetValueOrDefault(key) + 1;
        }
        return counted;
    }
}
