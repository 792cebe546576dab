namespace Kennel.Objects.Tables.Kinds;

/// <summary>Pods: what state their containers are in, in one word (SS-1008 to SS-1016).</summary>
static class PodTable
{
    public static readonly KindTable Table = new(
    [
        Column.Named,
        new("Ready", Description: "Containers that are ready, of all."),
        new("Status", Description: "The state of the pod's containers in one word."),
        new("Restarts", Description: "How often containers were restarted, and when last."),
        Column.Age,
        new("IP", Wide: true, Description: "Address of the pod."),
        new("Node", Wide: true, Description: "Node that the pod runs on."),
        new("Nominated Node", Wide: true, Description: "Node that is being made free for the pod."),
        new("Readiness Gates", Wide: true, Description: "Further conditions that the pod waits for."),
    ], Fill);

    static void Fill(View pod, Cells cells)
    {
        var summary = PodSummary.Of(pod);
        cells.Name(pod);
        cells.Add($"{summary.Ready}/{summary.Total}");
        cells.Add(summary.Status);
        cells.Add(summary.LastRestart is { } last && summary.Restarts > 0 ? $"{summary.Restarts} ({Durations.Ago(last, cells.Now)} ago)" : $"{summary.Restarts}");
        cells.Age(pod);
        cells.Add(pod["status"]["podIPs"].Items.Select(i => i["ip"].Text).FirstOrDefault() ?? pod["status"]["podIP"].TextOr("<none>"));
        cells.Add(pod["spec"]["nodeName"].TextOr("<none>"));
        cells.Add(pod["status"]["nominatedNodeName"].TextOr("<none>"));
        cells.Add(Gates(pod));
    }

    static string Gates(View pod)
    {
        var gates = pod["spec"]["readinessGates"];
        if (gates.Count == 0) return "<none>";
        var conditions = pod["status"]["conditions"];
        return $"{gates.Items.Count(g => conditions.Condition(g["conditionType"].Text)["status"].Text == "True")}/{gates.Count}";
    }
}
