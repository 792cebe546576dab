using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Volumes;

/// <summary>What the binder knows when it looks at one claim.</summary>
/// <param name="Named">The volume that the claim names, if it exists.</param>
/// <param name="Candidates">Volumes that could serve an unbound claim: unclaimed ones of its class and those reserved for it.</param>
/// <param name="Class">The claim's class, if it names one that exists.</param>
/// <param name="DefaultClass">The class for claims that name none.</param>
/// <param name="WaitingPods">Names of pods that use the claim and aren't scheduled yet.</param>
public sealed record ClaimObserved(
    PersistentVolumeClaim Claim,
    PersistentVolume? Named,
    IEnumerable<PersistentVolume> Candidates,
    StorageClass? Class,
    StorageClass? DefaultClass,
    ImmutableArray<string> WaitingPods,
    DateTimeOffset Now);

/// <summary>Binds one claim to one volume, or says what it waits for.</summary>
public static class BindClaim
{
    public static Decision Decide(ClaimObserved o) =>
        o.Claim.BindCompleted ? CheckBound(o)
        : o.Claim.VolumeName.Length > 0 ? BindNamed(o)
        : BindBest(o);

    /// <summary>A finished binding stays, is finished again, or is lost (SS-1112).</summary>
    static Decision CheckBound(ClaimObserved o) =>
        o.Claim.VolumeName.Length == 0 ? Lose(o, "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!")
        : o.Named is not { } volume ? Lose(o, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!")
        : volume.ClaimRef is not { } reference || reference.Uid == o.Claim.Metadata.Uid ? new(Binding.Steps(o.Claim, volume))
        : Lose(o, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");

    /// <summary>The user said which volume (SS-1109, SS-1110).</summary>
    static Decision BindNamed(ClaimObserved o)
    {
        var name = o.Claim.VolumeName;
        if (o.Named is not { } volume) return Pending(o, null, $"PersistentVolume {name} to be created");
        if (volume.ClaimRef is null)
        {
            return Match.Objection(o.Claim, volume) is { } why
                ? Pending(o, new(o.Claim, "VolumeMismatch", $"Cannot bind to requested volume \"{name}\": {why}", Warning: true), $"PersistentVolume {name} to fit: {why}")
                : new(Binding.Steps(o.Claim, volume));
        }
        return volume.IsFor(o.Claim)
            ? new(Binding.Steps(o.Claim, volume))
            : Pending(o, new(o.Claim, "FailedBinding", $"volume \"{name}\" already bound to a different claim.", Warning: true), $"PersistentVolume {name} to be free");
    }

    static Decision BindBest(ClaimObserved o)
    {
        var delayed = o.Class is { WaitsForConsumer: true } && !o.Claim.Has(Marks.SelectedNode);
        if (Match.Best(o.Claim, o.Candidates, onlyReserved: delayed) is { } volume) return new(Binding.Steps(o.Claim, volume));
        if (o.Claim.ClassOrNull is null && o.DefaultClass is { } kind) return TakeDefault(o, kind);
        if (delayed) return AwaitConsumer(o);
        if (o.Claim.Class.Length > 0) return Provision(o);
        const string none = "no persistent volumes available for this claim and no storage class is set";
        return Pending(o, new(o.Claim, "FailedBinding", none), $"a PersistentVolume for claim {o.Claim.Metadata.Name}: {none}");
    }

    /// <summary>No volume without a class fits: the claim gets the default class, once (SS-1133).</summary>
    static Decision TakeDefault(ClaimObserved o, StorageClass kind) =>
        new([Merge.Patch(o.Claim, new JsonObject { ["spec"] = new JsonObject { ["storageClassName"] = kind.Metadata.Name } }, unchanged: true)]);

    /// <summary>The scheduler chooses the node first (SS-1128).</summary>
    static Decision AwaitConsumer(ClaimObserved o)
    {
        if (o.WaitingPods.IsEmpty)
        {
            const string first = "waiting for first consumer to be created before binding";
            return Pending(o, new(o.Claim, "WaitForFirstConsumer", first), first);
        }
        var plural = o.WaitingPods.Length > 1 ? "s" : "";
        var pods = $"waiting for pod{plural} {string.Join(",", o.WaitingPods)} to be scheduled";
        return Pending(o, new(o.Claim, "WaitForPodScheduled", pods), pods);
    }

    /// <summary>Provisioners work beside the binder: it marks the claim with theirs (SS-1114).</summary>
    static Decision Provision(ClaimObserved o)
    {
        if (o.Class is not { } kind)
        {
            var missing = $"storageclass.storage.k8s.io \"{o.Claim.Class}\" not found";
            return Pending(o, new(o.Claim, "ProvisioningFailed", missing, Warning: true), missing);
        }
        if (kind.Provisioner == Marks.NoProvisioner)
        {
            const string nobody = $"no volume plugin matched name: {Marks.NoProvisioner}";
            return Pending(o, new(o.Claim, "ProvisioningFailed", nobody, Warning: true), nobody);
        }
        var waiting = $"Waiting for a volume to be created either by the external provisioner '{kind.Provisioner}' or manually by the system "
            + "administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.";
        var pending = Pending(o, new(o.Claim, "ExternalProvisioning", waiting), waiting);
        if (o.Claim.Annotation(Marks.Provisioner) == kind.Provisioner) return pending;
        var annotations = new JsonObject { [Marks.Provisioner] = kind.Provisioner, [Marks.BetaProvisioner] = kind.Provisioner };
        return pending with { Steps = pending.Steps.Insert(0, Merge.Patch(o.Claim, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } })) };
    }

    static Decision Pending(ClaimObserved o, Note? note, string waitingFor)
    {
        var steps = ImmutableArray.CreateBuilder<Step>(2);
        if (o.Claim.Phase != Marks.Pending) steps.Add(Merge.Status(o.Claim, new JsonObject { ["phase"] = Marks.Pending }));
        if (note is not null) steps.Add(new Step.Say { Done = note });
        return new(steps.ToImmutable(), waitingFor, o.Now + Marks.Resync);
    }

    static Decision Lose(ClaimObserved o, string reason, string message)
    {
        if (o.Claim.Phase == Marks.Lost) return Decision.Wait(message);
        var note = new Note(o.Claim, reason, message, Warning: true);
        return new([Merge.Status(o.Claim, new JsonObject { ["phase"] = Marks.Lost }) with { Done = note }], message);
    }
}
