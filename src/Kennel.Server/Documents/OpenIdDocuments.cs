using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Server.Access.Tokens;

namespace Kennel.Server.Documents;

/// <summary>How others check the tokens of service accounts (OpenID Connect discovery).</summary>
sealed class OpenIdDocuments(SigningKey key, string address)
{
    public const string Configuration = "/.well-known/openid-configuration";
    public const string Keys = "/openid/v1/jwks";

    public Answer? Find(string path) => path switch
    {
        Configuration => Answer(new()
        {
            ["issuer"] = AccountTokens.Issuer,
            ["jwks_uri"] = $"https://{address}{Keys}",
            ["response_types_supported"] = new JsonArray("id_token"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
        }, "application/json"),
        Keys => Answer(new() { ["keys"] = new JsonArray(key.Published()) }, "application/jwk-set+json"),
        _ => null,
    };

    static Answer Answer(JsonObject o, string type) => new(200, JsonSerializer.SerializeToUtf8Bytes(o), type) { Headers = [("Cache-Control", "public, max-age=3600")] };
}
