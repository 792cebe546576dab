using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>The quality-of-service class that follows from what a pod's containers ask for.</summary>
public static class PodQuality
{
    public static string Of(JsonObject? spec)
    {
        if (spec.Obj("resources") is { Count: > 0 } whole) return Of([whole]);
        return Of(Resources(spec.List("containers")).Concat(Resources(spec.List("initContainers"))));
    }

    static IEnumerable<JsonObject?> Resources(JsonArray? containers) => (containers ?? []).Select(c => c.Obj("resources"));

    static string Of(IEnumerable<JsonObject?> all)
    {
        var (any, guaranteed) = (false, true);
        foreach (var resources in all)
            foreach (var name in (ReadOnlySpan<string>)["cpu", "memory"])
            {
                var limit = Amounts.Of(resources.Obj("limits").Text(name));
                var request = Amounts.Of(resources.Obj("requests").Text(name));
                any |= limit.Sign > 0 || request.Sign > 0;
                guaranteed &= limit.Sign > 0 && (request == limit || !resources.Obj("requests").Has(name));
            }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }
}
