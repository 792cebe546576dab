using System.Text.Json.Nodes;

namespace Kennel.Objects.Applying;

/// <summary>One manager's fields, as an entry of <c>metadata.managedFields</c>.</summary>
/// <param name="Operation">Apply or Update.</param>
/// <param name="Time">As the API writes it; null when the entry has none.</param>
/// <param name="Written">The entry as it was read, to be written again when nothing of it changed.</param>
sealed record ManagerEntry(string Manager, string Operation, string ApiVersion, string? Subresource, string? Time, FieldSet Fields, JsonObject? Written = null)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public bool Applied => Operation == Apply;

    /// <summary>Whether an operation belongs to this entry. Appliers are the same across versions of the API.</summary>
    public bool Is(string manager, string operation, string apiVersion, string? subresource) =>
        Manager == manager && Operation == operation && (Subresource ?? "") == (subresource ?? "") && (Applied || ApiVersion == apiVersion);

    /// <returns>Null when it isn't a well-formed entry.</returns>
    public static ManagerEntry? Read(JsonNode? node)
    {
        if (node is not JsonObject o || Text(o, "operation") is not (Apply or Update) || Text(o, "fieldsType") is not "FieldsV1") return null;
        return FieldSetJson.Read(o["fieldsV1"] ?? new JsonObject()) is not { } fields ? null
            : new(Text(o, "manager") ?? "", Text(o, "operation")!, Text(o, "apiVersion") ?? "", Text(o, "subresource"), Text(o, "time"), fields, o);
    }

    public ManagerEntry With(FieldSet fields) => this with { Fields = fields, Written = null };

    public JsonObject Write()
    {
        if (Written is not null) return (JsonObject)(Written.Parent is null ? Written : Written.DeepClone());
        var made = new JsonObject { ["manager"] = Manager, ["operation"] = Operation, ["apiVersion"] = ApiVersion };
        if (Time is not null) made["time"] = Time;
        made["fieldsType"] = "FieldsV1";
        made["fieldsV1"] = FieldSetJson.Write(Fields);
        if (!string.IsNullOrEmpty(Subresource)) made["subresource"] = Subresource;
        return made;
    }

    /// <summary>How conflicts name the manager: <c>"kubectl-client-side-apply" using apps/v1</c>, <c>"x" with subresource "status" using v1</c>.</summary>
    public override string ToString() =>
        $"\"{Manager}\"{(string.IsNullOrEmpty(Subresource) ? "" : $" with subresource \"{Subresource}\"")}{(Applied ? "" : $" using {ApiVersion}")}";

    static string? Text(JsonObject o, string name) =>
        o.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
