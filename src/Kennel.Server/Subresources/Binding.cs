using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>A pod gets its node, once.</summary>
static class Binding
{
    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var body = Body.Object(call, call.Type, call.Parts.Catalog.Definition("io.k8s.api.core.v1.Binding"), "Binding", "v1");
        if (body.Refusal is { } unreadable) return unreadable;
        var (metadata, target) = (body.Value.Metadata(), body.Value.Object("target"));
        if (Names.Check(call.Route.Name, metadata) is { } another) return another;
        if (Check(call, target) is { } wrong) return wrong;
        var result = await Commit.Change(call, live => Propose(call, live, metadata, target.Text("name")), cancel);
        return result.Refusal is { } refusal ? refusal : Encode.Finish(call, Encode.Status(call.Type, call.Route.Name, null), 201);
    }

    /// <summary>The old path, <c>POST …/bindings</c>: the pod is named in the body.</summary>
    public static async ValueTask<ApiResponse> HandleLegacy(Call call, CancellationToken cancel)
    {
        var body = Body.Object(call);
        if (body.Refusal is { } unreadable) return unreadable;
        var pods = call.Parts.Catalog.Find("", "v1", "pods")!;
        return await Handle(call with { Route = new Routing.Route(pods, call.Route.Namespace, body.Value.Name(), "binding", "create") }, cancel);
    }

    static Refusal? Check(Call call, JsonObject? target)
    {
        FieldError? error = target.Text("kind") is not ("" or "Node") ? FieldError.NotSupported("target.kind", target.Text("kind"), "Node", "<empty>")
            : target.Text("name").Length == 0 ? FieldError.Required("target.name") : null;
        return error is null ? null : new Refusal(422, "Invalid", $"Binding \"{call.Route.Name}\" is invalid: {error}") { Kind = "Binding", Name = call.Route.Name, Causes = [error] };
    }

    static Result<Proposal> Propose(Call call, JsonObject live, JsonObject binding, string node)
    {
        var name = call.Route.Name;
        if (live.Deleting()) return Conflict(call, $"pod {name} is being deleted, cannot be assigned to a host");
        if (live.Object("spec").Text("nodeName") is { Length: > 0 } taken) return Conflict(call, $"pod {name} is already assigned to node \"{taken}\"");
        if (live.Object("spec")?["schedulingGates"] is JsonArray { Count: > 0 }) return Conflict(call, $"pod {name} has non-empty .spec.schedulingGates");
        var next = live.DeepClone().AsObject();
        foreach (var pin in (string[])["uid", "resourceVersion"])
            if (binding.Text(pin) is { Length: > 0 } pinned) next.Metadata()[pin] = pinned;
            else next.Metadata().Remove(pin);
        if (binding.Object("annotations") is { } annotations)
            foreach (var (key, value) in annotations) next.Metadata().Child("annotations")[key] = value?.DeepClone();
        next.Child("spec")["nodeName"] = node;
        Conditions.Set(next.Child("status"), "PodScheduled", "True", call.Now);
        return new Proposal(next, Own: true);
    }

    static Refusal Conflict(Call call, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on pods/binding \"{call.Route.Name}\": {why}") { Kind = "pods/binding", Name = call.Route.Name };
}
