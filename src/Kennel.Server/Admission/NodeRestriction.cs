using Kennel.Objects.Refusals;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>What a node writes is about itself. What it may write at all, its rights have said before.</summary>
sealed class NodeRestriction : IAdmission
{
    const string Mirror = "kubernetes.io/config.mirror";
    const string Restricted = "node-restriction.kubernetes.io";

    public string Name => "NodeRestriction";

    public ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel) =>
        new(admitting.Call.Request.User.Node is { } node && !admitting.Call.Request.User.In(User.Masters) && Objection(admitting, node) is { } why ? admitting.Forbid(why) : null);

    static string? Objection(Admitting admitting, string node) => (admitting.Call.Type.Group, admitting.Call.Type.Plural) switch
    {
        ("", "pods") when admitting.Creating => OfMirror(admitting, node),
        ("", "nodes") => OfNode(admitting, node),
        ("coordination.k8s.io", "leases") when admitting.Name != node => "can only access node lease with the same name as the requesting node",
        ("storage.k8s.io", "csinodes") when admitting.Name != node => "can only access CSINode with the same name as the requesting node",
        _ => null,
    };

    static string? OfMirror(Admitting admitting, string node) =>
        admitting.Next.Metadata().Object("annotations")?.ContainsKey(Mirror) != true ? $"pod does not have \"{Mirror}\" annotation, node \"{node}\" can only create mirror pods"
        : admitting.Next.Object("spec").Text("nodeName") != node ? $"node \"{node}\" can only create pods with spec.nodeName set to itself"
        : null;

    static string? OfNode(Admitting admitting, string node)
    {
        if (admitting.Name != node) return $"node \"{node}\" is not allowed to modify node \"{admitting.Name}\"";
        var (labels, before) = (admitting.Next.Metadata().Object("labels"), admitting.Live?.Object("metadata").Object("labels"));
        var forbidden = (labels ?? []).Where(l => IsRestricted(l.Key) && l.Value?.GetValue<string>() != before.Text(l.Key)).Select(l => l.Key).Order(StringComparer.Ordinal).ToList();
        if (forbidden.Count > 0) return $"is not allowed to modify labels: {string.Join(", ", forbidden)}";
        var tainted = admitting.Live is { } live && !System.Text.Json.Nodes.JsonNode.DeepEquals(admitting.Next.Object("spec")?["taints"], live.Object("spec")?["taints"]);
        return tainted ? $"node \"{node}\" is not allowed to modify taints" : null;
    }

    static bool IsRestricted(string label) => label.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        && label[..slash] is var prefix && (prefix == Restricted || prefix.EndsWith("." + Restricted, StringComparison.Ordinal));
}
