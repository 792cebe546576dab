using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>A user as reviews show one (UserInfo), and as they ask about one.</summary>
static class UserDocument
{
    public static JsonObject Of(User user)
    {
        var o = new JsonObject { ["username"] = user.Name };
        if (user.Uid.Length > 0) o["uid"] = user.Uid;
        o["groups"] = Texts(user.Groups);
        if (user.Extra.Count > 0) o["extra"] = new JsonObject(user.Extra.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)Texts(e.Values))));
        return o;
    }

    /// <summary>The user that the spec of an access review asks about.</summary>
    public static User Read(JsonObject? spec) => new(spec.Text("user"), [.. spec.Texts("groups")])
    {
        Uid = spec.Text("uid"),
        Extra = [.. (spec.Object("extra") ?? []).Select(e => (e.Key, (IReadOnlyList<string>)[.. spec.Object("extra").Texts(e.Key)]))],
    };

    static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
