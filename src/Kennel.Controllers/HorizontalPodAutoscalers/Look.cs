using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.AutoscalingV2;
using Kennel.Objects.Meta;
using Kennel.Objects.Schemas;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>Asks the API for the target's scale and for the figures, and hands them over for the next decision.</summary>
/// <param name="Resource">The target's kind, or null with the reason.</param>
public sealed record Look(HorizontalPodAutoscaler Autoscaler, ResourceId? Resource, string? Unknown, Catalog Catalog, DateTimeOffset Now, Action<Facts> Hand) : Step.Own
{
    string Space => Autoscaler.Metadata.Namespace ?? "";

    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        if (Resource is not { } resource)
        {
            Hand(new(Now, null, Unknown, []));
            return null;
        }
        var answer = await api.Send(new("GET", resource.Path(Space, Autoscaler.Spec.ScaleTargetRef.Name) + "/scale"), cancel);
        if (!answer.Succeeded)
        {
            Hand(new(Now, null, Message(answer, ""), []));
            return null;
        }
        var scale = Json.Read<Kennel.Objects.Autoscaling.Scale>(answer.Body.Span);
        var facts = new ScaleFacts(scale.Spec?.Replicas ?? 0, scale.Status?.Replicas ?? 0, scale.Status?.Selector ?? "", scale.Metadata.ResourceVersion ?? "");
        var metrics = ImmutableArray.CreateBuilder<MetricFacts>();
        if (facts is { Selector.Length: > 0, Wanted: > 0 } || Autoscaler.Spec.MinReplicas == 0)
        {
            (JsonArray? Items, string? Problem)? pods = null;
            foreach (var spec in Autoscaler.Spec.Metrics)
            {
                if (spec.Resource is not null || spec.ContainerResource is not null) pods ??= await Pods(api, facts.Selector, cancel);
                metrics.Add(await Measure(api, spec, pods, facts.Selector, cancel));
            }
        }
        Hand(new(Now, facts, null, metrics.ToImmutable()));
        return null;
    }

    async ValueTask<MetricFacts> Measure(IApi api, MetricSpec spec, (JsonArray? Items, string? Problem)? pods, string selector, CancellationToken cancel) => spec switch
    {
        { Resource: { } m } => OfPods(pods!.Value, m.Name, ""),
        { ContainerResource: { } m } => OfPods(pods!.Value, m.Name, m.Container),
        { Pods: { } m } => ByPod(await Custom(api, "pods/*", m.Metric, $"&labelSelector={Uri.EscapeDataString(selector)}", cancel), m.Metric.Name),
        { Object: { } m } => One(await Custom(api, Path(m.DescribedObject), m.Metric, "", cancel), m.Metric.Name),
        { External: { } m } => Sum(await External(api, m.Metric, cancel)),
        _ => new(Problem: "no metric source"),
    };

    async ValueTask<(JsonArray? Items, string? Problem)> Pods(IApi api, string selector, CancellationToken cancel)
    {
        var (items, problem) = await Items(api, $"/apis/metrics.k8s.io/v1beta1/namespaces/{Space}/pods?labelSelector={Uri.EscapeDataString(selector)}", " (get pods.metrics.k8s.io)", cancel);
        return problem is not null ? (null, $"unable to fetch metrics from resource metrics API: {problem}")
            : items!.Count == 0 ? (null, "no metrics returned from resource metrics API") : (items, null);
    }

    ValueTask<(JsonArray? Items, string? Problem)> Custom(IApi api, string what, MetricIdentifier metric, string more, CancellationToken cancel) =>
        Items(api, $"/apis/custom.metrics.k8s.io/v1beta2/namespaces/{Space}/{what}/{Uri.EscapeDataString(metric.Name)}?metricLabelSelector={Selector(metric)}{more}", "", cancel);

    ValueTask<(JsonArray? Items, string? Problem)> External(IApi api, MetricIdentifier metric, CancellationToken cancel) =>
        Items(api, $"/apis/external.metrics.k8s.io/v1beta1/namespaces/{Space}/{Uri.EscapeDataString(metric.Name)}?labelSelector={Selector(metric)}", "", cancel);

    static string Selector(MetricIdentifier metric) => metric.Selector is { } s ? Uri.EscapeDataString(Kennel.Objects.Selectors.LabelSelector.From(s).ToString()) : "";

    string Path(CrossVersionObjectReference o)
    {
        var (group, version) = Autoscaling.Split(o.ApiVersion);
        return $"{Catalog.OfKind(group, version, o.Kind)?.QualifiedName ?? o.Kind.ToLowerInvariant() + "s"}/{o.Name}";
    }

    static async ValueTask<(JsonArray? Items, string? Problem)> Items(IApi api, string path, string what, CancellationToken cancel)
    {
        var answer = await api.Send(new("GET", path), cancel);
        if (!answer.Succeeded) return (null, Message(answer, what));
        return ((JsonNode.Parse(answer.Body.Span) as JsonObject)?["items"] as JsonArray ?? [], null);
    }

    static MetricFacts OfPods((JsonArray? Items, string? Problem) pods, string resource, string container)
    {
        if (pods.Problem is not null) return new(Problem: pods.Problem);
        var samples = ImmutableSortedDictionary.CreateBuilder<string, Sample>(StringComparer.Ordinal);
        foreach (var pod in pods.Items!.OfType<JsonObject>())
        {
            var containers = (pod["containers"] as JsonArray ?? []).OfType<JsonObject>().Where(c => container.Length == 0 || (string?)c["name"] == container).ToList();
            if (containers.Count == 0 && container.Length > 0) continue;
            var usages = containers.Select(c => (string?)c["usage"]?[resource]).ToList();
            if (usages.Contains(null)) continue;
            samples[(string?)pod["metadata"]?["name"] ?? ""] = new(usages.Sum(u => Amount.Of(u).MilliValue), Time(pod["timestamp"]), Window((string?)pod["window"]));
        }
        return samples.Count > 0 ? new(samples.ToImmutable())
            : new(Problem: container.Length == 0 ? "no metrics returned from resource metrics API" : $"failed to get container metrics: container {container} not present in metrics");
    }

    static MetricFacts ByPod((JsonArray? Items, string? Problem) found, string metric)
    {
        if (found.Problem is not null) return new(Problem: $"unable to get metric {metric}: unable to fetch metrics from custom metrics API: {found.Problem}");
        var samples = ImmutableSortedDictionary.CreateBuilder<string, Sample>(StringComparer.Ordinal);
        foreach (var item in found.Items!.OfType<JsonObject>())
            samples[(string?)item["describedObject"]?["name"] ?? ""] = new(Amount.Of((string?)item["value"]).MilliValue, Time(item["timestamp"]), TimeSpan.FromMinutes(1));
        return samples.Count > 0 ? new(samples.ToImmutable()) : new(Problem: $"unable to get metric {metric}: no metrics returned from custom metrics API");
    }

    static MetricFacts One((JsonArray? Items, string? Problem) found, string metric) =>
        found.Problem is null && found.Items is [JsonObject one, ..] ? new(Value: Amount.Of((string?)one["value"]).MilliValue)
        : new(Problem: $"unable to get metric {metric}: {(found.Problem is null ? "no metrics returned" : "unable to fetch metrics from custom metrics API: " + found.Problem)}");

    static MetricFacts Sum((JsonArray? Items, string? Problem) found) =>
        found.Problem is not null ? new(Problem: $"unable to fetch metrics from external metrics API: {found.Problem}")
        : found.Items!.Count == 0 ? new(Problem: "no metrics returned from external metrics API")
        : new(Value: found.Items.OfType<JsonObject>().Sum(i => Amount.Of((string?)i["value"]).MilliValue));

    static DateTimeOffset Time(JsonNode? node) => (string?)node is { Length: > 0 } text ? Wire.Time(text) : default;

    /// <summary>As Go writes a time: <c>15.2s</c>, <c>1m0s</c>.</summary>
    static TimeSpan Window(string? text)
    {
        var total = 0.0;
        var start = 0;
        for (var i = 0; i < text?.Length; i++)
        {
            if (text[i] is not ('h' or 'm' or 's')) continue;
            if (!double.TryParse(text.AsSpan(start, i - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return default;
            total += number * text[i] switch { 'h' => 3600, 'm' => 60, _ => 1 };
            start = i + 1;
        }
        return TimeSpan.FromSeconds(total);
    }

    static string Message(ApiAnswer answer, string what)
    {
        try
        {
            var said = Json.Read<Status>(answer.Body.Span).Message ?? $"the server answered {answer.Status}";
            return said == "the server could not find the requested resource" ? said + what : said;
        }
        catch (JsonException)
        {
            return $"the server answered {answer.Status}";
        }
    }
}

/// <summary>Names of targets.</summary>
static class Autoscaling
{
    public static (string Group, string Version) Split(string? apiVersion) =>
        (apiVersion ?? "").Split('/') is [var group, var version] ? (group, version) : ("", apiVersion ?? "");
}
