using Kennel.Client.Running;
using Kennel.Controllers.Scheduling;
using Kennel.Controllers.Volumes;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>Binder, provisioner, protection and scheduler together.</summary>
public sealed class BindingWorldTests
{
    [Fact]
    [Trait("Behaviour", "SS-1133")]
    public async Task Claims_take_the_volumes_without_a_class_first_and_the_rest_is_provisioned_where_the_pod_goes()
    {
        await using var world = new LiveWorld(Controllers, api =>
        {
            api.Put(Make.Node("n1"));
            api.Put(Make.Class("local-path", isDefault: true));
            api.Put(New(Make.Volume("notes-1", "2Gi", phase: "")));
        });
        for (var i = 0; i < 2; i++)
        {
            world.Api.Put(Make.Claim($"data-{i}") with { Metadata = new() { Name = $"data-{i}", Namespace = "default" }, Status = null });
            world.Api.Put(Make.Pod($"web-{i}", claims: $"data-{i}") with { Metadata = new() { Name = $"web-{i}", Namespace = "default" } });
            await world.Until<Pod>($"web-{i}", p => p.Spec!.NodeName == "n1");
        }
        world.Api.Get<PersistentVolumeClaim>("default", "data-0")!.Spec!.VolumeName.ShouldBe("notes-1");
        var second = world.Api.Get<PersistentVolumeClaim>("default", "data-1")!;
        second.Spec!.StorageClassName.ShouldBe("local-path");
        second.Spec.VolumeName.ShouldBe("pvc-" + second.Metadata.Uid);
        second.Status!.Phase.ShouldBe("Bound");
        world.Api.Get<PersistentVolume>("", second.Spec.VolumeName!)!.Status!.Phase.ShouldBe("Bound");
        world.Api.Get<PersistentVolume>("", "notes-1")!.Status!.Phase.ShouldBe("Bound");
    }

    [Fact]
    [Trait("Behaviour", "SS-1120")]
    public async Task When_its_claim_goes_a_retained_volume_is_released_and_a_provisioned_one_is_deleted_with_its_data()
    {
        var disk = new Disk();
        var claim = Make.Claim("c", "local-path").Noted(Marks.SelectedNode, "n1") with { Status = null };
        await using var world = new LiveWorld(
            c => [new ClaimBinder(c), new VolumeBinder(c, disk), new Provisioner(c, new("/vols", disk)), new Cleaner(c, new("/vols", disk))],
            api =>
            {
                api.Put(Make.Node("n1"));
                api.Put(Make.Class("local-path"));
                api.Put(New(Make.Volume("kept", phase: "")));
                api.Put(claim);
                api.Put(Make.Claim("d", "") with { Status = null });
            });
        await world.Until<PersistentVolumeClaim>("c", x => x.Status?.Phase == "Bound");
        await world.Until<PersistentVolumeClaim>("d", x => x.Status?.Phase == "Bound");
        disk.Made.ShouldBe(["/vols/pvc-uid-c_default_c"]);
        world.Api.Remove(claim);
        world.Api.Remove(Make.Claim("d"));
        await world.Until<PersistentVolume>("kept", v => v.Status?.Phase == "Released", "");
        await world.Until<PersistentVolume>("pvc-uid-c", v => v.Metadata.DeletionTimestamp is not null, "");
        disk.Removed.ShouldBe(["/vols/pvc-uid-c_default_c"]);
    }

    [Fact]
    [Trait("Behaviour", "SS-1101")]
    public async Task A_hundred_claims_and_a_hundred_volumes_find_each_other_one_to_one()
    {
        await using var world = new LiveWorld(c => [new ClaimBinder(c), new VolumeBinder(c, new NoDirectories())]);
        for (var i = 0; i < 100; i++)
        {
            world.Api.Put(Make.Claim($"c{i:000}") with { Status = null });
            world.Api.Put(New(Make.Volume($"v{i:000}", phase: "")));
        }
        await world.UntilAll<PersistentVolumeClaim>(all => all.Count == 100 && all.All(c => c.Status?.Phase == "Bound"));
        world.Api.All<PersistentVolumeClaim>().Select(c => c.Spec!.VolumeName).Distinct().Count().ShouldBe(100);
        foreach (var volume in world.Api.All<PersistentVolume>())
            world.Api.Get<PersistentVolumeClaim>("default", volume.Spec!.ClaimRef!.Name!)!.Spec!.VolumeName.ShouldBe(volume.Metadata.Name);
    }

    static IEnumerable<IController> Controllers(Kennel.Client.Caching.Caches caches)
    {
        var options = new LocalPathOptions("/vols", new NoDirectories());
        return
        [
            new ClaimBinder(caches), new VolumeBinder(caches, options.Directories), new Provisioner(caches, options), new Cleaner(caches, options),
            new ClaimProtection(caches), new VolumeProtection(caches), new Scheduler(caches),
        ];
    }

    static PersistentVolume New(PersistentVolume volume) => volume with { Status = null };

    sealed class Disk : IDirectories
    {
        public List<string> Made { get; } = [];

        public List<string> Removed { get; } = [];

        public ValueTask<string?> Create(string path, CancellationToken cancel)
        {
            lock (Made) Made.Add(path);
            return default;
        }

        public ValueTask<string?> Copy(string from, string to, CancellationToken cancel) => Create($"{to} from {from}", cancel);

        public ValueTask<string?> Scrub(string path, CancellationToken cancel) => Remove($"{path}/*", cancel);

        public ValueTask<string?> Remove(string path, CancellationToken cancel)
        {
            lock (Removed) Removed.Add(path);
            return default;
        }
    }
}
