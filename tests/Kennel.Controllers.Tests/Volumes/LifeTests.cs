using System.Text;
using Kennel.Controllers.StatefulSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>Claims and volumes from their coming to their going, with the controllers at work.</summary>
public sealed class LifeTests
{
    [Fact]
    [Trait("Behaviour", "SS-1107")]
    public async Task A_small_claim_shows_the_capacity_and_the_modes_of_its_large_volume()
    {
        await using var world = Binders(api => api.Put(Make.Volume("v", "10Gi", null, "Available", "ReadWriteOnce", "ReadOnlyMany")));
        world.Api.Put(Make.Claim("c"));
        await world.Until<PersistentVolumeClaim>("c", c => c.Phase == "Bound");
        var status = world.Api.Get<PersistentVolumeClaim>("default", "c")!.Status!;
        status.Capacity["storage"].ShouldBe("10Gi");
        status.AccessModes.ShouldBe(["ReadWriteOnce", "ReadOnlyMany"]);
    }

    [Theory]
    [Trait("Behaviour", "SS-1116")]
    [Trait("Behaviour", "SS-1115")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_retained_volume_serves_again_when_its_user_frees_it(bool onlyTheUid)
    {
        await using var world = Binders(api => api.Put(Make.Volume("v")));
        var first = world.Api.Put(Make.Claim("c") with { Metadata = new() { Name = "c", Namespace = "default" } });
        await world.Until<PersistentVolumeClaim>("c", c => c.Phase == "Bound");
        world.Api.Remove(first);
        await world.Until<PersistentVolume>("v", v => v.Phase == "Released", "");
        world.Api.Put(Make.Claim("c") with { Metadata = new() { Name = "c", Namespace = "default" } });
        await world.Until<PersistentVolumeClaim>("c", _ => world.Runner.Waiting.Any(w => w.Key.Name == "c" && w.For!.StartsWith("a volume: no free", StringComparison.Ordinal)));
        var volume = world.Api.Get<PersistentVolume>("", "v")!;
        world.Api.Put(volume with { Spec = volume.Spec! with { ClaimRef = onlyTheUid ? volume.Spec.ClaimRef! with { Uid = null } : null } });
        await world.Until<PersistentVolumeClaim>("c", c => c.Phase == "Bound" && c.VolumeName == "v");
        await world.Until<PersistentVolume>("v", v => v.Phase == "Bound", "");
    }

    [Fact]
    [Trait("Behaviour", "SS-1117")]
    public async Task A_reserved_volume_waits_for_its_claim_and_takes_no_other()
    {
        await using var world = Binders(api => api.Put(Make.Volume("v").For(Make.Claim("late"), uid: false) with { Status = null }));
        world.Api.Put(Make.Claim("early"));
        await world.Until<PersistentVolume>("v", v => v.Phase == "Available", "");
        world.Api.Put(Make.Claim("late"));
        await world.Until<PersistentVolumeClaim>("late", c => c.Phase == "Bound" && c.VolumeName == "v");
        world.Api.Get<PersistentVolumeClaim>("default", "early")!.VolumeName.ShouldBe("");
    }

    [Fact]
    [Trait("Behaviour", "SS-1122")]
    [Trait("Behaviour", "SS-1123")]
    public async Task A_recycled_volume_is_emptied_once_the_disk_allows_it_and_goes_to_the_next_claim()
    {
        var disk = new Stubborn();
        var volume = Make.Volume("v") is var v ? v with { Spec = v.Spec! with { PersistentVolumeReclaimPolicy = "Recycle" } } : null!;
        await using var world = new LiveWorld(c => [new ClaimBinder(c), new VolumeBinder(c, disk)], api => api.Put(volume));
        world.Api.Put(Make.Claim("c"));
        await world.Until<PersistentVolumeClaim>("c", c => c.Phase == "Bound");
        world.Api.Put(Make.Claim("next"));
        world.Api.Remove(Make.Claim("c"));
        await world.Until<PersistentVolume>("v", v => v.Phase == "Failed" && v.Status!.Message == "Recycle failed: busy", "");
        disk.Yields = true;
        await world.Until<PersistentVolumeClaim>("next", c => c.Phase == "Bound" && c.VolumeName == "v");
        await world.Until<PersistentVolume>("v", v => v.Phase == "Bound" && v.Status!.Message is null, "");
        disk.Scrubbed.ShouldBe("/data/v");
    }

    [Fact]
    [Trait("Behaviour", "SS-1126")]
    [Trait("Behaviour", "SS-514")]
    public async Task A_claim_that_is_deleted_under_its_pod_goes_with_the_pod_and_both_come_anew()
    {
        await using var world = new LiveWorld(c => [new StatefulSetController(c), new ClaimProtection(c)], api => api.Put(Sets.Web(replicas: 1, claims: true)));
        await world.Until<Pod>("web-0", _ => true);
        await world.Until<PersistentVolumeClaim>("data-web-0", c => c.Metadata.Finalizers.Contains(Marks.ClaimProtection));
        var claim = world.Api.Get<PersistentVolumeClaim>("default", "data-web-0")!;
        var pod = world.Api.Get<Pod>("default", "web-0")!;
        pod = world.Api.Put(pod with { Spec = pod.Spec! with { NodeName = "n1" }, Status = new() { Phase = "Running" } });
        await Send(world, "DELETE", "/api/v1/namespaces/default/persistentvolumeclaims/data-web-0");
        await world.Until<PersistentVolumeClaim>("data-web-0", _ => world.Runner.Waiting.Any(w => w.For == "pod web-0 to be deleted: it uses the claim"));
        world.Api.Get<PersistentVolumeClaim>("default", "data-web-0")!.Metadata.Uid.ShouldBe(claim.Metadata.Uid);
        var calls = world.Api.Calls.Count;
        world.Api.Remove(pod);
        await world.Until<PersistentVolumeClaim>("data-web-0", c => c.Metadata.Uid != claim.Metadata.Uid);
        await world.Until<Pod>("web-0", p => p.Metadata.Uid != pod.Metadata.Uid);
        var made = world.Api.Calls.Skip(calls).Where(c => c.StartsWith("POST", StringComparison.Ordinal) && !c.Contains("events")).ToList();
        made.IndexOf("POST /api/v1/namespaces/default/persistentvolumeclaims").ShouldBeLessThan(made.FindLastIndex(c => c == "POST /api/v1/namespaces/default/pods"));
    }

    [Fact]
    [Trait("Behaviour", "SS-1125")]
    public async Task A_volume_that_is_deleted_while_it_is_bound_goes_after_its_claim()
    {
        await using var world = new LiveWorld(c => [new ClaimBinder(c), new VolumeBinder(c, new NoDirectories()), new ClaimProtection(c), new VolumeProtection(c)], api => api.Put(Make.Volume("v")));
        world.Api.Put(Make.Claim("c"));
        await world.Until<PersistentVolumeClaim>("c", c => c.Phase == "Bound");
        await world.Until<PersistentVolume>("v", v => v.Phase == "Bound" && v.Metadata.Finalizers.Count > 0, "");
        await Send(world, "DELETE", "/api/v1/persistentvolumes/v");
        await world.Until<PersistentVolume>("v", _ => world.Runner.Waiting.Any(w => w.For == "claim default/c to be deleted: it is bound to the volume"), "");
        world.Api.Get<PersistentVolume>("", "v")!.Phase.ShouldBe("Bound");
        await Send(world, "DELETE", "/api/v1/namespaces/default/persistentvolumeclaims/c");
        await world.UntilAll<PersistentVolume>(all => all.Count == 0);
    }

    static LiveWorld Binders(Action<Kennel.Client.Tests.Fake.FakeApi> before) => new(c => [new ClaimBinder(c), new VolumeBinder(c, new NoDirectories())], before);

    static async Task Send(LiveWorld world, string method, string path) => (await world.Api.Send(new(method, path, Encoding.UTF8.GetBytes("{}")), default)).Succeeded.ShouldBeTrue();

    /// <summary>A disk that refuses until it is told otherwise.</summary>
    sealed class Stubborn : IDirectories
    {
        public volatile bool Yields;

        public volatile string? Scrubbed;

        public ValueTask<string?> Create(string path, CancellationToken cancel) => default;

        public ValueTask<string?> Scrub(string path, CancellationToken cancel)
        {
            if (!Yields) return new("busy");
            Scrubbed = path;
            return default;
        }

        public ValueTask<string?> Remove(string path, CancellationToken cancel) => default;
    }
}
