using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>What <c>pods/resize</c> may change: CPU and memory of containers and sidecars, and how they take the change.</summary>
static class ResizeRules
{
    static readonly string[] s_lists = ["containers", "initContainers"], s_fields = ["resources", "resizePolicy"], s_sides = ["limits", "requests"];

    /// <summary>Whatever else the writer sent doesn't count; other names are left for <see cref="Check"/> to refuse.</summary>
    public static void Keep(JsonObject pod, JsonObject old)
    {
        var sent = pod.Obj("spec")?.DeepClone() as JsonObject;
        var containers = sent.List("containers")?.DeepClone();
        Subresource.KeepAllBut("containers", SameNames(sent, old.Obj("spec"), "containers") ? old.Obj("spec").Node("containers")?.DeepClone() : containers, pod, old);
        foreach (var list in s_lists)
            if (SameNames(sent, old.Obj("spec"), list)) Copy(sent.List(list), pod.Obj("spec").List(list));
    }

    public static void Check(JsonObject pod, JsonObject old, Errors errors)
    {
        At at = "spec";
        var (spec, was) = (pod.Obj("spec"), old.Obj("spec"));
        if (Subresource.IsMirror(old)) errors.Forbidden("metadata", "static pods cannot be resized");
        if (!SameNames(spec, was, "containers"))
        {
            errors.Forbidden(at["containers"], "containers may not be renamed or reordered on resize");
            return;
        }
        PodSpecRules.Check(spec, at, errors, isPod: true);
        if (PodQuality.Of(spec) != PodQuality.Of(was)) errors.Forbidden(at, "Pod QOS Class may not change as a result of resizing");
        foreach (var list in s_lists)
            for (var i = 0; i < spec.List(list)?.Count; i++)
                CheckOne(spec.List(list)![i].Obj("resources"), was.List(list)![i].Obj("resources"), list == "containers" || was.List(list)![i].Text("restartPolicy") == "Always", at[list][i]["resources"], errors);
    }

    static void CheckOne(JsonObject? now, JsonObject? was, bool resizable, At at, Errors errors)
    {
        if (JsonNode.DeepEquals(now ?? [], was ?? [])) return;
        if (!resizable)
        {
            errors.Forbidden(at, "resources for non-sidecar init containers are immutable");
            return;
        }
        foreach (var side in s_sides)
        {
            var (after, before) = (now.Obj(side), was.Obj(side));
            foreach (var (name, amount) in before ?? [])
            {
                if (name is not ("cpu" or "memory")) Immutable(after.Text(name) != amount.AsText(), at, errors);
                else if (after.Text(name) is null) errors.Forbidden(at[side], $"resource {side} cannot be removed");
            }
            foreach (var (name, _) in after ?? [])
                if (name is not ("cpu" or "memory")) Immutable(before.Text(name) is null, at, errors);
        }
        Immutable(!JsonNode.DeepEquals(now.Node("claims"), was.Node("claims")), at, errors);
    }

    static void Immutable(bool changed, At at, Errors errors)
    {
        if (changed) errors.Forbidden(at, "only cpu and memory resources are mutable");
    }

    static void Copy(JsonArray? from, JsonArray? to)
    {
        for (var i = 0; i < to?.Count; i++)
            foreach (var field in s_fields)
            {
                if (to[i] is not JsonObject container) continue;
                if (from![i].Node(field) is { } value) container[field] = value.DeepClone();
                else container.Remove(field);
            }
    }

    static bool SameNames(JsonObject? a, JsonObject? b, string list) =>
        (a.List(list) ?? []).Select(c => c.Text("name")).SequenceEqual((b.List(list) ?? []).Select(c => c.Text("name")), StringComparer.Ordinal);
}
