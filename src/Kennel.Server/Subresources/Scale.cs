using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects;
using Kennel.Objects.Decoding;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Objects.Selectors;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>How many: <c>autoscaling/v1 Scale</c> as a view of a workload, read and written.</summary>
static class Scale
{
    const string Version = "autoscaling/v1";

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        if (call.Route.Verb == "get")
            return await call.Parts.Store.Get(call.Route.Key, cancel) is { } entry
                ? Answer(call, Of(Stored.Parse(entry.Value)))
                : Refusal.NotFound(call.Type, call.Route.Name);
        var change = call.Route.Verb == "patch" ? Patched(call) : Replaced(call);
        if (change.Refusal is { } unreadable) return unreadable;
        var result = await Commit.Change(call, live => Propose(call, live, change.Value), cancel);
        return result.Refusal is { } refusal ? refusal : Answer(call, Of(Stored.Parse(result.Value)));
    }

    static ApiResponse Answer(Call call, JsonObject scale) => Encode.Finish(call, JsonSerializer.SerializeToUtf8Bytes(scale));

    static Schema SchemaOf(Call call) => call.Parts.Catalog.Definition("io.k8s.api.autoscaling.v1.Scale");

    static Result<Func<JsonObject, Result<JsonObject>>> Replaced(Call call)
    {
        var body = Body.Object(call, call.Type, SchemaOf(call), "Scale", Version);
        if (body.Refusal is { } unreadable) return unreadable;
        if (Names.Check(call.Route.Name, body.Value.Metadata()) is { } another) return another;
        return new Func<JsonObject, Result<JsonObject>>(_ => body.Value);
    }

    static Result<Func<JsonObject, Result<JsonObject>>> Patched(Call call)
    {
        var patch = Patch.Read(call);
        if (patch.Refusal is { } unreadable) return unreadable;
        var schema = SchemaOf(call);
        return new Func<JsonObject, Result<JsonObject>>(scale =>
        {
            var pinned = (patch.Value as JsonObject).Object("metadata").Text("resourceVersion").Length > 0;
            var patched = Patch.Do(call, scale, patch.Value, schema);
            if (patched.Refusal is { } refusal) return refusal;
            var read = Body.Judge(call, Decode.Prune(patched.Value, schema), schema);
            if (read.Refusal is null && !pinned) read.Value.Metadata().Remove("resourceVersion");
            return read;
        });
    }

    static Result<Proposal> Propose(Call call, JsonObject live, Func<JsonObject, Result<JsonObject>> change)
    {
        var scale = change(Of(live));
        if (scale.Refusal is { } refusal) return refusal;
        var replicas = scale.Value.Object("spec").Number("replicas") ?? 0;
        if (replicas < 0)
        {
            var error = FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0");
            return new Refusal(422, "Invalid", $"Scale.autoscaling \"{call.Route.Name}\" is invalid: {error}") { Group = "autoscaling", Kind = "Scale", Name = call.Route.Name, Causes = [error] };
        }
        var next = live.DeepClone().AsObject();
        next.Child("spec")["replicas"] = replicas;
        foreach (var pin in (string[])["resourceVersion", "uid"])
            if (scale.Value.Object("metadata").Text(pin) is { Length: > 0 } pinned) next.Metadata()[pin] = pinned;
            else next.Metadata().Remove(pin);
        return new Proposal(next);
    }

    static JsonObject Of(JsonObject workload)
    {
        var metadata = new JsonObject();
        foreach (var name in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"]) metadata.Copy(name, workload.Metadata());
        var status = new JsonObject { ["replicas"] = workload.Object("status").Number("replicas") ?? 0 };
        if (Selector(workload.Object("spec").Object("selector"), workload.Text("kind")) is { Length: > 0 } selector) status["selector"] = selector;
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = Version,
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = workload.Object("spec").Number("replicas") ?? 0 },
            ["status"] = status,
        };
    }

    static string Selector(JsonObject? selector, string kind)
    {
        if (selector is null) return "";
        return kind == "ReplicationController"
            ? LabelSelector.From(selector.ToDictionary(p => p.Key, p => p.Value?.GetValue<string>() ?? "")).ToString()
            : LabelSelector.From(Json.Read<Objects.Meta.LabelSelector>(JsonSerializer.SerializeToUtf8Bytes(selector))).ToString();
    }
}
