using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class ConfigMapRules(ResourceType type) : KindRules(type)
{
    protected override void Check(JsonObject o, Errors errors)
    {
        var (data, binary) = (o.Obj("data"), o.Obj("binaryData"));
        DataRules.CheckKeys(data, "data", errors);
        DataRules.CheckKeys(binary, "binaryData", errors);
        foreach (var (key, _) in data ?? [])
            if (binary.Has(key)) errors.Invalid(((At)"data").Key(key), key, "duplicate of key present in binaryData");
        if (DataRules.Bytes(data, base64: false) + DataRules.Bytes(binary, base64: true) > DataRules.MostBytes) errors.TooLong("", DataRules.MostBytes);
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        DataRules.CheckImmutable(o, old, errors, "data", "binaryData");
        Check(o, errors);
    }
}
