using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects;
using Kennel.Objects.Applying;
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
    /// <summary>The kind, which has no path of its own.</summary>
    static readonly ResourceType s_type = new("autoscaling", "v1", "scales", "scale", "Scale", Namespaced: true, [], [], [], [], Catalog.BuiltIn.Definition("io.k8s.api.autoscaling.v1.Scale"));

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        if (call.Route.Verb == "get")
            return await call.Parts.Store.Get(call.Route.Key, cancel) is { } entry
                ? Answer(call, Of(Stored.Parse(entry.Value)))
                : Refusal.NotFound(call.Type, call.Route.Name);
        var change = call.Route.Verb != "patch" ? Replaced(call) : Patch.IsApply(call) ? Applied(call) : Patched(call);
        if (change.Refusal is { } unreadable) return unreadable;
        var result = await Commit.Change(call, live => Propose(call, live, change.Value), cancel);
        return result.Refusal is { } refusal ? Named(call, refusal) : Answer(call, Of(Stored.Parse(result.Value)));
    }

    static Answer Answer(Call call, JsonObject scale) => Encode.Object(call with { Route = call.Route with { Type = s_type } }, JsonSerializer.SerializeToUtf8Bytes(scale));

    /// <summary>A workload that isn't there is missing under the name of the endpoint.</summary>
    static Refusal Named(Call call, Refusal refusal) => refusal.Code != 404 ? refusal
        : new Refusal(404, "NotFound", $"{Endpoint(call)} \"{call.Route.Name}\" not found") { Group = call.Type.Group, Kind = call.Type.Plural + "/scale", Name = call.Route.Name };

    static string Endpoint(Call call) => call.Type.Group.Length == 0 ? $"{call.Type.Plural}/scale" : $"{call.Type.Plural}/scale.{call.Type.Group}";

    static Result<Func<JsonObject, Result<JsonObject>>> Replaced(Call call)
    {
        var body = Body.Object(call, s_type, s_type.Schema, s_type.Kind, s_type.ApiVersion);
        if (body.Refusal is { } unreadable) return unreadable;
        if (Names.Check(call.Route.Name, body.Value.Metadata()) is { } another) return another;
        return new Func<JsonObject, Result<JsonObject>>(_ => body.Value);
    }

    static Result<Func<JsonObject, Result<JsonObject>>> Patched(Call call)
    {
        var patch = PatchBody.Read(call);
        if (patch.Refusal is { } unreadable) return unreadable;
        var pinned = (patch.Value.Node as JsonObject).Object("metadata").Text("resourceVersion").Length > 0;
        return new Func<JsonObject, Result<JsonObject>>(scale =>
        {
            var read = patch.Value.ApplyTo(scale, s_type.Schema, call);
            if (read.Refusal is null && !pinned) read.Value.Metadata().Remove("resourceVersion");
            return read.Refusal is null && Names.Check(call.Route.Name, read.Value.Metadata()) is { } another ? another : read;
        });
    }

    static Result<Func<JsonObject, Result<JsonObject>>> Applied(Call call)
    {
        var body = Apply.Read(call, s_type);
        if (body.Refusal is { } unreadable) return unreadable;
        var (force, now) = (call.Query.Flag("force"), call.Parts.Time.GetUtcNow());
        return new Func<JsonObject, Result<JsonObject>>(scale =>
        {
            var merged = ServerSideApply.Apply(scale, body.Value, s_type, s_type.Schema, call.Manager, force, "scale", now);
            return merged.Refusal is { } conflict ? conflict : merged.Object!;
        });
    }

    static Result<Proposal> Propose(Call call, JsonObject live, Func<JsonObject, Result<JsonObject>> change)
    {
        var applied = call.Route.Verb == "patch" && Patch.IsApply(call);
        var before = Of(live);
        if (applied) ScaleManagers.ToScale(live, before);
        var scale = change(before);
        if (scale.Refusal is { } refusal) return refusal;
        if (Check(call, scale.Value, live) is { } wrong) return wrong;
        var next = live.DeepClone().AsObject();
        next.Child("spec")["replicas"] = scale.Value.Object("spec").Number("replicas") ?? 0;
        if (applied) ScaleManagers.ToWorkload(scale.Value, next, call.Type.ApiVersion);
        if (scale.Value.Object("metadata").Text("resourceVersion") is { Length: > 0 } pinned) next.Metadata()["resourceVersion"] = pinned;
        else next.Metadata().Remove("resourceVersion");
        return new Proposal(next, applied);
    }

    static Refusal? Check(Call call, JsonObject scale, JsonObject live)
    {
        var name = call.Route.Name;
        var replicas = scale.Object("spec").Number("replicas") ?? 0;
        if (replicas < 0) return Refusal.Invalid(s_type, name, [FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0")]);
        var (said, uid) = (scale.Object("metadata").Text("uid"), live.Metadata().Text("uid"));
        return said.Length == 0 || said == uid ? null
            : new Refusal(409, "Conflict", $"Operation cannot be fulfilled on {Endpoint(call)} \"{name}\": Precondition failed: UID in precondition: {said}, UID in object meta: {uid}")
            { Group = call.Type.Group, Kind = call.Type.Plural + "/scale", Name = name };
    }

    static JsonObject Of(JsonObject workload)
    {
        var metadata = new JsonObject();
        foreach (var name in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"]) metadata.Copy(name, workload.Metadata());
        var status = new JsonObject { ["replicas"] = workload.Object("status").Number("replicas") ?? 0 };
        if (Selector(workload.Object("spec").Object("selector"), workload.Text("kind")) is { Length: > 0 } selector) status["selector"] = selector;
        return new JsonObject
        {
            ["kind"] = s_type.Kind,
            ["apiVersion"] = s_type.ApiVersion,
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
