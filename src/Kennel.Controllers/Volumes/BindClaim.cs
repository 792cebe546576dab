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
/// <param name="Coming">A volume that is about to become Available and would serve, if the claim names no class.</param>
public sealed record ClaimObserved(
    PersistentVolumeClaim Claim,
    PersistentVolume? Named,
    IEnumerable<PersistentVolume> Candidates,
    StorageClass? Class,
    StorageClass? DefaultClass,
    ImmutableArray<string> WaitingPods,
    DateTimeOffset Now,
    PersistentVolume? Coming = null);

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
        if (volume.ClaimRef is not { } holder)
        {
            return Match.Objection(o.Claim, volume) is { } why
                ? Pending(o, new(o.Claim, "VolumeMismatch", $"Cannot bind to requested volume \"{name}\": {why}", Warning: true), $"PersistentVolume {name} to fit: {why}")
                : new(Binding.Steps(o.Claim, volume));
        }
        return volume.IsFor(o.Claim)
            ? new(Binding.Steps(o.Claim, volume))
            : Pending(
                o, new(o.Claim, "FailedBinding", $"volume \"{name}\" already bound to a different claim.", Warning: true),
                $"PersistentVolume {name} to be free: claim {holder.Namespace}/{holder.Name} has it");
    }

    static Decision BindBest(ClaimObserved o)
    {
        var delayed = o.Class is { WaitsForConsumer: true };
        if (Match.Best(o.Claim, o.Candidates, onlyReserved: delayed) is { } volume) return new(Binding.Steps(o.Claim, volume));
        if (o.Claim.ClassOrNull is null && o.DefaultClass is { } kind)
            return o.Coming is { } coming ? Pending(o, null, $"PersistentVolume {coming.Metadata.Name} to become Available") : TakeDefault(o, kind);
        if (delayed && !o.Claim.Has(Marks.SelectedNode)) return AwaitConsumer(o);
        if (o.Claim.Class.Length > 0) return AwaitProvisioner(o);
        const string none = "no persistent volumes available for this claim and no storage class is set";
        return Pending(o, new(o.Claim, "FailedBinding", none), Wish.Of(o.Claim) + (o.Claim.ClassOrNull is null ? ", and there is no default StorageClass" : ", and the claim wants no class"));
    }

    /// <summary>No volume without a class fits: the claim gets the default class, once (SS-1133).</summary>
    static Decision TakeDefault(ClaimObserved o, StorageClass kind) =>
        new([Merge.Patch(o.Claim, new JsonObject { ["spec"] = new JsonObject { ["storageClassName"] = kind.Metadata.Name } }, unchanged: true)]);

    /// <summary>The scheduler chooses the node first (SS-1128).</summary>
    static Decision AwaitConsumer(ClaimObserved o)
    {
        if (o.WaitingPods.IsEmpty)
            return Pending(o, new(o.Claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding"), "its first consumer: no pod that uses the claim waits for a node");
        var plural = o.WaitingPods.Length > 1 ? "s" : "";
        var pods = $"pod{plural} {string.Join(",", o.WaitingPods)} to be scheduled";
        return Passing(o, new(o.Claim, "WaitForPodScheduled", $"waiting for {pods}"), pods);
    }

    /// <summary>Provisioners work beside the binder: it marks the claim with theirs (SS-1114).</summary>
    static Decision AwaitProvisioner(ClaimObserved o)
    {
        if (o.Class is not { } kind)
        {
            var missing = $"storageclass.storage.k8s.io \"{o.Claim.Class}\" not found";
            return Pending(o, new(o.Claim, "ProvisioningFailed", missing, Warning: true), $"{Wish.Of(o.Claim)}, and StorageClass {o.Claim.Class} doesn't exist");
        }
        if (kind.Provisioner == Marks.NoProvisioner)
        {
            const string nobody = $"no volume plugin matched name: {Marks.NoProvisioner}";
            return Pending(o, new(o.Claim, "ProvisioningFailed", nobody, Warning: true), $"{Wish.Of(o.Claim)}, and its class provisions none");
        }
        var waiting = $"Waiting for a volume to be created either by the external provisioner '{kind.Provisioner}' or manually by the system "
            + "administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.";
        var note = new Note(o.Claim, "ExternalProvisioning", waiting);
        var waitingFor = $"provisioner {kind.Provisioner} to make a volume of class {o.Claim.Class}";
        if (IsSoonServed(o, kind)) return Passing(o, note, waitingFor);
        var pending = Pending(o, note, waitingFor);
        if (o.Claim.Annotation(Marks.Provisioner) == kind.Provisioner) return pending;
        var annotations = Binding.Provisioner([], kind.Provisioner);
        return pending with { Steps = pending.Steps.Insert(0, Merge.Patch(o.Claim, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } })) };
    }

    /// <summary>Our own provisioner answers at once: then its name is written together with the binding, one write less for each claim.</summary>
    static bool IsSoonServed(ClaimObserved o, StorageClass kind) =>
        LocalPath.Provision.IsOurs(kind.Provisioner) && o.Claim.Metadata.CreationTimestamp is { } created && o.Now - created < Marks.Resync;

    /// <summary>What is over in a moment as a rule is told only when it isn't: nobody reads it, and a thousand claims would write it a thousand times.</summary>
    static Decision Passing(ClaimObserved o, Note note, string waitingFor)
    {
        var news = (o.Claim.Metadata.CreationTimestamp ?? o.Now) + Marks.Moment;
        return o.Now >= news ? Pending(o, note, waitingFor) : Pending(o, null, waitingFor) with { At = news };
    }

    static Decision Pending(ClaimObserved o, Note? note, string waitingFor)
    {
        var steps = ImmutableArray.CreateBuilder<Step>(2);
        if (o.Claim.Phase != Marks.Pending) steps.Add(Unbound(o.Claim, Marks.Pending));
        if (note is not null) steps.Add(new Step.Say { Done = note });
        return new(steps.ToImmutable(), waitingFor, o.Now + Marks.Resync);
    }

    static Decision Lose(ClaimObserved o, string reason, string message)
    {
        var waitingFor = o.Claim.VolumeName.Length == 0 ? "spec.volumeName, which was emptied: the data is lost"
            : reason == "ClaimLost" ? $"PersistentVolume {o.Claim.VolumeName}, which is gone: the data is lost"
            : $"PersistentVolume {o.Claim.VolumeName}, which belongs to another claim";
        if (o.Claim.Phase == Marks.Lost) return Decision.Wait(waitingFor);
        return new([Unbound(o.Claim, Marks.Lost) with { Done = new(o.Claim, reason, message, Warning: true) }], waitingFor);
    }

    /// <summary>Without a volume a claim has neither capacity nor access modes.</summary>
    static Step.Patch Unbound(PersistentVolumeClaim claim, string phase) =>
        Merge.Status(claim, new JsonObject { ["phase"] = phase, ["accessModes"] = null, ["capacity"] = null });
}
