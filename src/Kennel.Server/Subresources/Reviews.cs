using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Access;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>Questions about access, answered and not stored: <c>kubectl auth can-i</c>, <c>auth whoami</c>.</summary>
static class Reviews
{
    public static bool Answers(Call call) => call.Type.Group is "authorization.k8s.io" or "authentication.k8s.io" && !call.Type.Verbs.Contains("get");

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var body = Body.Object(call);
        if (body.Refusal is { } unreadable) return unreadable;
        var review = body.Value;
        review["kind"] = call.Type.Kind;
        review["apiVersion"] = call.Type.ApiVersion;
        review.Metadata();
        switch (call.Type.Kind)
        {
            case "SelfSubjectReview":
                review["status"] = new JsonObject { ["userInfo"] = UserDocument.Of(call.Request.User) };
                break;
            case "SelfSubjectAccessReview":
                review["status"] = new JsonObject { ["allowed"] = Authorizer.Allows(call.Request.User) };
                break;
            case "SubjectAccessReview" or "LocalSubjectAccessReview":
                var spec = review.Object("spec");
                review["status"] = new JsonObject { ["allowed"] = Authorizer.Allows(new User(spec.Text("user"), [.. spec.Texts("groups")])) };
                break;
            case "SelfSubjectRulesReview":
                review["status"] = Rules(Authorizer.Allows(call.Request.User));
                break;
            case "TokenReview":
                var status = await TokenReviews.StatusOf(call, review, cancel);
                if (status.Refusal is { } refusal) return refusal;
                review["status"] = status.Value;
                break;
            default:
                return new Refusal(501, "NotImplemented", $"{call.Type.Kind} is not answered by this server");
        }
        return Encode.Finish(call, JsonSerializer.SerializeToUtf8Bytes(review), 201);
    }

    static JsonObject Rules(bool all)
    {
        static JsonArray Any() => new("*");
        return new()
        {
            ["resourceRules"] = all ? new JsonArray(new JsonObject { ["verbs"] = Any(), ["apiGroups"] = Any(), ["resources"] = Any() }) : new JsonArray(),
            ["nonResourceRules"] = all ? new JsonArray(new JsonObject { ["verbs"] = Any(), ["nonResourceURLs"] = Any() }) : new JsonArray(),
            ["incomplete"] = false,
        };
    }
}
