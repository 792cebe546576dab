using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Batch;

/// <summary>How many pods make a Job complete, and whether each has an index.</summary>
static class CompletionRules
{
    const long MostParallel = 100_000;
    const long MostFailed = 100_000;

    /// <summary>From here on, limits keep the lists of indexes in the status short.</summary>
    const long Many = 100_000;
    const long ParallelWithMany = 10_000;
    const long FailedWithMany = 10_000;

    public static void Check(JsonObject? spec, At at, Errors errors)
    {
        switch (spec.Text("completionMode"))
        {
            case "Indexed":
                Indexed(spec, at, errors);
                break;
            case null or "NonIndexed":
                foreach (var field in (ReadOnlySpan<string>)["backoffLimitPerIndex", "maxFailedIndexes"])
                    if (spec.Has(field)) errors.Invalid(at[field], spec.Node(field), "requires indexed completion mode");
                break;
            case { } other:
                errors.NotSupported(at["completionMode"], other, "NonIndexed", "Indexed");
                break;
        }
    }

    static void Indexed(JsonObject? spec, At at, Errors errors)
    {
        var (completions, parallelism, failed) = (spec.Int("completions"), spec.Int("parallelism"), spec.Int("maxFailedIndexes"));
        if (completions is null) errors.Required(at["completions"], "when completion mode is Indexed");
        if (parallelism > MostParallel) errors.Invalid(at["parallelism"], parallelism, $"must be less than or equal to {MostParallel} when completion mode is Indexed");
        if (failed > completions) errors.Invalid(at["maxFailedIndexes"], failed, "must be less than or equal to completions");
        if (failed > MostFailed) errors.Invalid(at["maxFailedIndexes"], failed, $"must be less than or equal to {MostFailed}");
        if (completions is not > Many || !spec.Has("backoffLimitPerIndex")) return;
        if (failed is null) errors.Required(at["maxFailedIndexes"], $"must be specified when completions is above {Many}");
        if (parallelism > ParallelWithMany) errors.Invalid(at["parallelism"], parallelism, WithMany(ParallelWithMany));
        if (failed > FailedWithMany) errors.Invalid(at["maxFailedIndexes"], failed, WithMany(FailedWithMany));
    }

    static string WithMany(long most) => $"must be less than or equal to {most} when completions are above {Many} and used with backoff limit per index";

    /// <summary>An Indexed Job can be made larger and smaller, together with its parallelism.</summary>
    public static void CheckUpdate(JsonObject? spec, JsonObject? was, Errors errors)
    {
        At at = "spec.completions";
        if (spec.Text("completionMode") != "Indexed") errors.Unchanged(at, spec.Node("completions"), was.Node("completions"));
        else if (spec.Int("completions") is { } now && now != was.Int("completions") && now != spec.Int("parallelism"))
            errors.Invalid(at, now, "can only be modified in tandem with spec.parallelism");
    }
}
