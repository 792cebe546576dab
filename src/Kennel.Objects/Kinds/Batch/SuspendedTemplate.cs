using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Batch;

/// <summary>The template of a Job stays, but for where its pods go and what they get while the Job is suspended and none of its pods is active.</summary>
static class SuspendedTemplate
{
    public static void CheckUpdate(JsonObject? spec, JsonObject old, Errors errors)
    {
        var (template, was) = (spec.Obj("template"), old.Obj("spec").Obj("template"));
        var mayChange = old.Obj("spec").Bool("suspend") == true && (old.Obj("status").Int("active") ?? 0) == 0;
        if (!Same.Values(mayChange ? Rest(template) : template, mayChange ? Rest(was) : was))
            errors.Invalid("spec.template", template, "field is immutable");
    }

    /// <summary>The template without what may change.</summary>
    static JsonObject? Rest(JsonObject? template)
    {
        if (template?.DeepClone() is not JsonObject rest) return null;
        foreach (var field in (ReadOnlySpan<string>)["labels", "annotations"]) rest.Obj("metadata")?.Remove(field);
        if (rest.Obj("spec") is not { } pod) return rest;
        foreach (var field in (ReadOnlySpan<string>)["nodeSelector", "tolerations", "schedulingGates"]) pod.Remove(field);
        pod.Obj("affinity")?.Remove("nodeAffinity");
        foreach (var container in (pod.List("containers") ?? []).Concat(pod.List("initContainers") ?? []))
            foreach (var field in (ReadOnlySpan<string>)["requests", "limits"]) container.Obj("resources")?.Remove(field);
        return rest;
    }
}
