using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects;
using Kennel.Objects.Refusals;
using Kennel.Objects.Selectors;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Subresources;

/// <summary>What a disruption budget says to an eviction: pure looks at the stored budget, in upstream's words.</summary>
static class EvictionBudget
{
    /// <summary>So many evictions may be granted and not yet noticed by the controller.</summary>
    const int MostGranted = 2000;

    const int PatienceSeconds = 10;
    const string Violates = "Cannot evict pod as it would violate the pod's disruption budget.";
    const string Cause = "DisruptionBudget";

    /// <summary>The budgets that cover a pod. One with an empty selector covers nobody here.</summary>
    public static async ValueTask<List<JsonObject>> Covering(Call call, JsonObject pod, CancellationToken cancel)
    {
        var covering = new List<JsonObject>();
        var route = new Route(call.Parts.Catalog.Find("policy", "v1", "poddisruptionbudgets")!, call.Route.Namespace, "", "", "list");
        foreach (var entry in (await call.Parts.Store.Range(new RangeQuery(route.Prefix), cancel)).Entries)
        {
            var budget = Stored.Parse(entry.Value);
            if (budget.Object("spec").Object("selector") is not { } wanted) continue;
            var selector = LabelSelector.From(Json.Read<Objects.Meta.LabelSelector>(JsonSerializer.SerializeToUtf8Bytes(wanted)));
            if (!selector.IsEverything && selector.Matches(pod.Object("metadata").Object("labels"))) covering.Add(budget);
        }
        return covering;
    }

    /// <summary>A pod that isn't ready takes nothing away: it may go if its budget says so, or if there are enough healthy ones without it.</summary>
    public static bool Spares(JsonObject budget, JsonObject pod)
    {
        if (pod.Object("status").Objects("conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True")) return false;
        var status = budget.Object("status");
        return budget.Object("spec").Text("unhealthyPodEvictionPolicy") == "AlwaysAllow"
            || status.Number("desiredHealthy") is > 0 and var desired && status.Number("currentHealthy") >= desired;
    }

    /// <summary>The budget after one more eviction, or why there is none.</summary>
    public static Result<JsonObject> Spend(Call call, JsonObject budget, string pod)
    {
        var status = budget.Object("status");
        var name = budget.Name();
        if ((status.Number("observedGeneration") ?? 0) < (budget.Metadata().Number("generation") ?? 0)) return StillProcessed(name);
        var left = status.Number("disruptionsAllowed") ?? 0;
        if (left < 0) return Forbidden(name, "pdb disruptions allowed is negative");
        if (status.Object("disruptedPods") is { Count: > MostGranted }) return Forbidden(name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        if (left == 0) return TooMany(Why(name, status), null);
        var next = budget.DeepClone().AsObject();
        var spent = next.Child("status");
        spent["disruptionsAllowed"] = left - 1;
        spent.Child("disruptedPods")[pod] = call.Now;
        if (left == 1) Exhausted(spent, call.Now);
        return next;
    }

    /// <summary>The controller hasn't seen what the budget says now, or the pod has changed meanwhile.</summary>
    public static Refusal StillProcessed(string budget) => TooMany($"The disruption budget {budget} is still being processed by the server.", PatienceSeconds);

    static Refusal TooMany(string why, int? retryAfterSeconds) =>
        new(429, "TooManyRequests", Violates) { RetryAfterSeconds = retryAfterSeconds, Causes = [new FieldError(Cause, "", why)] };

    static Refusal Forbidden(string budget, string why) =>
        new(403, "Forbidden", $"poddisruptionbudget.policy \"{budget}\" is forbidden: {why}") { Group = "policy", Kind = "poddisruptionbudget", Name = budget };

    static string Why(string name, JsonObject? status)
    {
        var said = status.Objects("conditions").FirstOrDefault(c => c.Text("type") == "DisruptionAllowed" && c.Text("status") == "False" && c.Text("message").Length > 0);
        var (healthy, desired) = (status.Number("currentHealthy") ?? 0, status.Number("desiredHealthy") ?? 0);
        if (said.Text("reason") == "SyncFailed") return $"The disruption budget {name} does not allow evicting pods currently because it failed sync: {said.Text("message")}";
        if (healthy <= desired) return $"The disruption budget {name} needs {desired} healthy pods and has {healthy} currently";
        return $"The disruption budget {name} does not allow evicting pods currently{(said is null ? "" : $" ({said.Text("reason")}): {said.Text("message")}")}";
    }

    static void Exhausted(JsonObject status, string now)
    {
        Conditions.Set(status, "DisruptionAllowed", "False", now, "InsufficientPods", "");
        if (status.Objects("conditions").FirstOrDefault(c => c.Text("type") == "DisruptionAllowed") is { } said && status.Number("observedGeneration") is { } generation) said["observedGeneration"] = generation;
    }
}
