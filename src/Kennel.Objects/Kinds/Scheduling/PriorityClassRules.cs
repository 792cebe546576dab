using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Scheduling;

sealed class PriorityClassRules(ResourceType type) : KindRules(type)
{
    const string SystemPrefix = "system-";

    /// <summary>Above it are those of the system.</summary>
    const long Highest = 1_000_000_000;

    static readonly Dictionary<string, long> s_system = new(StringComparer.Ordinal) { ["system-cluster-critical"] = 2_000_000_000, ["system-node-critical"] = 2_000_001_000 };

    protected override void Check(JsonObject o, Errors errors)
    {
        var (name, value) = (o.Obj("metadata").Text("name") ?? "", o.Int("value") ?? 0);
        if (name.StartsWith(SystemPrefix, StringComparison.Ordinal))
        {
            if (Wrong(name, value, o.Bool("globalDefault") == true) is { } why)
                errors.Forbidden("metadata.name", $"priority class names with '{SystemPrefix}' prefix are reserved for system use only. error: {why}");
        }
        else if (value > Highest) errors.Forbidden("value", $"maximum allowed value of a user defined priority is {Highest}");
        if (o.Text("preemptionPolicy") is { Length: > 0 } policy and not ("PreemptLowerPriority" or "Never")) errors.NotSupported("preemptionPolicy", policy, "PreemptLowerPriority", "Never");
    }

    static string? Wrong(string name, long value, bool isDefault) =>
        !s_system.TryGetValue(name, out var known) ? $"{name} is not a known system priority class"
        : value != known ? $"value of {name} PriorityClass must be {known}"
        : isDefault ? $"globalDefault of {name} PriorityClass must be false" : null;

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if ((o.Int("value") ?? 0) != (old.Int("value") ?? 0)) errors.Forbidden("value", "may not be changed in an update.");
        errors.Unchanged("preemptionPolicy", o.Node("preemptionPolicy"), old.Node("preemptionPolicy"));
    }
}
