using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>What <c>pods/ephemeralcontainers</c> may change: it adds ephemeral containers, and nothing else.</summary>
static class EphemeralRules
{
    /// <summary>Whatever else the writer sent doesn't count.</summary>
    public static void Keep(JsonObject pod, JsonObject old)
    {
        var containers = pod.Obj("spec").Node("ephemeralContainers")?.DeepClone();
        Subresource.KeepAllBut("ephemeralContainers", containers, pod, old);
    }

    public static void Check(JsonObject pod, JsonObject old, Errors errors)
    {
        At at = "spec";
        var (now, was) = (pod.Obj("spec"), old.Obj("spec"));
        PodSpecRules.Check(now, at, errors, isPod: true);
        if (Subresource.IsMirror(old))
        {
            errors.Forbidden("", "static pods do not support ephemeral containers");
            return;
        }
        foreach (var before in was.List("ephemeralContainers") ?? [])
        {
            var name = before.Text("name");
            var after = now.List("ephemeralContainers")?.FirstOrDefault(c => c.Text("name") == name);
            if (after is null) errors.Forbidden(at["ephemeralContainers"], $"existing ephemeral containers \"{name}\" may not be removed");
            else if (!JsonNode.DeepEquals(before, after)) errors.Forbidden(at["ephemeralContainers"], $"existing ephemeral containers \"{name}\" may not be changed");
        }
    }
}
