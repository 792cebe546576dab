using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Access;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>May I, or may somebody, do this?</summary>
static class AccessReviews
{
    const string Both = "spec.nonResourceAttributes";

    public static async ValueTask<Result<JsonObject>> StatusOf(Call call, JsonObject review, CancellationToken cancel)
    {
        var spec = review.Object("spec");
        if (Check(call, spec) is { Count: > 0 } errors) return Refusal.Invalid(call.Type, "", errors);
        var user = call.Type.Kind == "SelfSubjectAccessReview" ? call.Request.User : UserDocument.Read(spec);
        var opinion = await call.Parts.Authorizer.Judge(user, AskIn(spec), null, cancel);
        var status = new JsonObject { ["allowed"] = opinion.Allowed };
        if (!string.IsNullOrEmpty(opinion.Why)) status["reason"] = opinion.Why;
        return status;
    }

    static Ask AskIn(JsonObject? spec)
    {
        if (spec.Object("nonResourceAttributes") is { } path) return new(path.Text("verb"), "", "", "", "", "", path.Text("path"));
        var resource = spec.Object("resourceAttributes");
        return new(resource.Text("verb"), resource.Text("group"), resource.Text("resource"), resource.Text("subresource"), resource.Text("namespace"), resource.Text("name"));
    }

    static List<FieldError> Check(Call call, JsonObject? spec)
    {
        var errors = new List<FieldError>();
        var (resource, path) = (spec.Object("resourceAttributes"), spec.Object("nonResourceAttributes"));
        if (resource is not null && path is not null) errors.Add(FieldError.Invalid(Both, path, "cannot be specified in combination with resourceAttributes"));
        if (resource is null && path is null) errors.Add(FieldError.Invalid("spec.resourceAttributes", null, "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
        if (call.Type.Kind != "SelfSubjectAccessReview" && spec.Text("user").Length == 0 && !spec.Texts("groups").Any())
            errors.Add(FieldError.Invalid("spec.user", "", "at least one of user or group must be specified"));
        if (call.Type.Kind != "LocalSubjectAccessReview") return errors;
        if (path is not null) errors.Add(FieldError.Invalid(Both, path, "disallowed on this kind of request"));
        if (resource.Text("namespace") != call.Route.Namespace) errors.Add(FieldError.Invalid("spec.resourceAttributes.namespace", resource.Text("namespace"), "must match metadata.namespace"));
        return errors;
    }
}
