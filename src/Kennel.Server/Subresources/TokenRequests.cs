using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Access.Tokens;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;
using Kennel.Server.Routing;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>A token of a service account, for a while and, if so wished, for as long as a pod, a Secret or a node exists: <c>kubectl create token</c>, and what nodes give to pods.</summary>
static class TokenRequests
{
    const long DefaultSeconds = 3600;
    const long LeastSeconds = 600;
    const long MostSeconds = 1L << 32;

    /// <summary>What pods are given by admission. Old clients read their token once: it is good for a year then, and the node brings a new one each hour.</summary>
    const long PodSeconds = 3607;
    const long ExtendedSeconds = 365 * 24 * 3600;

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var body = Body.Object(call, call.Type, call.Parts.Catalog.Definition("io.k8s.api.authentication.v1.TokenRequest"), "TokenRequest", "authentication.k8s.io/v1");
        if (body.Refusal is { } unreadable) return unreadable;
        var request = body.Value;
        if (Check(call, request) is { } wrong) return wrong;
        if (await call.Parts.Store.Get(call.Route.Key, cancel) is not { } entry) return Refusal.NotFound(call.Type, call.Route.Name);
        var bound = await BoundObjects.Find(call, request.Object("spec").Object("boundObjectRef"), cancel);
        if (bound.Refusal is { } unbound) return unbound;
        var made = Answer(call, request, Bound.To(Stored.Parse(entry.Value)), bound.Value);
        return Encode.Finish(call, JsonSerializer.SerializeToUtf8Bytes(made), 201);
    }

    static JsonObject Answer(Call call, JsonObject request, Bound account, BoundObjects bound)
    {
        var (spec, now) = (request.Child("spec"), call.Parts.Time.GetUtcNow());
        var seconds = spec.Number("expirationSeconds") ?? DefaultSeconds;
        var audiences = spec.Texts("audiences").ToList() is { Count: > 0 } said ? said : [.. AccountTokens.OwnAudiences];
        var extended = bound.Pod is not null && seconds == PodSeconds && audiences.All(AccountTokens.OwnAudiences.Contains);
        var start = now.ToUnixTimeSeconds();
        var claims = new Claims(call.Route.Namespace, account, audiences, start, start + (extended ? ExtendedSeconds : seconds), call.Parts.NewId().ToString())
        {
            Pod = bound.Pod, Secret = bound.Secret, Node = bound.Node, WarnAfter = extended ? start + seconds : null,
        };
        spec["audiences"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]);
        spec["expirationSeconds"] = seconds;
        var metadata = request.Metadata();
        metadata["name"] = call.Route.Name;
        metadata["namespace"] = call.Route.Namespace;
        metadata["creationTimestamp"] = Objects.Wire.Time(now);
        return new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = metadata.DeepClone(),
            ["spec"] = spec.DeepClone(),
            ["status"] = new JsonObject { ["token"] = call.Parts.Accounts.Sign(claims), ["expirationTimestamp"] = Objects.Wire.Time(now.AddSeconds(seconds)) },
        };
    }

    static Refusal? Check(Call call, JsonObject request)
    {
        var (metadata, errors) = (request.Metadata(), new List<FieldError>());
        if (metadata.Text("name") is { Length: > 0 } name && name != call.Route.Name) errors.Add(FieldError.Invalid("metadata.name", name, "must match the service account name"));
        if (metadata.Text("namespace") is { Length: > 0 } space && space != call.Route.Namespace)
            errors.Add(FieldError.Invalid("metadata.namespace", space, "must match the service account namespace"));
        var seconds = request.Object("spec").Number("expirationSeconds") ?? DefaultSeconds;
        if (seconds < LeastSeconds) errors.Add(FieldError.Invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"));
        if (seconds > MostSeconds) errors.Add(FieldError.Invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds"));
        return errors.Count == 0 ? null
            : new Refusal(422, "Invalid", $"TokenRequest.authentication.k8s.io \"{call.Route.Name}\" is invalid: {(errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]")}")
            {
                Group = "authentication.k8s.io", Kind = "TokenRequest", Name = call.Route.Name, Causes = errors,
            };
    }
}
