using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;
using Kennel.Server.Routing;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>A polite delete of a pod: its disruption budget is asked first, and the pod is told why it goes.</summary>
static class Eviction
{
    const int Attempts = 20;
    const int PatienceSeconds = 10;

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var schema = call.Parts.Catalog.SchemaOf("policy", "v1", "Eviction") ?? call.Parts.Catalog.Definition("io.k8s.api.policy.v1.Eviction");
        var body = Body.Object(call, call.Type, schema, "Eviction", "policy/v1");
        if (body.Refusal is { } unreadable) return unreadable;
        if (body.Value.Name() is var name && name.Length > 0 && name != call.Route.Name) return Refusal.BadRequest("name in URL does not match name in Eviction object");
        var options = body.Value.Object("deleteOptions");
        var preconditions = options.Object("preconditions");
        return await Evict(call, new DeleteOptions(
            options.Number("gracePeriodSeconds"), options.Text("propagationPolicy"), null,
            preconditions.Text("uid"), preconditions.Text("resourceVersion"), call.DryRun || options?["dryRun"] is JsonArray { Count: > 0 }), cancel) is { } refusal
            ? refusal
            : Encode.Finish(call, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}"""u8.ToArray(), 201);
    }

    static async ValueTask<Refusal?> Evict(Call call, DeleteOptions options, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await call.Parts.Store.Get(call.Route.Key, cancel) is not { } entry) return Refusal.NotFound(call.Type, call.Route.Name);
            var pod = Stored.Parse(entry.Value);
            var pinned = options.ResourceVersion.Length > 0 ? options : options with { ResourceVersion = pod.Metadata().Text("resourceVersion") };
            if (!IsPastHarm(pod)) return await Ask(call, pod, options, pinned, cancel);
            // A pending pod could become ready, and count, before it is deleted.
            var refusal = await Delete(call, pod.Object("status").Text("phase") == "Pending" && !pod.Deleting() ? pinned : options, cancel);
            if (refusal is not { Code: 409 } || options.ResourceVersion.Length > 0 || attempt == Attempts) return refusal;
        }
    }

    /// <summary>Finished, not begun or on its way out already: no budget is hurt.</summary>
    static bool IsPastHarm(JsonObject pod) => pod.Deleting() || pod.Object("status").Text("phase") is "Succeeded" or "Failed" or "Pending";

    static async ValueTask<Refusal?> Ask(Call call, JsonObject pod, DeleteOptions options, DeleteOptions pinned, CancellationToken cancel)
    {
        var budgets = await EvictionBudget.Covering(call, pod, cancel);
        if (budgets.Count == 0) return await Delete(call, options, cancel);
        if (budgets.Count > 1) return new Refusal(500, "", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        var budget = budgets[0];
        if (EvictionBudget.Spares(budget, pod))
        {
            var refusal = await Delete(call, pinned, cancel);
            return refusal is { Code: 409 } && options.ResourceVersion.Length == 0 ? EvictionBudget.StillProcessed(budget.Name()) : refusal;
        }
        return await Spend(call, budget.Name(), options.DryRun, cancel) ?? await Delete(call, options, cancel);
    }

    static async ValueTask<Refusal?> Spend(Call call, string budget, bool dryRun, CancellationToken cancel)
    {
        var route = new Route(call.Parts.Catalog.Find("policy", "v1", "poddisruptionbudgets")!, call.Route.Namespace, budget, "status", "update");
        var pod = call.Route.Name;
        var result = await Commit.Change(call with { Route = route }, live =>
        {
            var spent = EvictionBudget.Spend(call, live, pod);
            return spent.Refusal is { } none ? none : new Proposal(dryRun ? live.DeepClone().AsObject() : spent.Value, Own: true);
        }, cancel);
        return result.Refusal is not { } refusal ? null : refusal.Code == 409
            ? new Refusal(504, "Timeout", $"Timeout: couldn't update PodDisruptionBudget \"{budget}\" due to conflicts") { RetryAfterSeconds = PatienceSeconds }
            : refusal;
    }

    /// <summary>Notes on the pod that it is disrupted, and deletes it.</summary>
    static async ValueTask<Refusal?> Delete(Call call, DeleteOptions options, CancellationToken cancel)
    {
        if (!options.DryRun)
        {
            var marked = await Commit.Change(call, live => Mark(call, live, options), cancel);
            if (marked.Refusal is { } refusal) return refusal;
            if (options.ResourceVersion.Length > 0) options = options with { ResourceVersion = Stored.Parse(marked.Value).Metadata().Text("resourceVersion") };
        }
        return (await Writing.Delete.One(call, call.Route with { Subresource = "" }, options, cancel)).Refusal;
    }

    static Result<Proposal> Mark(Call call, JsonObject live, DeleteOptions options)
    {
        var next = live.DeepClone().AsObject();
        var metadata = next.Metadata();
        metadata.Remove("resourceVersion");
        if (options.Uid.Length > 0) metadata["uid"] = options.Uid;
        if (options.ResourceVersion.Length > 0 && options.ResourceVersion != live.Metadata().Text("resourceVersion")) return Refusal.Stale(call.Type, call.Route.Name);
        if (options.ResourceVersion.Length > 0) metadata["resourceVersion"] = options.ResourceVersion;
        Conditions.Set(next.Child("status"), "DisruptionTarget", "True", call.Now, "EvictionByEvictionAPI", "Eviction API: evicting");
        return new Proposal(next, Own: true);
    }
}
