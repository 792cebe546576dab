using Kennel.Objects.Quantities;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Volumes;

/// <summary>What claims, volumes and classes say about themselves.</summary>
public static class Reading
{
    extension(PersistentVolumeClaim claim)
    {
        /// <summary>The class asked for: the beta annotation first, then the field; null when none was given, empty when none is wanted.</summary>
        public string? ClassOrNull =>
            claim.Metadata.Annotations.TryGetValue(Marks.BetaClass, out var beta) ? beta : claim.Spec?.StorageClassName;

        public string Class => claim.ClassOrNull ?? "";

        public Quantity Request => Amount.Of(claim.Spec?.Resources?.Requests, "storage");

        /// <summary>What the claim has, by its status.</summary>
        public Quantity CapacityNow => Amount.Of(claim.Status?.Capacity, "storage");

        public string Mode => claim.Spec?.VolumeMode ?? "Filesystem";

        public string VolumeName => claim.Spec?.VolumeName ?? "";

        public string Phase => claim.Status?.Phase ?? "";

        public bool Has(string annotation) => claim.Metadata.Annotations.ContainsKey(annotation);

        public string? Annotation(string name) => claim.Metadata.Annotations.GetValueOrDefault(name);

        /// <summary>Bound for good: both sides have been written.</summary>
        public bool BindCompleted => claim.Has(Marks.BindCompleted);
    }

    extension(PersistentVolume volume)
    {
        public string Class =>
            volume.Metadata.Annotations.TryGetValue(Marks.BetaClass, out var beta) ? beta : volume.Spec?.StorageClassName ?? "";

        public Quantity Capacity => Amount.Of(volume.Spec?.Capacity, "storage");

        public string Mode => volume.Spec?.VolumeMode ?? "Filesystem";

        public string Phase => volume.Status?.Phase ?? "";

        public ObjectReference? ClaimRef => volume.Spec?.ClaimRef;

        public string ReclaimPolicy => volume.Spec?.PersistentVolumeReclaimPolicy ?? "Retain";

        public string? Annotation(string name) => volume.Metadata.Annotations.GetValueOrDefault(name);

        /// <summary>A provisioner made it, ours or another one, and takes it away again.</summary>
        public bool IsProvisioned => volume.Annotation(Marks.ProvisionedBy) is not null;

        /// <summary>Its claimRef names this claim, by uid once it has one.</summary>
        public bool IsFor(PersistentVolumeClaim claim) =>
            volume.ClaimRef is { } reference
            && reference.Name == claim.Metadata.Name
            && reference.Namespace == claim.Metadata.Namespace
            && (string.IsNullOrEmpty(reference.Uid) || reference.Uid == claim.Metadata.Uid);
    }

    extension(StorageClass kind)
    {
        public bool WaitsForConsumer => kind.VolumeBindingMode == "WaitForFirstConsumer";

        public bool IsDefault =>
            kind.Metadata.Annotations.GetValueOrDefault(Marks.DefaultClass) == "true"
            || kind.Metadata.Annotations.GetValueOrDefault(Marks.BetaDefaultClass) == "true";
    }

    /// <summary>The default class: the newest of those marked so, the first by name among equals (SS-1132).</summary>
    public static StorageClass? Default(this IEnumerable<StorageClass> classes) =>
        classes.Where(c => c.IsDefault)
            .OrderByDescending(c => c.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue)
            .ThenBy(c => c.Metadata.Name, StringComparer.Ordinal)
            .FirstOrDefault();
}
