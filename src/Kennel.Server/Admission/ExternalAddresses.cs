using Kennel.Objects.Refusals;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>Off by default. Nobody may take further external addresses for a Service.</summary>
sealed class ExternalAddresses : IAdmission
{
    public string Name => "DenyServiceExternalIPs";

    public ValueTask<Refusal?> Check(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Is("", "Service") || admitting.Call.Route.Subresource.Length > 0) return default;
        var old = admitting.Live.Object("spec").Texts("externalIPs").ToHashSet(StringComparer.Ordinal);
        return new(admitting.Next.Object("spec").Texts("externalIPs").All(old.Contains) ? null : admitting.Forbid("Use of external IPs is denied by admission control"));
    }
}
