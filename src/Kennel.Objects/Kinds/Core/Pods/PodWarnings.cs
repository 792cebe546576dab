using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>What is allowed in a pod spec and yet hardly meant.</summary>
static class PodWarnings
{
    public static List<string> Of(JsonObject? spec, string at)
    {
        var warnings = new List<string>();
        if (spec is null) return warnings;
        if (spec.Int("terminationGracePeriodSeconds") < 0) warnings.Add($"{at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1");
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            if (spec.List(list) is not { } containers) continue;
            for (var i = 0; i < containers.Count; i++) Container(containers[i], $"{at}.{list}[{i}]", warnings);
        }
        return warnings;
    }

    static void Container(JsonNode? container, string at, List<string> warnings)
    {
        if (container.List("env") is { Count: > 1 } env)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < env.Count; i++)
                if (env[i].Text("name") is { Length: > 0 } name && !seen.Add(name))
                    warnings.Add($"{at}.env[{i}]: hides previous definition of \"{name}\", which may be dropped when using apply");
        }
        Fractions(container.Obj("resources").Obj("limits"), $"{at}.resources.limits", warnings);
        Fractions(container.Obj("resources").Obj("requests"), $"{at}.resources.requests", warnings);
    }

    public static void Fractions(JsonObject? amounts, string at, List<string> warnings)
    {
        if (amounts is null) return;
        foreach (var name in (ReadOnlySpan<string>)["memory", "ephemeral-storage", "storage"])
            if (amounts.Text(name) is { } amount && !Amounts.IsWhole(amount)) warnings.Add($"{at}[{name}]: fractional byte value \"{amount}\" is invalid, must be an integer");
    }
}
