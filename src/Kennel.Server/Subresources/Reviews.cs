using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
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
        var status = await StatusOf(call, review, cancel);
        if (status.Refusal is { } refusal) return refusal;
        review["status"] = status.Value;
        return Encode.Finish(call, JsonSerializer.SerializeToUtf8Bytes(review), 201);
    }

    static async ValueTask<Result<JsonObject>> StatusOf(Call call, JsonObject review, CancellationToken cancel) => call.Type.Kind switch
    {
        "SelfSubjectReview" => new JsonObject { ["userInfo"] = UserDocument.Of(call.Request.User) },
        "SelfSubjectAccessReview" or "SubjectAccessReview" or "LocalSubjectAccessReview" => await AccessReviews.StatusOf(call, review, cancel),
        "SelfSubjectRulesReview" => await RulesReviews.StatusOf(call, review, cancel),
        "TokenReview" => await TokenReviews.StatusOf(call, review, cancel),
        var other => new Refusal(501, "NotImplemented", $"{other} is not answered by this server"),
    };
}
