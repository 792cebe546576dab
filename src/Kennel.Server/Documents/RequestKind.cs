using Kennel.Objects.Schemas;
using Kennel.Server.Writing;

namespace Kennel.Server.Documents;

/// <summary>By what requests are told apart when they are counted.</summary>
/// <param name="Verb">Upstream's: GET, LIST, WATCH, POST, PUT, PATCH, APPLY, DELETE, DELETECOLLECTION, CONNECT.</param>
/// <param name="Scope">resource, namespace or cluster: what the path names.</param>
readonly record struct RequestKind(ResourceType Type, string Subresource, string Verb, string Scope, bool DryRun)
{
    public bool Lasts => Verb is "WATCH" or "CONNECT";

    public bool Reads => Verb is "GET" or "LIST";

    /// <summary>For the text of the metrics.</summary>
    public string Labels =>
        $"component=\"apiserver\",dry_run=\"{(DryRun ? "All" : "")}\",group=\"{Type.Group}\",resource=\"{Type.Plural}\",scope=\"{Scope}\",subresource=\"{Subresource}\",verb=\"{Verb}\",version=\"{Type.Version}\"";

    public static RequestKind Of(Call call)
    {
        var route = call.Route;
        var verb = route.Subresource is "log" or "exec" or "attach" or "portforward" or "proxy" ? "CONNECT" : route.Verb switch
        {
            "get" => "GET",
            "list" => "LIST",
            "watch" => "WATCH",
            "create" => "POST",
            "update" => "PUT",
            "patch" when Patch.IsApply(call) => "APPLY",
            "patch" => "PATCH",
            "delete" => "DELETE",
            _ => "DELETECOLLECTION",
        };
        var scope = route.Name.Length > 0 || verb == "POST" ? "resource" : route.Namespace.Length > 0 ? "namespace" : "cluster";
        return new(call.Asked, route.Subresource, verb, scope, call.DryRun);
    }
}
