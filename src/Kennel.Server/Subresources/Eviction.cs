using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>A polite delete of a pod. Disruption budgets are not looked at yet.</summary>
static class Eviction
{
    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var schema = call.Parts.Catalog.SchemaOf("policy", "v1", "Eviction") ?? call.Parts.Catalog.Definition("io.k8s.api.policy.v1.Eviction");
        var body = Body.Object(call, call.Type, schema, "Eviction", "policy/v1");
        if (body.Refusal is { } unreadable) return unreadable;
        if (Names.Check(call.Route.Name, body.Value.Metadata()) is { } another) return another;
        var options = body.Value.Object("deleteOptions");
        var preconditions = options.Object("preconditions");
        var deleted = await Delete.One(call, call.Route, new DeleteOptions(
            options.Number("gracePeriodSeconds"), options.Text("propagationPolicy"), null,
            preconditions.Text("uid"), preconditions.Text("resourceVersion"), call.DryRun || options?["dryRun"] is JsonArray { Count: > 0 }), cancel);
        return deleted.Refusal is { } refusal ? refusal : Encode.Finish(call, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}"""u8.ToArray(), 201);
    }
}
