using System.Text.Json.Nodes;
using Kennel.Objects.Kinds;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>A pod with a runtime class gets what the class says: what the sandbox costs, and on which nodes it is.</summary>
sealed class PodRuntimeClass : IAdmission
{
    public string Name => "RuntimeClass";

    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Creating || !admitting.Is("", "Pod")) return null;
        var spec = admitting.Next.Child("spec");
        var name = spec.Text("runtimeClassName");
        if (name.Length == 0)
            return spec.Object("overhead") is { Count: > 0 } ? Reject(admitting, "Pod Overhead set without corresponding RuntimeClass defined Overhead") : null;
        var call = admitting.Call;
        var key = Route.KeyOf(call.Parts.Catalog.Find("node.k8s.io", "v1", "runtimeclasses")!, "", name);
        if (await call.Parts.Store.Get(key, cancel) is not { } entry) return Reject(admitting, $"RuntimeClass \"{name}\" not found");
        var found = Stored.Parse(entry.Value);
        return Overhead(admitting, spec, found.Object("overhead").Object("podFixed")) ?? Place(admitting, spec, found.Object("scheduling"));
    }

    static Refusal? Overhead(Admitting admitting, JsonObject spec, JsonObject? fixedOverhead)
    {
        var said = spec.Object("overhead");
        if (said is { Count: > 0 } && !Same.Values(said, fixedOverhead)) return Reject(admitting, "Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        if (fixedOverhead is { Count: > 0 }) spec["overhead"] = fixedOverhead.DeepClone();
        return null;
    }

    static Refusal? Place(Admitting admitting, JsonObject spec, JsonObject? scheduling)
    {
        foreach (var (key, value) in scheduling.Object("nodeSelector") ?? [])
        {
            var (wanted, said) = (value?.GetValue<string>() ?? "", spec.Object("nodeSelector")?[key] is null ? null : spec.Object("nodeSelector").Text(key));
            if (said is not null && said != wanted)
                return admitting.Forbid($"conflict: runtimeClass.scheduling.nodeSelector[{key}] = {wanted}; pod.spec.nodeSelector[{key}] = {said}");
            spec.Child("nodeSelector")[key] = wanted;
        }
        foreach (var toleration in scheduling.Objects("tolerations"))
        {
            if (spec["tolerations"] is not JsonArray list) spec["tolerations"] = list = [];
            if (!list.Any(t => JsonNode.DeepEquals(t, toleration))) list.Add(toleration.DeepClone());
        }
        return null;
    }

    static Refusal Reject(Admitting admitting, string why) => admitting.Forbid($"pod rejected: {why}");
}
