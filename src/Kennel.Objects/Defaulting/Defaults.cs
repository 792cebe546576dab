using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Defaulting;

/// <summary>Defaults that are data: <c>Facts/defaults.json</c> says for a definition which field is filled in with what when it is absent.</summary>
public static class Defaults
{
    public static void Apply(JsonObject o, Schema schema) => DefaultPlan.Of(schema)?.Apply(o);
}
