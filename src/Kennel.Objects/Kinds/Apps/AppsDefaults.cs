using System.Text.Json.Nodes;

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

    public static void StatefulSet(JsonObject spec)
    {
        UpdateStrategy(spec.Make("updateStrategy"));
        if (spec.List("volumeClaimTemplates") is not { } templates) return;
        foreach (var template in templates)
            if (template is JsonObject claim)
            {
                claim.LackText("apiVersion", "v1");
                claim.LackText("kind", "PersistentVolumeClaim");
            }
    }

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
