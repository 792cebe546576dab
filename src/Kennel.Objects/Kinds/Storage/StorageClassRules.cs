using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Storage;

sealed class StorageClassRules(ResourceType type) : KindRules(type)
{
    protected override void Check(JsonObject o, Errors errors)
    {
        if (o.Text("provisioner") is not { Length: > 0 } provisioner) errors.Required("provisioner");
        else errors.Unless(Labels.KeyProblem(provisioner.ToLowerInvariant()), "provisioner", provisioner);
        if (o.Obj("parameters") is { } parameters && parameters.ContainsKey("")) errors.Invalid("parameters", 0, "field must not be empty.");
        if (o.Text("reclaimPolicy") is { Length: > 0 } policy) errors.OneOf("reclaimPolicy", policy, "Delete", "Retain");
        errors.OneOf("volumeBindingMode", o.Text("volumeBindingMode"), "Immediate", "WaitForFirstConsumer");
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["parameters", "provisioner", "reclaimPolicy"])
            if (!Same.Values(o.Node(field), old.Node(field))) errors.Forbidden(field, $"updates to {field} are forbidden.");
        errors.Unchanged("volumeBindingMode", o.Node("volumeBindingMode"), old.Node("volumeBindingMode"));
    }
}

sealed class VolumeAttributesClassRules(ResourceType type) : KindRules(type)
{
    protected override void Check(JsonObject o, Errors errors)
    {
        if (o.Text("driverName") is null or "") errors.Required("driverName");
        if (o.Obj("parameters") is not { Count: > 0 }) errors.Required("parameters", "must contain at least one key/value pair");
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["driverName", "parameters"])
            if (!Same.Values(o.Node(field), old.Node(field))) errors.Forbidden(field, $"updates to {field} are forbidden.");
    }
}
