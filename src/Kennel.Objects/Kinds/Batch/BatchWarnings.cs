using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core;

namespace Kennel.Objects.Kinds.Batch;

/// <summary>What is allowed and yet rarely meant.</summary>
static class BatchWarnings
{
    public static IEnumerable<string> Name(JsonObject o) => Names.Label(o.Obj("metadata").Text("name") ?? "") is { } problem
        ? [$"metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [{problem.Replace("; ", " ", StringComparison.Ordinal)}]"] : [];

    public static IEnumerable<string> Spec(JsonObject? spec, string at)
    {
        if (spec.Text("completionMode") == "Indexed" && spec.Int("completions") > 100_000 && spec.Int("parallelism") > 10_000)
            yield return $"{at}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail";
        foreach (var warning in TemplateRules.Warnings(spec.Obj("template"), at + ".template.spec")) yield return warning;
    }
}
