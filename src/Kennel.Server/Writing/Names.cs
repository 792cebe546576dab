using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;

namespace Kennel.Server.Writing;

static class Names
{
    /// <summary>The name of the path goes into a body without one; another one is refused.</summary>
    public static Refusal? Check(string path, JsonObject metadata)
    {
        var said = metadata.Text("name");
        if (said.Length > 0 && said != path) return Refusal.BadRequest($"the name of the object ({said}) does not match the name on the URL ({path})");
        metadata["name"] = path;
        return null;
    }
}
