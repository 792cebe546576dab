using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Node;

sealed class RuntimeClassRules(ResourceType type) : KindRules(type)
{
    protected override void Check(JsonObject o, Errors errors)
    {
        var handler = o.Text("handler") ?? "";
        errors.Unless(Names.Label(handler), "handler", handler);
        foreach (var (name, amount) in o.Obj("overhead").Obj("podFixed") ?? [])
            if (Amounts.Sign(amount.AsText()) < 0) errors.Invalid(((At)"overhead")["podFixed"].Key(name), amount, "must be greater than or equal to 0");
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        Check(o, errors);
        errors.Unchanged("handler", o.Node("handler"), old.Node("handler"));
    }
}
