using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Schemas;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission.Quotas;

/// <summary>Which objects a quota is about.</summary>
/// <param name="Operator">Exists, DoesNotExist, In or NotIn.</param>
sealed record Scope(string Name, string Operator, IReadOnlyList<string> Values)
{
    public bool Matches(ResourceType type, JsonObject o)
    {
        if (Name == "VolumeAttributesClass") return type is { Group: "", Kind: "PersistentVolumeClaim" } && Chosen(o.Object("spec").Text("volumeAttributesClassName"));
        if (type is not { Group: "", Kind: "Pod" }) return false;
        var spec = o.Object("spec");
        return Name switch
        {
            "Terminating" => spec.Number("activeDeadlineSeconds") is >= 0,
            "NotTerminating" => spec.Number("activeDeadlineSeconds") is not >= 0,
            "BestEffort" => PodQuality.Of(spec) == "BestEffort",
            "NotBestEffort" => PodQuality.Of(spec) != "BestEffort",
            "PriorityClass" => Chosen(spec.Text("priorityClassName")),
            "CrossNamespacePodAffinity" => LooksElsewhere(spec.Object("affinity")),
            _ => false,
        };
    }

    bool Chosen(string value) => Operator switch
    {
        "In" => Values.Contains(value),
        "NotIn" => !Values.Contains(value),
        "DoesNotExist" => value.Length == 0,
        _ => value.Length > 0,
    };

    static bool LooksElsewhere(JsonObject? affinity) =>
        new[] { "podAffinity", "podAntiAffinity" }.Select(affinity.Object).Any(a =>
            a.Objects("requiredDuringSchedulingIgnoredDuringExecution").Any(Names)
            || a.Objects("preferredDuringSchedulingIgnoredDuringExecution").Any(p => Names(p.Object("podAffinityTerm"))));

    static bool Names(JsonObject? term) => term?["namespaces"] is JsonArray { Count: > 0 } || term?["namespaceSelector"] is not null;
}
