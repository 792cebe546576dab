using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>How pods spread over the topology.</summary>
static class SpreadRules
{
    public static void Check(JsonArray? constraints, At at, Errors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < constraints?.Count; i++)
        {
            var c = constraints[i];
            if ((c.Int("maxSkew") ?? 0) <= 0) errors.Invalid(at[i]["maxSkew"], c.Int("maxSkew") ?? 0, "must be greater than zero");
            if (c.Text("topologyKey") is not { Length: > 0 } key) errors.Required(at[i]["topologyKey"], "can not be empty");
            else errors.Unless(Labels.KeyProblem(key), at[i]["topologyKey"], key);
            if (c.Text("whenUnsatisfiable") is not ("DoNotSchedule" or "ScheduleAnyway"))
                errors.NotSupported(at[i]["whenUnsatisfiable"], c.Text("whenUnsatisfiable") ?? "", "DoNotSchedule", "ScheduleAnyway");
            if (!seen.Add($"{c.Text("topologyKey")}, {c.Text("whenUnsatisfiable")}"))
                errors.Duplicate(at[i]["{topologyKey, whenUnsatisfiable}"], $"{{{c.Text("topologyKey")}, {c.Text("whenUnsatisfiable")}}}");
            Labels.CheckSelector(c.Obj("labelSelector"), at[i]["labelSelector"], errors);
        }
    }
}
