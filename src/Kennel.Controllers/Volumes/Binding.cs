using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>The four writes that bind a claim and a volume, in their order; those already done are left out (SS-1111).</summary>
public static class Binding
{
    public static ImmutableArray<Step> Steps(PersistentVolumeClaim claim, PersistentVolume volume)
    {
        var steps = ImmutableArray.CreateBuilder<Step>(4);
        var reserved = Refers(volume, claim);
        if (!reserved) steps.Add(new Step.Update(Reserve(volume, claim)));
        // What was reserved in another round may have been freed since: then the revision is another and the round ends here.
        if (volume.Phase != Marks.Bound) steps.Add(VolumePhase(volume, Marks.Bound, unchanged: reserved));
        if (claim.VolumeName != volume.Metadata.Name || !claim.BindCompleted) steps.Add(Complete(claim, volume));
        if (claim.Phase != Marks.Bound || !claim.Status!.AccessModes.SequenceEqual(volume.Spec!.AccessModes)) steps.Add(ClaimBound(claim, volume));
        return steps.ToImmutable();
    }

    /// <summary>The volume with its full reference to the claim: from here on it is nobody else's.</summary>
    public static PersistentVolume Reserve(PersistentVolume volume, PersistentVolumeClaim claim)
    {
        var reference = new ObjectReference
        {
            ApiVersion = "v1",
            Kind = "PersistentVolumeClaim",
            Namespace = claim.Metadata.Namespace,
            Name = claim.Metadata.Name,
            Uid = claim.Metadata.Uid,
            ResourceVersion = claim.Metadata.ResourceVersion,
        };
        var reserved = volume with { Spec = (volume.Spec ?? PersistentVolumeSpec.Empty) with { ClaimRef = reference } };
        return volume.ClaimRef is not null ? reserved
            : reserved with { Metadata = volume.Metadata with { Annotations = Added(volume.Metadata.Annotations, Marks.BoundByController) } };
    }

    /// <param name="unchanged">Only if the volume still is at the revision that was seen.</param>
    public static Step.Patch VolumePhase(PersistentVolume volume, string phase, string? message = null, bool unchanged = false)
    {
        var status = new JsonObject { ["phase"] = phase };
        if (volume.Status?.Message != message) status["message"] = message;
        return Merge.Patch(volume, new JsonObject { ["status"] = status }, "status", unchanged);
    }

    static bool Refers(PersistentVolume volume, PersistentVolumeClaim claim) =>
        volume.IsFor(claim) && volume.ClaimRef!.Uid == claim.Metadata.Uid;

    static Step.Patch Complete(PersistentVolumeClaim claim, PersistentVolume volume)
    {
        var annotations = new JsonObject { [Marks.BindCompleted] = "yes" };
        if (claim.VolumeName.Length == 0) annotations[Marks.BoundByController] = "yes";
        if (volume.Annotation(Marks.ProvisionedBy) is { } provisioner && Provision.IsOurs(provisioner) && claim.Annotation(Marks.Provisioner) is null) Provisioner(annotations, provisioner);
        return Merge.Patch(claim, new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = annotations },
            ["spec"] = new JsonObject { ["volumeName"] = volume.Metadata.Name },
        });
    }

    /// <summary>Who provisions the claim, under both names that provisioners look for.</summary>
    public static JsonObject Provisioner(JsonObject annotations, string name)
    {
        annotations[Marks.BetaProvisioner] = name;
        annotations[Marks.Provisioner] = name;
        return annotations;
    }

    /// <summary>The capacity is the volume's when the claim becomes bound; what a resize says of it later stays.</summary>
    static Step.Patch ClaimBound(PersistentVolumeClaim claim, PersistentVolume volume)
    {
        var status = new JsonObject { ["phase"] = Marks.Bound, ["accessModes"] = new JsonArray([.. volume.Spec!.AccessModes.Select(m => (JsonNode)m)]) };
        if (claim.Phase != Marks.Bound)
            status["capacity"] = new JsonObject([.. volume.Spec!.Capacity.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))]);
        return Merge.Status(claim, status);
    }

    static SortedDictionary<string, string> Added(IReadOnlyDictionary<string, string> annotations, string name)
    {
        var added = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in annotations) added[key] = value;
        added[name] = "yes";
        return added;
    }
}
