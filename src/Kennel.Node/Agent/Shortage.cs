using System.Collections.Immutable;
using Kennel.Node.Figuring;
using Kennel.Node.Images;
using Kennel.Node.Pods;
using Kennel.Node.Pressure;
using Kennel.Node.Runtime;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>Looks at memory and disk every few seconds, and has done what <see cref="Pressure.Decide"/> decides. Where nothing can be measured, nothing happens.</summary>
sealed class Shortage(Shared shared, Meter meter, Func<List<PodWorker>> workers)
{
    /// <summary>Files in a pod's folders are counted every third look: it takes the disk's time.</summary>
    const int CountEvery = 3;

    readonly SortedDictionary<string, DateTimeOffset> _usedAt = new(StringComparer.Ordinal);
    DateTimeOffset? _memoryMet, _diskMet;
    string? _told;
    int _looks;

    public bool Memory { get; private set; }

    public bool Disk { get; private set; }

    public async Task Look(CancellationToken cancel)
    {
        var decision = Pressure.Decide.Node(await Observe(collected: false, cancel));
        if (decision.Collect)
        {
            await Collect(cancel);
            decision = Pressure.Decide.Node(await Observe(collected: true, cancel));
        }
        (Memory, Disk, _memoryMet, _diskMet) = (decision.MemoryPressure, decision.DiskPressure, decision.MemoryMet, decision.DiskMet);
        Tell(decision.Short);
        if (decision.Victim is var (pod, message)) workers().Find(w => w.Identity.Uid == pod.Metadata.Uid)?.Evict(new("Evicted", message));
        if (_looks++ % CountEvery == 0) await CheckLimits(cancel);
    }

    async ValueTask<PressureObserved> Observe(bool collected, CancellationToken cancel)
    {
        var (memory, disk) = (meter.Memory(), shared.Parts.Host.Disk(shared.Options.DataFolder));
        var o = new PressureObserved(shared.Now, shared.Options.Thresholds, memory, disk, _memoryMet, _diskMet, collected, Evicting: false, []);
        if (Pressure.Decide.Node(o) is { Short: null }) return o; // the usual case costs two reads
        var uses = ImmutableArray.CreateBuilder<PodUse>();
        var evicting = false;
        foreach (var worker in workers())
        {
            if (worker.Evicted) evicting |= worker.Sandboxes.Any(s => s.Ready);
            else if (await Use(worker, cancel) is { } use) uses.Add(use);
        }
        return o with { Pods = uses.ToImmutable(), Evicting = evicting };
    }

    async ValueTask<PodUse?> Use(PodWorker worker, CancellationToken cancel)
    {
        if (worker.Pod is not { } pod || pod.Status?.Phase is "Failed" or "Succeeded" || PodDirectory.Measured(worker, shared.Options.CgroupRoot) is not { } measured) return null;
        var storage = await Stored(worker, pod, cancel);
        var containers = measured.Containers.Select(c => new ContainerUse(c.Name, meter.OfCgroup($"{measured.Cgroup}/{c.Id}")?.WorkingSetBytes ?? 0, storage.Containers.GetValueOrDefault(c.Name)));
        return new(pod, meter.OfCgroup(measured.Cgroup)?.WorkingSetBytes ?? 0, storage.EmptyDirs.Values.Sum() + storage.Containers.Values.Sum(), [.. containers]);
    }

    async ValueTask<StorageUse> Stored(PodWorker worker, Pod pod, CancellationToken cancel)
    {
        var (host, uid) = (shared.Parts.Host, worker.Identity.Uid);
        var dirs = (pod.Spec?.Volumes ?? []).Where(v => v.EmptyDir is { Medium: not "Memory" })
            .ToImmutableSortedDictionary(v => v.Name, v => host.UsedBytes(shared.Paths.Volume(uid, "kubernetes.io~empty-dir", v.Name)), StringComparer.Ordinal);
        var logs = shared.Paths.Logs(worker.Identity.Namespace, worker.Identity.Name, uid);
        var written = worker.Sandboxes is [var sandbox, ..] ? await shared.Parts.Runtime.WrittenBytes(sandbox.Id, cancel) : new Dictionary<string, long>();
        var containers = (pod.Spec?.Containers ?? []).ToImmutableSortedDictionary(c => c.Name, c => written.GetValueOrDefault(c.Name) + host.UsedBytes($"{logs}/{c.Name}"), StringComparer.Ordinal);
        return new(dirs, containers);
    }

    async ValueTask CheckLimits(CancellationToken cancel)
    {
        foreach (var worker in workers())
        {
            if (worker.Evicted || worker.Pod is not { Spec: { } spec } pod || !LocalStorage.HasLimits(spec) || !worker.Sandboxes.Any(s => s.Ready)) continue;
            if (LocalStorage.Exceeded(spec, await Stored(worker, pod, cancel)) is { } why) worker.Evict(new("Evicted", why));
        }
    }

    async ValueTask Collect(CancellationToken cancel)
    {
        var images = await shared.Parts.Runtime.Images(cancel);
        var used = workers().SelectMany(w => w.Sandboxes).SelectMany(s => s.Containers).Select(c => c.ImageId).ToHashSet(StringComparer.Ordinal);
        var uses = images.Select(i => Use(i, used)).ToList();
        foreach (var gone in _usedAt.Keys.Except(images.Select(i => i.Id), StringComparer.Ordinal).ToList()) _usedAt.Remove(gone);
        if (shared.Parts.Host.Disk(shared.Options.DataFolder) is not { } disk) return;
        var wanted = shared.Options.Thresholds.Images(disk.Total) * 4 / 3 - disk.Available;
        foreach (var id in ImageCollecting.Choose(uses, wanted, shared.Now))
        {
            shared.Parts.Log($"node {shared.Options.Node}: the disk is short: image {string.Join(", ", images.First(i => i.Id == id).Tags.DefaultIfEmpty(id))} is removed");
            await shared.Parts.Runtime.RemoveImage(id, cancel);
        }
    }

    ImageUse Use(ImageState image, HashSet<string> used)
    {
        var inUse = used.Contains(image.Id) || image.Digests.Any(used.Contains);
        if (inUse || !_usedAt.ContainsKey(image.Id)) _usedAt[image.Id] = shared.Now;
        return new(image, inUse, _usedAt[image.Id]);
    }

    void Tell(string? resource)
    {
        if (resource is not null && resource != _told) shared.SayOfNode(new("EvictionThresholdMet", $"Attempting to reclaim {resource}", Warning: true));
        _told = resource;
    }
}
