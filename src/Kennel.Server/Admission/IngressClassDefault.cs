using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Admission;

/// <summary>An Ingress that names no class gets the default one; the newest, when several say so.</summary>
sealed class IngressClassDefault : IAdmission
{
    const string IsDefault = "ingressclass.kubernetes.io/is-default-class";

    public string Name => "DefaultIngressClass";

    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Creating || !admitting.Is("networking.k8s.io", "Ingress")) return null;
        if (admitting.Next.Object("spec")?["ingressClassName"] is not null || admitting.Next.Metadata().Object("annotations")?["kubernetes.io/ingress.class"] is not null) return null;
        var call = admitting.Call;
        var page = await call.Parts.Store.Range(new RangeQuery(Route.Root(call.Parts.Catalog.Find("networking.k8s.io", "v1", "ingressclasses")!)), cancel);
        var chosen = page.Entries.Select(e => Stored.Parse(e.Value)).Where(c => c.Metadata().Object("annotations").Text(IsDefault) == "true")
            .OrderByDescending(c => c.Metadata().Text("creationTimestamp"), StringComparer.Ordinal).ThenBy(c => c.Name(), StringComparer.Ordinal).FirstOrDefault();
        if (chosen is not null) admitting.Next.Child("spec")["ingressClassName"] = chosen.Name();
        return null;
    }
}
