using System.Text.Json.Nodes;
using Kennel.Objects.Quantities;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>
/// What a pod asks for and may use as a whole: its containers together with its sidecars, or more if a step of its initialization needs more;
/// what is said of the pod itself stands above that, and the overhead comes on top.
/// </summary>
public static class PodAmounts
{
    /// <summary>By resource name, in order.</summary>
    public static SortedDictionary<string, Quantity> Requests(JsonObject? spec) => Sum(spec, "requests");

    /// <inheritdoc cref="Requests"/>
    public static SortedDictionary<string, Quantity> Limits(JsonObject? spec) => Sum(spec, "limits");

    /// <summary>Amounts as they stand in an object.</summary>
    public static SortedDictionary<string, Quantity> Read(JsonObject? amounts)
    {
        var read = None();
        if (amounts is not null)
            foreach (var (name, value) in amounts) read[name] = Amounts.Of(value.AsText());
        return read;
    }

    static SortedDictionary<string, Quantity> Sum(JsonObject? spec, string field)
    {
        var running = None();
        foreach (var container in spec.List("containers") ?? []) Add(running, Of(container, field));
        var (sidecars, starting) = (None(), None());
        foreach (var container in spec.List("initContainers") ?? [])
        {
            var own = Of(container, field);
            if (container.Text("restartPolicy") == "Always") Add(sidecars, own);
            else Add(own, sidecars);
            Max(starting, container.Text("restartPolicy") == "Always" ? sidecars : own);
        }
        Add(running, sidecars);
        Max(running, starting);
        foreach (var (name, value) in Read(spec.Obj("resources").Obj(field)))
            if (name is "cpu" or "memory" || name.StartsWith("hugepages-", StringComparison.Ordinal)) running[name] = value;
        foreach (var (name, value) in Read(spec.Obj("overhead")))
            if (field == "requests" || running.TryGetValue(name, out var limit) && !limit.IsZero) running[name] = running.GetValueOrDefault(name) + value;
        return running;
    }

    static SortedDictionary<string, Quantity> None() => new(StringComparer.Ordinal);

    static SortedDictionary<string, Quantity> Of(JsonNode? container, string field) => Read(container.Obj("resources").Obj(field));

    static void Add(SortedDictionary<string, Quantity> to, SortedDictionary<string, Quantity> more)
    {
        foreach (var (name, value) in more) to[name] = to.TryGetValue(name, out var there) ? there + value : value;
    }

    static void Max(SortedDictionary<string, Quantity> to, SortedDictionary<string, Quantity> other)
    {
        foreach (var (name, value) in other)
            if (!to.TryGetValue(name, out var there) || value > there) to[name] = value;
    }
}
