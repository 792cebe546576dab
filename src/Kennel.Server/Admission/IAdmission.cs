using Kennel.Objects.Refusals;

namespace Kennel.Server.Admission;

/// <summary>A rule of the cluster that needs more than the object itself: it may complete the object or refuse it.</summary>
interface IAdmission
{
    /// <summary>Upstream's name of the plugin, by which it is switched off.</summary>
    string Name { get; }

    /// <summary>Before the object is validated: may complete it. Null when the object may go on.</summary>
    ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel) => default;

    /// <summary>When the object is valid and complete. Null when it may be stored.</summary>
    ValueTask<Refusal?> Check(Admitting admitting, CancellationToken cancel) => default;
}
