using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Admission.Quotas;
using Kennel.Server.Admission.Security;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Admission;

/// <summary>All rules, in their order.</summary>
sealed class Admissions
{
    readonly ServiceAddresses _addresses;
    readonly ResourceQuotas? _quotas;
    readonly IAdmission[] _rules;
    readonly bool _protects;

    public Admissions(ServiceAddresses addresses, ResourceQuotas quotas, Plugins plugins)
    {
        _addresses = addresses;
        _quotas = plugins.IsOn("ResourceQuota") ? quotas : null;
        IAdmission[] all =
        [
            new NamespaceLifecycle(), new NodeRestriction(), new AlwaysPullImages(), new LimitRanger(), new PodServiceAccount(), new NewNodeTaint(), new PodSecurity(), new PodPriority(),
            new PodTolerations(), new StorageProtection(), new ClaimResize(), new PodRuntimeClass(), new IngressClassDefault(), new ExternalAddresses(),
        ];
        _rules = [new RoleEscalation(), new CertificateRequests(), .. all.Where(r => plugins.IsOn(r.Name))]; // nobody switches off what keeps users from giving themselves rights
        _protects = plugins.IsOn("NamespaceLifecycle");
    }

    /// <summary>Before validation: complete or refuse.</summary>
    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        foreach (var rule in _rules)
            if (await rule.Admit(admitting, cancel) is { } refusal) return refusal;
        return null;
    }

    /// <summary>After validation: refuse, or hand out what only one object can have.</summary>
    public async ValueTask<Refusal?> Check(Admitting admitting, CancellationToken cancel)
    {
        foreach (var rule in _rules)
            if (await rule.Check(admitting, cancel) is { } refusal) return refusal;
        if (_quotas is not null && await _quotas.Reserve(admitting, cancel) is { } exceeded) return exceeded;
        return _addresses.Allocate(admitting);
    }

    /// <summary>An object has been stored for the first time.</summary>
    public async ValueTask Created(Call call, JsonObject o, CancellationToken cancel)
    {
        if (call.Type is { Group: "", Kind: "Namespace" }) await NamespaceContents.Make(call, o.Name(), cancel);
        await Tell(call, call.Route.Namespace, cancel);
    }

    /// <summary>An object is stored as it is now: what was handed out for it is its own.</summary>
    /// <param name="admitting">Null when nothing was handed out.</param>
    public void Stored(Call call, Entry entry, Admitting? admitting)
    {
        _quotas?.Stored(call.Type, call.Route.Namespace, entry, admitting?.Reservation);
        admitting?.Keep();
    }

    /// <summary>An object is gone.</summary>
    public void Deleted(ResourceType type, JsonObject o, string key, long revision)
    {
        if (type is { Group: "", Kind: "Service" }) _addresses.Release(o);
        _quotas?.Deleted(type, o.Object("metadata").Text("namespace"), key, o.Name(), revision);
    }

    /// <summary>Tells users what quotas have left when that has changed.</summary>
    public ValueTask Tell(Call call, string space, CancellationToken cancel) => _quotas?.Tell(call, space, cancel) ?? default;

    /// <summary>Why an object may never be deleted, or null.</summary>
    public Refusal? Protects(Route route) => _protects ? NamespaceLifecycle.Protects(route) : null;
}
