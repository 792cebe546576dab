using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>All rules, in their order.</summary>
sealed class Admissions(ServiceAddresses addresses)
{
    readonly IAdmission[] _rules =
    [
        new NamespaceLifecycle(), new NodeRestriction(), new RoleEscalation(), new CertificateRequests(), new PodServiceAccount(), new PodPriority(), new PodTolerations(), new StorageProtection(), new ClaimResize(),
    ];

    /// <summary>Before validation: complete or refuse.</summary>
    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        foreach (var rule in _rules)
            if (await rule.Admit(admitting, cancel) is { } refusal) return refusal;
        return null;
    }

    /// <summary>After validation: hand out what only one object can have.</summary>
    public Refusal? Allocate(Admitting admitting) => addresses.Allocate(admitting);

    /// <summary>An object has been stored for the first time.</summary>
    public static ValueTask Created(Call call, JsonObject o, CancellationToken cancel) =>
        call.Type is { Group: "", Kind: "Namespace" } ? NamespaceContents.Make(call, o.Name(), cancel) : default;

    /// <summary>An object is gone.</summary>
    public void Deleted(ResourceType type, JsonObject o)
    {
        if (type is { Group: "", Kind: "Service" }) addresses.Release(o);
    }
}
