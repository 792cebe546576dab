using System.Text.Json.Nodes;
using Kennel.Objects.Quantities;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>A bound claim grows only when its class says that its volumes can.</summary>
sealed class ClaimResize : IAdmission
{
    public string Name => "PersistentVolumeClaimResize";

    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (admitting.Live is null || !admitting.Is("", "PersistentVolumeClaim") || admitting.Call.Route.Subresource.Length > 0) return null;
        if (Requested(admitting.Next) is not { } next || Requested(admitting.Live) is not { } live || next.CompareTo(live) <= 0) return null;
        if (admitting.Live.Object("status").Text("phase") != "Bound") return null; // what is not bound may not change at all: validation says so
        var call = admitting.Call;
        var name = admitting.Live.Object("spec").Text("storageClassName");
        var type = call.Parts.Catalog.Find("storage.k8s.io", "v1", "storageclasses")!;
        var entry = name.Length == 0 ? null : await call.Parts.Store.Get(Route.KeyOf(type, "", name), cancel);
        return entry is not null && Stored.Parse(entry.Value)["allowVolumeExpansion"]?.GetValue<bool>() == true
            ? null
            : admitting.Forbid("only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
    }

    static Quantity? Requested(JsonObject claim) =>
        claim.Object("spec").Object("resources").Object("requests").Text("storage") is { Length: > 0 } text && Quantity.TryParse(text, out var quantity) ? quantity : null;
}
