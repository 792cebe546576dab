using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Admission;

/// <summary>The priority of a pod is that of its class, of the default class, or 0.</summary>
sealed class PodPriority : IAdmission
{
    public string Name => "Priority";

    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Creating || !admitting.Is("", "Pod")) return null;
        var spec = admitting.Next.Child("spec");
        var name = spec.Text("priorityClassName");
        var found = name.Length > 0 ? await Named(admitting.Call, name, cancel) : await Default(admitting.Call, cancel);
        if (found is null && name.Length > 0) return admitting.Forbid($"no PriorityClass with name {name} was found");
        var value = found.Number("value") ?? 0;
        if (spec.Number("priority") is { } said && said != value)
            return admitting.Forbid($"the integer value of priority ({said}) must not be provided in pod spec; priority admission controller computed {value} from the given PriorityClass name");
        if (found is not null && name.Length == 0) spec["priorityClassName"] = found.Name();
        spec["priority"] = value;
        spec["preemptionPolicy"] ??= found.Text("preemptionPolicy") is { Length: > 0 } policy ? policy : "PreemptLowerPriority";
        return null;
    }

    /// <summary>Only one class can be what pods without one get.</summary>
    public async ValueTask<Refusal?> Check(Admitting admitting, CancellationToken cancel) =>
        admitting.Is("scheduling.k8s.io", "PriorityClass") && admitting.Next["globalDefault"]?.GetValue<bool>() == true
        && await Default(admitting.Call, cancel) is { } other && other.Name() != admitting.Name
            ? admitting.Forbid($"PriorityClass {other.Name()} is already marked as default. Only one default can exist") : null;

    static async ValueTask<JsonObject?> Named(Call call, string name, CancellationToken cancel) =>
        await call.Parts.Store.Get(Prefix(call) + name, cancel) is { } entry ? Stored.Parse(entry.Value) : null;

    static async ValueTask<JsonObject?> Default(Call call, CancellationToken cancel)
    {
        foreach (var entry in (await call.Parts.Store.Range(new RangeQuery(Prefix(call)), cancel)).Entries)
            if (entry.Value.Span.IndexOf("\"globalDefault\":true"u8) >= 0 && Stored.Parse(entry.Value) is var o && o["globalDefault"]?.GetValue<bool>() == true) return o;
        return null;
    }

    static string Prefix(Call call) => Route.Root(call.Parts.Catalog.Find("scheduling.k8s.io", "v1", "priorityclasses")!);
}
