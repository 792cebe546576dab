using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>What upstream's admission fills in when a pod is created: its account, its priority, and how long it stays on a node in trouble.</summary>
static class PodAdmission
{
    const long TroubleSeconds = 300;
    const long SystemClusterCritical = 2000000000;

    public static void Fill(JsonObject pod)
    {
        var spec = pod.Make("spec");
        spec.LackText("serviceAccountName", "default");
        spec["serviceAccount"] = spec.Text("serviceAccountName");
        Priority(spec);
        Tolerate(spec, "node.kubernetes.io/not-ready");
        Tolerate(spec, "node.kubernetes.io/unreachable");
    }

    /// <summary>Classes of the cluster's own are looked up by the server; without a class the priority is 0.</summary>
    static void Priority(JsonObject spec)
    {
        long? priority = spec.Text("priorityClassName") switch
        {
            null or "" => 0,
            "system-cluster-critical" => SystemClusterCritical,
            "system-node-critical" => SystemClusterCritical + 1000,
            _ => null,
        };
        if (priority is null) return;
        spec.Lack("priority", priority.Value);
        spec.LackText("preemptionPolicy", "PreemptLowerPriority");
    }

    static void Tolerate(JsonObject spec, string trouble)
    {
        var tolerations = spec.List("tolerations");
        for (var i = 0; i < tolerations?.Count; i++)
        {
            var (key, effect) = (tolerations[i].Text("key") ?? "", tolerations[i].Text("effect") ?? "");
            if ((key == trouble || key.Length == 0) && effect is "" or "NoExecute") return;
        }
        if (tolerations is null) spec["tolerations"] = tolerations = [];
        tolerations.Add(new JsonObject { ["key"] = trouble, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = TroubleSeconds });
    }
}
