using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Node.Pods;
using Kennel.Objects.Core;
using Kennel.Objects.Quantities;

namespace Kennel.Node.Volumes;

/// <summary>Makes a pod's volumes ready, again and again with the same outcome, and takes them down. Claims' data is never touched by the latter.</summary>
/// <param name="anonymous">Its pods have no processes: nobody reads their tokens.</param>
public sealed class VolumeSetup(
    IHost host, Lookup lookup, VolumePaths paths, NodePlace node, IReadOnlyDictionary<string, string> allocatable, bool anonymous = false)
{
    readonly Tokens _tokens = new(lookup, anonymous);

    /// <summary>All volumes of the pod by name.</summary>
    /// <exception cref="VolumeException">One can't be had; the message is the event's.</exception>
    public async Task<ImmutableSortedDictionary<string, Place>> Ensure(Observed o, CancellationToken cancel)
    {
        var places = ImmutableSortedDictionary.CreateBuilder<string, Place>(StringComparer.Ordinal);
        host.MakeFolder(paths.Pod(o.Pod!.Metadata.Uid ?? ""), 0b111_101_000);
        foreach (var volume in o.Spec.Volumes)
        {
            try { places[volume.Name] = await One(o, volume, new Gather(lookup, _tokens, allocatable), cancel); }
            catch (Exception failed) when (failed is VolumeException or IOException or UnauthorizedAccessException or FormatException)
            {
                throw new VolumeException($"MountVolume.SetUp failed for volume \"{volume.Name}\" : {failed.Message}");
            }
        }
        return places.ToImmutable();
    }

    /// <summary>Has this pod files that follow the API's objects?</summary>
    public static bool Follows(PodSpec spec) => spec.Volumes.Any(v => v.ConfigMap is not null || v.Secret is not null || v.DownwardAPI is not null || v.Projected is not null);

    /// <summary>Brings the files of such volumes up to date.</summary>
    /// <param name="seen">Reads for a whole round of pods: many of them mount the same objects.</param>
    public async Task Refresh(Observed o, Lookup seen, CancellationToken cancel)
    {
        var gather = new Gather(seen, _tokens, allocatable);
        foreach (var volume in o.Spec.Volumes)
            if (volume.ConfigMap is not null || volume.Secret is not null || volume.DownwardAPI is not null || volume.Projected is not null) await One(o, volume, gather, cancel);
    }

    /// <summary>Unmounts what this node mounted and removes what it made; the rest of the pod's folder only when <paramref name="all"/>.</summary>
    public void TearDown(string uid, bool all)
    {
        _tokens.Forget(uid);
        foreach (var mount in host.MountsBelow(paths.Pod(uid))) host.Unmount(mount);
        host.Remove(all ? paths.Pod(uid) : paths.Pod(uid) + "/volumes");
    }

    async ValueTask<Place> One(Observed o, Volume volume, Gather gather, CancellationToken cancel)
    {
        var group = o.Spec.SecurityContext?.FsGroup;
        switch (volume)
        {
            case { HostPath: { } h }:
                HostPathCheck.Ensure(host, h.Path, h.Type);
                return new(h.Path);
            case { EmptyDir: { } empty }: return EmptyDir(o, volume.Name, empty, group);
            case { PersistentVolumeClaim: { } claim }: return await Claims.Place(host, lookup, o.Pod!, node, claim.ClaimName, claim.ReadOnly == true, volume.Name, ofPod: false, cancel);
            case { Ephemeral: not null }: return await Claims.Place(host, lookup, o.Pod!, node, $"{o.Pod!.Metadata.Name}-{volume.Name}", false, volume.Name, ofPod: true, cancel);
            case { ConfigMap: { } c }: return Files(o, "kubernetes.io~configmap", volume.Name, await gather.ConfigMap(o.Pod!, c.Name ?? "", c.Items, c.DefaultMode, c.Optional == true, cancel), group);
            case { Secret: { } s }: return Files(o, "kubernetes.io~secret", volume.Name, await gather.Secret(o.Pod!, s.SecretName ?? "", s.Items, s.DefaultMode, s.Optional == true, cancel), group);
            case { DownwardAPI: { } d }: return Files(o, "kubernetes.io~downward-api", volume.Name, gather.Downward(o, d.Items, d.DefaultMode), group);
            case { Projected: { } p }: return Files(o, "kubernetes.io~projected", volume.Name, await gather.Projected(o, p, cancel), group);
            default: throw new VolumeException("no volume plugin of this node matches; it has hostPath, emptyDir, persistentVolumeClaim, ephemeral, configMap, secret, downwardAPI and projected");
        }
    }

    Place EmptyDir(Observed o, string name, EmptyDirVolumeSource empty, long? group)
    {
        var folder = paths.Volume(o.Pod!.Metadata.Uid ?? "", "kubernetes.io~empty-dir", name);
        host.MakeFolder(folder, 0b111_111_111);
        if (empty.Medium == "Memory")
            host.MountMemory(folder, Quantity.TryParse(empty.SizeLimit, out var limit) ? $"mode=0777,size={limit.Value}" : "mode=0777");
        if (group is { } g) Ownership.Apply(host, folder, g);
        return new(folder);
    }

    Place Files(Observed o, string plugin, string name, List<PayloadFile> files, long? group)
    {
        var folder = paths.Volume(o.Pod!.Metadata.Uid ?? "", plugin, name);
        Payload.Publish(host, folder, files, group);
        return new(folder, ReadOnly: true);
    }
}
