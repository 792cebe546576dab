using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>
/// Makes a bound claim's volume as large as the claim asks (whether its class allows that, admission has asked). A directory has no size to
/// change: what changes is what the volume promises, so the pod needs no restart and nothing is left for the node to do.
/// </summary>
public static class Expand
{
    const string Resizing = "Resizing";

    /// <param name="volume">The volume that the claim is bound to, if it exists.</param>
    public static Decision Decide(PersistentVolumeClaim claim, PersistentVolume? volume, DateTimeOffset now)
    {
        if (volume is null || volume.ClaimRef?.Uid != claim.Metadata.Uid || claim.Phase != Marks.Bound || claim.Request <= claim.CapacityNow) return Decision.Nothing;
        var size = claim.Spec!.Resources!.Requests["storage"];
        if (!Provision.IsOurs(volume.Annotation(Marks.ProvisionedBy)))
        {
            var others = new Note(claim, "ExternalExpanding", "waiting for an external controller to expand this PVC");
            return new([new Step.Say { Done = others }], $"somebody to expand PersistentVolume {volume.Metadata.Name} to {size}: no provisioner here made it");
        }
        var steps = ImmutableArray.CreateBuilder<Step>(3);
        if (!IsBegun(claim, size)) steps.Add(Begin(claim, volume, size, now));
        if (volume.Capacity < claim.Request)
            steps.Add(Merge.Patch(volume, new JsonObject { ["spec"] = new JsonObject { ["capacity"] = new JsonObject { ["storage"] = size } } }));
        steps.Add(Finish(claim, size));
        return new(steps.ToImmutable());
    }

    static bool IsBegun(PersistentVolumeClaim claim, string size) =>
        claim.Status!.AllocatedResources.GetValueOrDefault("storage") == size && claim.Status.Conditions.Any(c => c is { Type: Resizing, Status: "True" });

    static Step.Patch Begin(PersistentVolumeClaim claim, PersistentVolume volume, string size, DateTimeOffset now)
    {
        var conditions = Others(claim);
        conditions.Add(new JsonObject { ["type"] = Resizing, ["status"] = "True", ["lastTransitionTime"] = Wire.Time(now) });
        var status = new JsonObject
        {
            ["allocatedResources"] = new JsonObject { ["storage"] = size },
            ["allocatedResourceStatuses"] = new JsonObject { ["storage"] = "ControllerResizeInProgress" },
            ["conditions"] = conditions,
        };
        return Merge.Status(claim, status) with { Done = new(claim, Resizing, $"External resizer is resizing volume {volume.Metadata.Name}") };
    }

    static Step.Patch Finish(PersistentVolumeClaim claim, string size)
    {
        var left = Others(claim);
        var status = new JsonObject
        {
            ["capacity"] = new JsonObject { ["storage"] = size },
            ["allocatedResourceStatuses"] = claim.Status!.AllocatedResourceStatuses.Keys.Any(k => k != "storage") ? new JsonObject { ["storage"] = null } : null,
            ["conditions"] = left.Count > 0 ? left : null,
        };
        return Merge.Status(claim, status) with { Done = new(claim, "VolumeResizeSuccessful", "Resize volume succeeded") };
    }

    /// <summary>Conditions that tell of something else than a resize; they stay.</summary>
    static JsonArray Others(PersistentVolumeClaim claim) =>
        [.. claim.Status!.Conditions.Where(c => c.Type is not (Resizing or "FileSystemResizePending" or "ControllerResizeError" or "NodeResizeError")).Select(c => JsonNode.Parse(Json.Write(c)))];
}
