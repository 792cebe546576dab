using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>The little that may change in a pod that exists.</summary>
static class PodUpdateRules
{
    const string Allowed = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static void Check(JsonObject o, JsonObject old, Errors errors)
    {
        At at = "spec";
        var (spec, was) = (o.Obj("spec"), old.Obj("spec"));
        if (spec is null || was is null) return;
        PodSpecRules.Check(spec, at, errors, isPod: true);
        if (!SameCount(spec, was, "containers", at, errors) || !SameCount(spec, was, "initContainers", at, errors)) return;
        if (!Deadline(spec, was, at["activeDeadlineSeconds"], errors)) return;
        TolerationRules.CheckOnlyAdded(spec.List("tolerations"), was.List("tolerations"), at["tolerations"], errors);
        OnlyFewerGates(spec.List("schedulingGates"), was.List("schedulingGates"), at["schedulingGates"], errors);
        if (Same.Fields(spec, was)) return;
        if (PodQuality.Of(spec) != PodQuality.Of(was)) errors.Invalid("metadata", o.Obj("status").Text("qosClass") ?? "", "Pod QoS is immutable");
        CheckRest(spec, was, at, errors);
    }

    static bool SameCount(JsonObject spec, JsonObject was, string list, At at, Errors errors)
    {
        if ((spec.List(list)?.Count ?? 0) == (was.List(list)?.Count ?? 0)) return true;
        errors.Forbidden(at[list], "pod updates may not add or remove containers");
        return false;
    }

    static bool Deadline(JsonObject spec, JsonObject was, At at, Errors errors)
    {
        var (now, before) = (spec.Int("activeDeadlineSeconds"), was.Int("activeDeadlineSeconds"));
        if (now is < 0 or > int.MaxValue)
        {
            errors.Invalid(at, now, "must be between 0 and 2147483647, inclusive");
            return false;
        }
        if (now > before)
        {
            errors.Invalid(at, now, "must be less than or equal to previous value");
            return false;
        }
        if (now is null && before is not null) errors.Invalid(at, null, "must not update from a positive integer to nil value");
        return true;
    }

    static void OnlyFewerGates(JsonArray? gates, JsonArray? was, At at, Errors errors)
    {
        for (var i = 0; i < gates?.Count; i++)
            if (gates[i].Text("name") is { } name && (was is null || !was.Any(g => g.Text("name") == name)))
                errors.Forbidden(at[i]["name"], $"only deletion is allowed, but found new scheduling gate '{name}'");
    }

    /// <summary>Puts back what may change; what still differs then may not.</summary>
    static void CheckRest(JsonObject spec, JsonObject was, At at, Errors errors)
    {
        var munged = (JsonObject)spec.DeepClone();
        Images(munged.List("containers"), was.List("containers"));
        Images(munged.List("initContainers"), was.List("initContainers"));
        foreach (var field in (ReadOnlySpan<string>)["activeDeadlineSeconds", "tolerations", "schedulingGates"]) Restore(field, munged, was);
        if (was.Int("terminationGracePeriodSeconds") < 0 && munged.Int("terminationGracePeriodSeconds") == 1) Restore("terminationGracePeriodSeconds", munged, was);
        if (!Same.Fields(munged, was)) errors.Forbidden(at, $"{Allowed}\n{Same.Differences(munged, was)}");
    }

    static void Images(JsonArray? containers, JsonArray? was)
    {
        for (var i = 0; i < containers?.Count; i++)
            if (containers[i] is JsonObject container && was?[i] is JsonObject before) Restore("image", container, before);
    }

    static void Restore(string field, JsonObject o, JsonObject from)
    {
        if (from.Node(field) is { } value) o[field] = value.DeepClone();
        else o.Remove(field);
    }
}

/// <summary>What a node may say about a pod.</summary>
static class PodStatusRules
{
    public static void Check(JsonObject o, JsonObject old, Errors errors)
    {
        At at = "status";
        var (status, was) = (o.Obj("status"), old.Obj("status"));
        var policy = old.Obj("spec").Text("restartPolicy");
        if (policy != "Always") NotRevived(status.List("containerStatuses"), was.List("containerStatuses"), policy, at["containerStatuses"], errors);
        if (status.List("podIPs") is { } ips)
        {
            for (var i = 0; i < ips.Count; i++)
                if (!DnsRules.IsIp(ips[i].Text("ip"))) errors.Invalid(at["podIPs"][i], ips[i].Text("ip") ?? "", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }

    static void NotRevived(JsonArray? now, JsonArray? was, string? policy, At at, Errors errors)
    {
        for (var i = 0; i < was?.Count; i++)
        {
            if (was[i].Obj("state").Obj("terminated") is not { } end || (end.Int("exitCode") is not (0 or null) && policy == "OnFailure")) continue;
            if (now?.FirstOrDefault(s => s.Text("name") == was[i].Text("name")) is { } same && !same.Obj("state").Has("terminated"))
                errors.Forbidden(at[i]["state"], "may not be transitioned to non-terminated state");
        }
    }
}
