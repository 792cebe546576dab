using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Apps;

sealed class StatefulSetRules(ResourceType type) : KindRules(type)
{
    const string OnlyThese = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    public override string? NameProblem(string name, bool prefix) => Names.Label(name, prefix);

    protected override JsonObject FirstStatus(JsonObject o, Occasion when) => new() { ["availableReplicas"] = 0L, ["replicas"] = 0L };

    public override void PrepareForCreate(JsonObject o, Occasion when)
    {
        base.PrepareForCreate(o, when);
        RollingUpdateGate.Keep(o.Obj("spec"), was: null, when);
    }

    public override void PrepareForUpdate(JsonObject o, JsonObject old, string? subresource, Occasion when = default)
    {
        base.PrepareForUpdate(o, old, subresource, when);
        if (subresource != "status") RollingUpdateGate.Keep(o.Obj("spec"), old.Obj("spec"), when);
    }

    /// <summary>Claim templates are kept as written: another spelling of the same is no other wish.</summary>
    public override bool SpecChanged(JsonObject o, JsonObject old) =>
        !Same.Fields(o.Obj("spec"), old.Obj("spec"), "volumeClaimTemplates") || !SameClaims(o.Obj("spec"), old.Obj("spec"));

    static bool SameClaims(JsonObject? spec, JsonObject? was) =>
        Same.Values(AppsDefaults.Completed(spec.List("volumeClaimTemplates")), AppsDefaults.Completed(was.List("volumeClaimTemplates")));

    protected override void Check(JsonObject o, Errors errors)
    {
        var spec = o.Obj("spec");
        CheckSpec(spec, errors, templateToo: true);
        if (spec.Text("serviceName") is { Length: > 0 } service) errors.Unless(Names.Label(service), "spec.serviceName", service);
        if (spec.List("volumeClaimTemplates") is not { } claims) return;
        for (var i = 0; i < claims.Count; i++) ClaimSpecRules.Check(claims[i].Obj("spec"), ((At)"spec")["volumeClaimTemplates"][i]["spec"], errors);
    }

    static void CheckSpec(JsonObject? spec, Errors errors, bool templateToo)
    {
        At at = "spec";
        if (spec.Text("podManagementPolicy") is not { Length: > 0 } policy) errors.Required(at["podManagementPolicy"]);
        else if (policy is not ("OrderedReady" or "Parallel")) errors.Invalid(at["podManagementPolicy"], policy, "must be 'OrderedReady' or 'Parallel'");
        UpdateStrategyRules.Check(spec.Obj("updateStrategy"), at["updateStrategy"], errors);
        Retention(spec.Obj("persistentVolumeClaimRetentionPolicy"), at["persistentVolumeClaimRetentionPolicy"], errors);
        errors.NotNegative(at["replicas"], spec.Int("replicas"));
        errors.NotNegative(at["minReadySeconds"], spec.Int("minReadySeconds"));
        errors.NotNegative(at["ordinals"]["start"], spec.Obj("ordinals").Int("start"));
        if (TemplateRules.CheckSelector(spec, "statefulset", unreadable: "", errors) && templateToo)
            TemplateRules.Check(spec.Obj("template"), at["template"], errors, ClaimNames(spec), namesHost: false);
        TemplateRules.CheckKeptRunning(spec.Obj("template"), at["template"], "StatefulSet", errors);
    }

    static void Retention(JsonObject? policy, At at, Errors errors)
    {
        if (policy is null) return;
        foreach (var field in (ReadOnlySpan<string>)["whenDeleted", "whenScaled"])
            if (policy.Text(field) is not ("Retain" or "Delete")) errors.NotSupported(at[field], policy.Text(field) ?? "", "Retain", "Delete");
    }

    static HashSet<string>? ClaimNames(JsonObject? spec)
    {
        if (spec.List("volumeClaimTemplates") is not { Count: > 0 } claims) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in claims) names.Add(claim.Obj("metadata").Text("name") ?? "");
        return names;
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status") CheckStatus(o.Obj("status"), old.Obj("status"), errors);
        if (subresource == "status") return;
        var (spec, was) = (o.Obj("spec"), old.Obj("spec"));
        CheckSpec(spec, errors, templateToo: WasFine(was));
        if (!Same.Fields(spec, was, "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds", "volumeClaimTemplates")
            || !SameClaims(spec, was))
            errors.Forbidden("spec", OnlyThese);
    }

    /// <summary>A template that today's rules would refuse may stay as it is.</summary>
    static bool WasFine(JsonObject? was)
    {
        var errors = new Errors();
        CheckSpec(was, errors, templateToo: true);
        return errors.Count == 0;
    }

    static void CheckStatus(JsonObject? status, JsonObject? was, Errors errors)
    {
        At at = "status";
        ReplicaCounts.Check(status, errors, "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas");
        errors.NotNegative(at["collisionCount"], status.Int("collisionCount"));
        if ((status.Int("availableReplicas") ?? 0) > (status.Int("readyReplicas") ?? 0))
            errors.Invalid(at["availableReplicas"], status.Int("availableReplicas"), "cannot be greater than status.readyReplicas");
        if (was.Int("collisionCount") is { } before && (status.Int("collisionCount") ?? -1) < before)
            errors.Invalid(at["collisionCount"], status.Int("collisionCount") ?? 0, "cannot be decremented");
    }

    public override IReadOnlyList<string> Warnings(JsonObject o)
    {
        var spec = o.Obj("spec");
        var warnings = PodWarnings.Of(spec.Obj("template").Obj("spec"), "spec.template.spec");
        if (spec.List("volumeClaimTemplates") is { } claims)
        {
            for (var i = 0; i < claims.Count; i++) PodWarnings.Fractions(claims[i].Obj("spec").Obj("resources").Obj("requests"), $"spec.volumeClaimTemplates[{i}].spec.resources.requests", warnings);
        }
        if (spec.Int("revisionHistoryLimit") < 0)
            warnings.Add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended");
        return warnings;
    }
}
