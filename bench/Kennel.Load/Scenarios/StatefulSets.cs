using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Kennel.Load.Scenarios;

/// <summary>How fast a StatefulSet comes up, rolls, replaces a pod, and goes.</summary>
internal static class StatefulSets
{
    private const string Name = "web";

    /// <summary>From its creation until all its pods are Ready.</summary>
    public static async Task<Figures> Start(Setting setting, string scenario, int replicas, string podManagement, CancellationToken cancel)
    {
        var milliseconds = await Up(setting, replicas, podManagement, cancel);
        await Down(setting, cancel);
        return new Figures(scenario).Add("replicas", replicas).Add("allReady", milliseconds, "ms").Add("perPod", milliseconds / replicas, "ms");
    }

    /// <summary>From a change of the template until every pod is new and Ready.</summary>
    public static async Task<Figures> Roll(Setting setting, int replicas, CancellationToken cancel)
    {
        await Up(setting, replicas, "Parallel", cancel);
        var start = Stopwatch.GetTimestamp();
        var patch = JsonNode.Parse("""{"spec":{"template":{"metadata":{"annotations":{"rolled":"once"}}}}}""");
        await setting.Api.Need(HttpMethod.Patch, $"{setting.StatefulSets}/{Name}", patch, Api.MergePatch, cancel: cancel);
        await Until.Count(setting.Api, Pods(setting), pod => Until.Ready(pod) && Rolled(pod), replicas, cancel);
        var milliseconds = Clock.MillisecondsSince(start);
        await Down(setting, cancel);
        return new Figures("rolling").Add("replicas", replicas).Add("allNew", milliseconds, "ms").Add("perPod", milliseconds / replicas, "ms");
    }

    /// <summary>From the deletion of a pod until the one that takes its place is Ready.</summary>
    public static async Task<Figures> Replace(Setting setting, int times, CancellationToken cancel)
    {
        const string pod = Name + "-0";
        await Up(setting, 1, "OrderedReady", cancel);
        var milliseconds = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var old = Until.Uid(await setting.Api.Get($"{setting.Pods}/{pod}", cancel));
            var start = Stopwatch.GetTimestamp();
            await setting.Api.Need(HttpMethod.Delete, $"{setting.Pods}/{pod}", cancel: cancel);
            await Until.Holds(setting.Api, Pods(setting), pods => pods.TryGetValue(pod, out var now) && Until.Uid(now) != old && Until.Ready(now), cancel);
            milliseconds.Add(Clock.MillisecondsSince(start));
        }

        await Down(setting, cancel);
        return new Figures("replace").Add("times", times).Spread(milliseconds);
    }

    /// <summary>Many small sets without claims, from the first create until the status of each says that all its pods are Ready; then what an idle server with them uses.</summary>
    public static async Task<Figures> Many(Setting setting, int sets, CancellationToken cancel)
    {
        const int replicas = 5, clients = 16;
        var start = Stopwatch.GetTimestamp();
        var ready = Until.Count(setting.Api, setting.StatefulSets, set => (int?)set["status"]?["readyReplicas"] == replicas, sets, cancel);
        await Clock.Closed(clients, sets, i => setting.Api.Need(HttpMethod.Post, setting.StatefulSets, Documents.Small(setting, $"s{i}", replicas), cancel: cancel));
        await ready;
        var milliseconds = Clock.MillisecondsSince(start);
        var figures = new Figures("sets").Add("sets", sets).Add("pods", sets * replicas).Add("allReady", milliseconds, "ms").Add("rate", sets * replicas * 1000 / milliseconds, "/s");
        return setting.Pid is { } pid ? await Processes.Idle(figures, pid, cancel) : figures;
    }

    private static async Task<double> Up(Setting setting, int replicas, string podManagement, CancellationToken cancel)
    {
        await setting.Api.Need(HttpMethod.Post, $"/api/v1/namespaces/{setting.Namespace}/services", Documents.Service(Name), also: 409, cancel: cancel);
        var start = Stopwatch.GetTimestamp();
        await setting.Api.Need(HttpMethod.Post, setting.StatefulSets, Documents.StatefulSet(setting, Name, replicas, podManagement), cancel: cancel);
        await Until.Count(setting.Api, Pods(setting), Until.Ready, replicas, cancel);
        return Clock.MillisecondsSince(start);
    }

    private static async Task Down(Setting setting, CancellationToken cancel)
    {
        await setting.Api.Need(HttpMethod.Delete, $"{setting.StatefulSets}/{Name}?propagationPolicy=Background", cancel: cancel);
        await Until.Count(setting.Api, Pods(setting), _ => true, 0, cancel);
        await setting.Api.Need(HttpMethod.Delete, setting.Claims, also: 404, cancel: cancel);
        await Until.Count(setting.Api, setting.Claims, _ => true, 0, cancel);
    }

    private static string Pods(Setting setting) => $"{setting.Pods}?labelSelector=app%3D{Name}";

    private static bool Rolled(JsonObject pod) => (string?)pod["metadata"]!["annotations"]?["rolled"] == "once";
}
