using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Access.Tokens;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>Whose token it is that somebody was shown.</summary>
static class TokenReviews
{
    public static async ValueTask<Result<JsonObject>> StatusOf(Call call, JsonObject review, CancellationToken cancel)
    {
        var spec = review.Object("spec");
        if (spec.Text("token") is not { Length: > 0 } token) return Refusal.BadRequest("token is required for TokenReview in authentication");
        var audiences = spec.Texts("audiences").ToList() is { Count: > 0 } said ? said : AccountTokens.OwnAudiences;
        var (user, shared, why) = await call.Parts.Authentication.Review(token, audiences, cancel);
        if (user is null) return new JsonObject { ["user"] = new JsonObject(), ["error"] = why == "invalid bearer token" ? why : $"[invalid bearer token, {why}]" };
        return new JsonObject { ["authenticated"] = true, ["user"] = UserDocument.Of(user), ["audiences"] = new JsonArray([.. shared.Select(a => (JsonNode)a)]) };
    }
}
