using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>What the subresources that change a part of a pod's spec have in common.</summary>
static class Subresource
{
    const string Mirror = "kubernetes.io/config.mirror";

    /// <summary>The pod as it was, with one field of its spec as given.</summary>
    public static void KeepAllBut(string field, JsonNode? value, JsonObject pod, JsonObject old)
    {
        pod["spec"] = old["spec"]?.DeepClone();
        if (value is not null) pod.Make("spec")[field] = value;
        else (pod["spec"] as JsonObject)?.Remove(field);
        foreach (var name in (ReadOnlySpan<string>)["labels", "annotations", "finalizers", "ownerReferences"])
        {
            if (old.Obj("metadata").Node(name) is { } kept) pod.Make("metadata")[name] = kept.DeepClone();
            else pod.Make("metadata").Remove(name);
        }
        if (old["status"] is { } status) pod["status"] = status.DeepClone();
    }

    /// <summary>It stands for a pod that a node has from a file of its own.</summary>
    public static bool IsMirror(JsonObject pod) => pod.Obj("metadata").Obj("annotations").Has(Mirror);
}
