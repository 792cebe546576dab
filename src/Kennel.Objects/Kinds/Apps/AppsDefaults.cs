using System.Text.Json.Nodes;
using Kennel.Objects.Defaulting;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Apps;

static class AppsDefaults
{
    public static void DeploymentStrategy(JsonObject strategy)
    {
        if (strategy.Text("type") != "RollingUpdate") return;
        var rolling = strategy.Make("rollingUpdate");
        rolling.Lack("maxSurge", "25%");
        rolling.Lack("maxUnavailable", "25%");
    }

    public static void DaemonSetStrategy(JsonObject strategy)
    {
        if (strategy.Text("type") != "RollingUpdate") return;
        var rolling = strategy.Make("rollingUpdate");
        rolling.Lack("maxSurge", 0L);
        rolling.Lack("maxUnavailable", 1L);
    }

    public static void StatefulSet(JsonObject spec) => UpdateStrategy(spec.Make("updateStrategy"));

    /// <summary>The claim templates of a set with what a claim gets that is made from them, for comparing; the set itself keeps them as written.</summary>
    public static JsonArray? Completed(JsonArray? templates)
    {
        if (templates is null) return null;
        var completed = (JsonArray)templates.DeepClone();
        foreach (var template in completed)
        {
            if (template is not JsonObject claim) continue;
            claim.LackText("apiVersion", "v1");
            claim.LackText("kind", "PersistentVolumeClaim");
            Defaults.Apply(claim, s_claim.Value);
        }
        return completed;
    }

    static readonly Lazy<Schema> s_claim = new(() => Catalog.BuiltIn.Definition("io.k8s.api.core.v1.PersistentVolumeClaim"));

    /// <summary>Only a strategy whose type was left out gets a rollingUpdate: a set with an explicit type and none keeps none, and that is seen elsewhere.</summary>
    static void UpdateStrategy(JsonObject strategy)
    {
        if (strategy.Text("type") is null or "")
        {
            strategy["type"] = "RollingUpdate";
            strategy.Make("rollingUpdate");
        }
        if (strategy.Text("type") == "RollingUpdate" && strategy.Obj("rollingUpdate") is { } rolling) rolling.Lack("partition", 0L);
    }
}
