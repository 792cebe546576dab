using Kennel.Server.Routing;
using Microsoft.AspNetCore.Http;

namespace Kennel.Server.Http;

/// <summary>Requests that last as long as the client wants: watches, and what is carried to a pod or a node. They take no seat and have no time limit.</summary>
public static class LongRequests
{
    public static bool Is(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Query["watch"] is { Count: > 0 } watch && RequestQuery.IsTrue(watch[0])
        || Subresource(request.Path.Value) is "log" or "exec" or "attach" or "portforward" or "proxy";

    /// <summary>Of <c>/api/v1/namespaces/NAMESPACE/PLURAL/NAME/…</c> and <c>/api/v1/PLURAL/NAME/…</c>; an object that is only called like one has none.</summary>
    public static ReadOnlySpan<char> Subresource(ReadOnlySpan<char> path)
    {
        Span<Range> parts = stackalloc Range[9];
        var count = path.Split(parts, '/'); // the first is empty
        var at = count > 3 && path[parts[3]] is "namespaces" ? 7 : 5;
        return path.StartsWith("/api/") && count > at ? path[parts[at]] : default;
    }
}
