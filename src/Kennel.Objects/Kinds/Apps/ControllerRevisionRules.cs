using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Apps;

sealed class ControllerRevisionRules(ResourceType type) : KindRules(type)
{
    protected override void Check(JsonObject o, Errors errors)
    {
        if (!o.Has("data")) errors.Required("data", "data is mandatory");
        errors.NotNegative("revision", o.Int("revision"));
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        Check(o, errors);
        if (!JsonNode.DeepEquals(o.Node("data"), old.Node("data"))) errors.Invalid("data", o.Node("data"), "field is immutable");
    }
}
