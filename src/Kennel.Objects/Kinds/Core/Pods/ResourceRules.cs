using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>What containers ask for and may use.</summary>
static class ResourceRules
{
    public static void Check(JsonObject? resources, At at, Errors errors)
    {
        if (resources is null || resources.Count == 0) return;
        var (limits, requests) = (resources.Obj("limits"), resources.Obj("requests"));
        CheckAmounts(limits, at["limits"], errors);
        if (requests is null) return;
        foreach (var (name, amount) in requests)
        {
            CheckAmount(name, amount.AsText(), at["requests"], errors);
            if (limits.Text(name) is { } limit)
            {
                if (!Overcommits(name))
                {
                    if (Amounts.Compare(amount.AsText(), limit) != 0) errors.Invalid(at["requests"], amount, $"must be equal to {name} limit of {limit}");
                }
                else if (Amounts.Compare(amount.AsText(), limit) > 0) errors.Invalid(at["requests"], amount, $"must be less than or equal to {name} limit of {limit}");
            }
            else if (!Overcommits(name)) errors.Required(at["limits"], "Limit must be set for non overcommitable resources");
        }
    }

    static void CheckAmounts(JsonObject? amounts, At at, Errors errors)
    {
        if (amounts is null) return;
        foreach (var (name, amount) in amounts) CheckAmount(name, amount.AsText(), at, errors);
    }

    static void CheckAmount(string name, string? amount, At at, Errors errors)
    {
        CheckName(name, at, errors);
        if (Amounts.Sign(amount) < 0) errors.Invalid(at.Key(name), amount, "must be greater than or equal to 0");
        if (IsCounted(name) && !Amounts.IsWhole(amount)) errors.Invalid(at.Key(name), amount, "must be an integer");
    }

    static void CheckName(string name, At at, Errors errors)
    {
        if (Labels.KeyProblem(name) is { } problem) errors.Unless(problem, at.Key(name), name);
        else if (!name.Contains('/') && !IsStandard(name)) errors.Invalid(at.Key(name), name, "must be a standard resource type or fully qualified");
    }

    static bool IsStandard(string name) => name is "cpu" or "memory" or "ephemeral-storage" or "storage" || name.StartsWith("hugepages-", StringComparison.Ordinal);

    static bool IsCounted(string name) => name.Contains('/') && !name.Contains("kubernetes.io/", StringComparison.Ordinal);

    static bool Overcommits(string name) => !name.Contains('/') && !name.StartsWith("hugepages-", StringComparison.Ordinal);
}
