using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Access.Roles;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>All that one may in a namespace: <c>kubectl auth can-i --list</c>.</summary>
static class RulesReviews
{
    public static async ValueTask<Result<JsonObject>> StatusOf(Call call, JsonObject review, CancellationToken cancel)
    {
        if (review.Object("spec").Text("namespace") is not { Length: > 0 } space) return Refusal.BadRequest("no namespace on request");
        var user = call.Request.User;
        var (rules, missing) = await call.Parts.Authorizer.RulesOf(user, space, cancel);
        var status = new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules.Where(r => r.Paths.Count == 0).Select(r => r.ToJson())]),
            ["nonResourceRules"] = new JsonArray([.. rules.Where(r => r.Paths.Count > 0).Select(r => r.ToJson())]),
            ["incomplete"] = user.Node is not null || missing.Count > 0,
        };
        List<string> problems = user.Node is null ? [.. missing] : ["node authorizer does not support user rule resolution", .. missing];
        if (problems.Count > 0) status["evaluationError"] = string.Join(", ", problems);
        return status;
    }
}
