using System.Net;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Subresources;

/// <summary>HTTP to a pod, a service or a node through the server: who is meant by <c>…/services/https:web:http/proxy/path</c>.</summary>
static class Proxies
{
    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        if (ProxyName.Parse(call.Route.Name) is not { } name) return Refusal.BadRequest($"invalid {call.Type.Singular} request \"{call.Route.Name}\"");
        // Pages link relative to a path that ends with a slash.
        if (call.Route.Tail.Length == 0 && call.Request.Method is "GET" or "HEAD") return Moved(call);
        var target = call.Type.Kind switch
        {
            "Pod" => await Pod(call, name, cancel),
            "Service" => await Service(call, name, cancel),
            _ => await Node(call, name, cancel),
        };
        if (target.Refusal is { } refusal) return refusal;
        return new ProxyCall(target.Value, call.Route.Tail.Length == 0 ? "/" : call.Route.Tail, call.Type.Kind == "Node", call.Request);
    }

    static Answer Moved(Call call) => new(301, default, "text/plain") { Headers = [("Location", $"{call.Request.Path}/{(call.Request.Query.Length > 0 ? "?" + call.Request.Query : "")}")] };

    static async ValueTask<Result<Uri>> Pod(Call call, ProxyName name, CancellationToken cancel)
    {
        var key = Route.KeyOf(call.Type, call.Route.Namespace, name.Name);
        if (await call.Parts.Store.Get(key, cancel) is not { } entry) return Refusal.NotFound(call.Type, name.Name);
        var pod = Stored.Parse(entry.Value);
        var port = name.Port.Length > 0 ? name.Port : pod.Object("spec").Objects("containers").SelectMany(c => c.Objects("ports")).Select(p => p.Number("containerPort")?.ToString()).FirstOrDefault() ?? "";
        return Reach(name.Scheme, pod.Object("status").Text("podIP"), port);
    }

    static async ValueTask<Result<Uri>> Node(Call call, ProxyName name, CancellationToken cancel)
    {
        if (await call.Parts.Store.Get(Route.KeyOf(call.Type, "", name.Name), cancel) is not { } entry) return Refusal.NotFound(call.Type, name.Name);
        var status = Stored.Parse(entry.Value).Object("status");
        var address = status.Objects("addresses").FirstOrDefault(a => a.Text("type") == "InternalIP").Text("address");
        var agent = status.Object("daemonEndpoints").Object("kubeletEndpoint").Number("Port") ?? 0;
        if (name.Port.Length > 0 && name.Port != agent.ToString()) return Refusal.BadRequest($"port {name.Port} of node {name.Name} isn't its agent's: only that is reached through the server");
        if (address.Length == 0 || agent == 0) return Refusal.Unavailable($"node {name.Name} has no address at which it can be asked; is its agent running?");
        return new UriBuilder("https", address, (int)agent).Uri;
    }

    static async ValueTask<Result<Uri>> Service(Call call, ProxyName name, CancellationToken cancel)
    {
        if (await call.Parts.Store.Get(Route.KeyOf(call.Type, call.Route.Namespace, name.Name), cancel) is not { } entry) return Refusal.NotFound(call.Type, name.Name);
        var ports = Stored.Parse(entry.Value).Object("spec").Objects("ports").ToList();
        var port = name.Port.Length == 0 && ports.Count == 1 ? ports[0] : ports.Find(p => p.Text("name") == name.Port || p.Number("port")?.ToString() == name.Port);
        if (port is null) return Refusal.Unavailable($"no service port \"{name.Port}\" found for service \"{name.Name}\"");
        var slices = call.Parts.Catalog.Find("discovery.k8s.io", "v1", "endpointslices")!;
        var page = await call.Parts.Store.Range(new RangeQuery($"{Route.Root(slices)}{call.Route.Namespace}/"), cancel);
        var found = page.Entries.Select(e => Stored.Parse(e.Value)).Where(s => s.Metadata().Object("labels").Text("kubernetes.io/service-name") == name.Name).SelectMany(s => Ready(s, port.Text("name"))).ToList();
        if (found.Count == 0) return Refusal.Unavailable($"no endpoints available for service \"{name.Name}\"");
        int chosen;
        lock (call.Parts.Random) chosen = call.Parts.Random.Next(found.Count);
        return Reach(name.Scheme, found[chosen].Address, found[chosen].Port);
    }

    static IEnumerable<(string Address, string Port)> Ready(JsonObject slice, string portName)
    {
        if (slice.Objects("ports").FirstOrDefault(p => p.Text("name") == portName).Number("port")?.ToString() is not { } port) yield break;
        foreach (var endpoint in slice.Objects("endpoints"))
            if (endpoint.Object("conditions")?["ready"] is not JsonValue ready || ready.GetValue<bool>())
                foreach (var address in endpoint.Texts("addresses").Take(1)) yield return (address, port);
    }

    /// <summary>Upstream's rule: nothing that is the server's own (loopback, link-local) is reached through it.</summary>
    static Result<Uri> Reach(string scheme, string address, string port)
    {
        if (!IPAddress.TryParse(address, out var ip) || IPAddress.IsLoopback(ip) || ip.IsIPv6LinkLocal || ip.IsIPv6Multicast || ip.GetAddressBytes() is [169, 254, ..] or [>= 224, _, _, _] or [0, ..])
            return Refusal.BadRequest("address not allowed");
        if (port.Length == 0) port = scheme == "https" ? "443" : "80";
        return ushort.TryParse(port, out var number) && number > 0 ? new UriBuilder(scheme, address, number).Uri : Refusal.BadRequest($"invalid port \"{port}\"");
    }
}

/// <summary><c>name</c>, <c>name:port</c> or <c>scheme:name:port</c>.</summary>
readonly record struct ProxyName(string Scheme, string Name, string Port)
{
    public static ProxyName? Parse(string text) => text.Split(':') switch
    {
        [{ Length: > 0 } name] => new("http", name, ""),
        [{ Length: > 0 } name, var port] => new("http", name, port),
        ["http" or "https" or "", { Length: > 0 } name, var port] parts => new(parts[0].Length == 0 ? "http" : parts[0], name, port),
        _ => null,
    };
}
