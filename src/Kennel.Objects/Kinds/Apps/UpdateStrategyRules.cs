using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core;

namespace Kennel.Objects.Kinds.Apps;

/// <summary>How a set replaces pods of an older template.</summary>
static class UpdateStrategyRules
{
    public static void Check(JsonObject? strategy, At at, Errors errors)
    {
        var rolling = strategy.Obj("rollingUpdate");
        switch (strategy.Text("type"))
        {
            case null or "":
                errors.Required(at);
                break;
            case "OnDelete":
                NotRolling(rolling, at, errors);
                break;
            case "Recreate" when errors.Gates.HasFlag(Gates.StatefulSetRecreateStrategy):
                NotRolling(rolling, at, errors);
                break;
            case "RollingUpdate":
                if (rolling is not null) Rolling(rolling, at["rollingUpdate"], errors);
                break;
            default:
                errors.Invalid(at, new JsonObject { ["Type"] = strategy.Text("type"), ["RollingUpdate"] = rolling is null ? null : Internal(rolling) }, "must be 'RollingUpdate' or 'OnDelete'");
                break;
        }
    }

    static void NotRolling(JsonObject? rolling, At at, Errors errors)
    {
        if (rolling is not null) errors.Invalid(at["rollingUpdate"], Internal(rolling), "only allowed for updateStrategy 'RollingUpdate'");
    }

    /// <summary>As upstream shows it: its messages have the names of its own Go fields, and all of them.</summary>
    static JsonObject Internal(JsonObject rolling) => new()
    {
        ["Partition"] = rolling.Int("partition") ?? 0,
        ["MaxUnavailable"] = rolling.Node("maxUnavailable")?.DeepClone(),
    };

    static void Rolling(JsonObject rolling, At at, Errors errors)
    {
        errors.NotNegative(at["partition"], rolling.Int("partition"));
        if (rolling.Node("maxUnavailable") is not { } most) return;
        IntOrPercent.Check(most, at["maxUnavailable"], errors);
        if (IntOrPercent.IsZero(most)) errors.Invalid(at["maxUnavailable"], most, "cannot be 0");
        IntOrPercent.AtMostAll(most, at["maxUnavailable"], errors);
    }
}
