using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>Before a volume is released: the claim that it is bound to really is gone. Data hangs on this, and a cache can lag.</summary>
public sealed record ClaimGone(PersistentVolume Volume) : Step.Own
{
    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        var reference = Volume.ClaimRef!;
        var answer = await api.Send(new("GET", PersistentVolumeClaim.Resource.Path(reference.Namespace, reference.Name)), cancel);
        if (answer.Status == 404) return null;
        if (!answer.Succeeded) return $"claim {reference.Namespace}/{reference.Name} could not be read: status {answer.Status}";
        var claim = Json.Read<PersistentVolumeClaim>(answer.Body.Span);
        return claim.Metadata.Uid == reference.Uid && claim.VolumeName == Volume.Metadata.Name
            ? $"claim {reference.Namespace}/{reference.Name} is still there" : null;
    }
}

/// <summary>Before a claim may go: no pod that has been given a node uses it (SS-1127).</summary>
public sealed record NoPodUses(PersistentVolumeClaim Claim) : Step.Own
{
    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        var answer = await api.Send(new("GET", Pod.Resource.Path(Claim.Metadata.Namespace)), cancel);
        if (!answer.Succeeded) return $"pods of {Claim.Metadata.Namespace} could not be read: status {answer.Status}";
        foreach (var pod in Listed.Items<Pod>(answer.Body.Span))
            if (Uses.Keeps(pod, Claim.Metadata.Name!)) return $"pod {pod.Metadata.Name} uses claim {Claim.Metadata.Name}";
        return null;
    }
}
