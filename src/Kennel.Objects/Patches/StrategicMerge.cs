using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Patches;

/// <summary>Upstream's strategic merge patch: lists merge by the keys that the schema names.</summary>
public static class StrategicMerge
{
    public static Patched Apply(JsonObject target, JsonObject patch, Schema schema) => throw new NotImplementedException();
}
