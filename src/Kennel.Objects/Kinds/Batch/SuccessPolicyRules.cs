using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;

namespace Kennel.Objects.Kinds.Batch;

/// <summary>Which indexes are enough for an Indexed Job to have succeeded.</summary>
static class SuccessPolicyRules
{
    const int MostRules = 20;
    const int LongestIndexes = 64 * 1024;

    public static void Check(JsonObject? spec, At at, Errors errors)
    {
        if (spec.Obj("successPolicy") is not { } policy) return;
        if (spec.Text("completionMode") != "Indexed")
        {
            errors.Invalid(at, policy, "requires indexed completion mode");
            return;
        }
        var (rules, path) = (policy.List("rules") ?? [], at["rules"]);
        if (rules.Count == 0) errors.Required(path, "at least one rules must be specified when the successPolicy is specified");
        if (rules.Count > MostRules) errors.Add(FieldError.TooMany(path.ToString(), rules.Count, MostRules));
        for (var i = 0; i < rules.Count; i++) Rule(rules[i] as JsonObject ?? [], spec.Int("completions") ?? 0, path[i], errors);
    }

    static void Rule(JsonObject rule, long completions, At at, Errors errors)
    {
        var (indexes, count) = (rule.Text("succeededIndexes"), rule.Int("succeededCount"));
        if (indexes is null && count is null) errors.Required(at, "at least one of succeededCount or succeededIndexes must be specified");
        var named = 0L;
        if (indexes is not null)
        {
            if (Encoding.UTF8.GetByteCount(indexes) > LongestIndexes) errors.TooLong(at["succeededIndexes"], LongestIndexes);
            if (IndexSyntax.Problem(indexes, completions, out named) is { } problem)
                errors.Invalid(at["succeededIndexes"], indexes, $"error parsing succeededIndexes: {problem}");
        }
        if (count is null) return;
        errors.NotNegative(at["succeededCount"], count);
        if (count > completions) errors.Invalid(at["succeededCount"], count, $"must be less than or equal to {completions} (the number of specified completions)");
        if (indexes is not null && count > named) errors.Invalid(at["succeededCount"], count, $"must be less than or equal to {named} (the number of indexes in the specified succeededIndexes field)");
    }
}
