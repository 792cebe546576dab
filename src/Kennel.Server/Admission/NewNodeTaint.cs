using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>A node that doesn't say that it is ready gets no pods until the node controller has seen that it is.</summary>
sealed class NewNodeTaint : IAdmission
{
    const string NotReady = "node.kubernetes.io/not-ready";

    public string Name => "TaintNodesByCondition";

    public ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Creating || !admitting.Is("", "Node")) return default;
        var ready = admitting.Next.Object("status").Objects("conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True");
        var spec = admitting.Next.Child("spec");
        if (ready || spec.Objects("taints").Any(t => t.Text("key") == NotReady && t.Text("effect") == "NoSchedule")) return default;
        if (spec["taints"] is not JsonArray list) spec["taints"] = list = [];
        list.Add((JsonNode)new JsonObject { ["key"] = NotReady, ["effect"] = "NoSchedule" });
        return default;
    }
}
