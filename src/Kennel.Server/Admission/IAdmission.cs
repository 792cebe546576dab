using Kennel.Objects.Refusals;

namespace Kennel.Server.Admission;

/// <summary>A rule of the cluster that needs more than the object itself: it may complete the object or refuse it.</summary>
interface IAdmission
{
    /// <summary>Null when the object may go on.</summary>
    ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel);
}
