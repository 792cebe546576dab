using System.Text;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>Every pod runs as a service account, and every namespace has one called default.</summary>
sealed class PodServiceAccount : IAdmission
{
    const string Default = "default";

    public string Name => "ServiceAccount";

    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Creating || !admitting.Is("", "Pod")) return null;
        var spec = admitting.Next.Child("spec");
        var name = spec.Text("serviceAccountName") is { Length: > 0 } given ? given : spec.Text("serviceAccount") is { Length: > 0 } old ? old : Default;
        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        if (name == Default) return null;
        var call = admitting.Call;
        var type = call.Parts.Catalog.Find("", "v1", "serviceaccounts")!;
        return await call.Parts.Store.Get(Route.KeyOf(type, call.Route.Namespace, name), cancel) is null
            ? admitting.Forbid($"error looking up service account {call.Route.Namespace}/{name}: serviceaccount \"{name}\" not found")
            : null;
    }

    /// <summary>Gives a new namespace its default service account.</summary>
    public static async ValueTask Found(Call call, string space, CancellationToken cancel)
    {
        var type = call.Parts.Catalog.Find("", "v1", "serviceaccounts")!;
        var made = call with
        {
            Route = new Route(type, space, "", "", "create"),
            Query = RequestQuery.Empty,
            Request = ApiRequest.To("POST", type.Id.Path(space), User.Loopback) with { Body = Encoding.UTF8.GetBytes($"{{\"metadata\":{{\"name\":\"{Default}\"}}}}") },
        };
        await Create.Handle(made, cancel); // one that is there already is fine
    }
}
