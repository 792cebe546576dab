using Kennel.Objects.Refusals;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>Claims and volumes are held by a finalizer from the start, so that none goes while it is in use.</summary>
sealed class StorageProtection : IAdmission
{
    public string Name => "StorageObjectInUseProtection";

    public ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Creating) return default;
        if (admitting.Is("", "PersistentVolumeClaim")) admitting.Next.AddFinalizer("kubernetes.io/pvc-protection");
        if (admitting.Is("", "PersistentVolume")) admitting.Next.AddFinalizer("kubernetes.io/pv-protection");
        return default;
    }
}
