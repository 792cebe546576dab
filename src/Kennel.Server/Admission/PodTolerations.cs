using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>A pod stays five minutes on a node that isn't ready or can't be reached, unless it says otherwise.</summary>
sealed class PodTolerations : IAdmission
{
    const int Seconds = 300;

    static readonly string[] s_taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    public string Name => "DefaultTolerationSeconds";

    public ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Creating || !admitting.Is("", "Pod")) return default;
        var spec = admitting.Next.Child("spec");
        foreach (var taint in s_taints)
        {
            if (spec.Objects("tolerations").Any(t => (t.Text("key") == taint || t.Text("key").Length == 0) && t.Text("effect") is "NoExecute" or "")) continue;
            if (spec["tolerations"] is not JsonArray list) spec["tolerations"] = list = [];
            list.Add((JsonNode)new JsonObject { ["key"] = taint, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = Seconds });
        }
        return default;
    }
}
