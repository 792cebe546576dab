using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Server.Routing;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>
/// What every pod of a namespace stands on is there when the namespace's creation is answered: the default service account and the authority's certificate.
/// Controllers keep them there.
/// </summary>
static class NamespaceContents
{
    const string About = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. "
        + "No other usage is guaranteed across distributions of Kubernetes clusters.";

    public static async ValueTask Make(Call call, string space, CancellationToken cancel)
    {
        // Both at once: they share a commit.
        var account = Make(call, "serviceaccounts", space, new() { ["metadata"] = new JsonObject { ["name"] = PodServiceAccount.Default } }, cancel);
        var authority = Make(call, "configmaps", space, new()
        {
            ["metadata"] = new JsonObject { ["name"] = TokenVolume.AuthorityMap, ["annotations"] = new JsonObject { ["kubernetes.io/description"] = About } },
            ["data"] = new JsonObject { ["ca.crt"] = call.Parts.AuthorityPem },
        }, cancel);
        await account;
        await authority;
    }

    static async ValueTask Make(Call call, string plural, string space, JsonObject o, CancellationToken cancel)
    {
        var type = call.Parts.Catalog.Find("", "v1", plural)!;
        await Create.Handle(call with
        {
            Route = new Route(type, space, "", "", "create"),
            Query = RequestQuery.Empty,
            Request = ApiRequest.To("POST", type.Id.Path(space), User.Loopback) with { Body = JsonSerializer.SerializeToUtf8Bytes(o), UserAgent = "kube-controller-manager" },
        }, cancel); // one that is there already is fine
    }
}
