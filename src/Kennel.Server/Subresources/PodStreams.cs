using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

/// <summary>log, exec, attach and port-forward: which node has to answer, and what it is asked.</summary>
static class PodStreams
{
    static readonly string[] s_logOptions = ["follow", "previous", "sinceSeconds", "sinceTime", "timestamps", "tailLines", "limitBytes", "stream"];

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        if (await call.Parts.Store.Get(call.Route.Key, cancel) is not { } entry) return Refusal.NotFound(call.Type, call.Route.Name);
        var pod = Stored.Parse(entry.Value);
        var kind = call.Route.Subresource switch
        {
            "log" => NodeCallKind.Log,
            "exec" => NodeCallKind.Exec,
            "attach" => NodeCallKind.Attach,
            _ => NodeCallKind.PortForward,
        };
        var container = kind == NodeCallKind.PortForward ? "" : Container(call, pod);
        if (container.Refusal is { } unclear) return unclear;
        if (kind is NodeCallKind.Exec && !call.Query.All("command").Any()) return Refusal.BadRequest("you must specify at least one command for the container");
        var nodeName = pod.Object("spec").Text("nodeName");
        if (nodeName.Length == 0) return kind == NodeCallKind.Log ? new Answer(200, default, "text/plain") : Refusal.BadRequest($"pod {call.Route.Name} does not have a host assigned");
        var node = await Address(call, nodeName, cancel);
        return node.Refusal is { } lost ? lost : new NodeCall(kind, node.Value, Path(call, kind, container.Value), Wishes(call));
    }

    static Result<string> Container(Call call, JsonObject pod)
    {
        var spec = pod.Object("spec");
        string[] names = [.. Names(spec, "containers"), .. Names(spec, "initContainers"), .. Names(spec, "ephemeralContainers")];
        var asked = call.Query["container"] ?? "";
        if (asked.Length > 0) return names.Contains(asked) ? asked : Refusal.BadRequest($"container {asked} is not valid for pod {call.Route.Name}");
        if (names.Length == 1) return names[0];
        if (pod.Metadata().Object("annotations").Text("kubectl.kubernetes.io/default-container") is { Length: > 0 } preferred && names.Contains(preferred)) return preferred;
        var choice = string.Join(' ', Names(spec, "containers"));
        var inits = string.Join(' ', Names(spec, "initContainers"));
        return Refusal.BadRequest($"a container name must be specified for pod {call.Route.Name}, choose one of: [{choice}]" + (inits.Length > 0 ? $" or one of the init containers: [{inits}]" : ""));
    }

    static IEnumerable<string> Names(JsonObject? spec, string list) => spec.Objects(list).Select(c => c.Text("name"));

    /// <summary>Where a node is asked.</summary>
    public static async ValueTask<Result<Uri>> Address(Call call, string name, CancellationToken cancel)
    {
        var type = call.Parts.Catalog.Find("", "v1", "nodes")!;
        if (await call.Parts.Store.Get(Route.KeyOf(type, "", name), cancel) is not { } entry) return Refusal.NotFound(type, name);
        var status = Stored.Parse(entry.Value).Object("status");
        var address = status.Objects("addresses").FirstOrDefault(a => a.Text("type") == "InternalIP").Text("address");
        var port = status.Object("daemonEndpoints").Object("kubeletEndpoint").Number("Port") ?? 0;
        if (address.Length == 0 || port == 0) return Refusal.Internal($"node {name} has no address at which it can be asked; is its agent running?");
        return new Uri($"https://{(address.Contains(':') ? $"[{address}]" : address)}:{port}");
    }

    static string Path(Call call, NodeCallKind kind, string container)
    {
        var (space, pod) = (call.Route.Namespace, call.Route.Name);
        var query = new StringBuilder();
        void Add(string name, string value) => query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        if (kind == NodeCallKind.PortForward)
        {
            foreach (var port in call.Query.All("ports")) Add("port", port);
            return $"/portForward/{space}/{pod}{query}";
        }
        if (kind == NodeCallKind.Log)
        {
            foreach (var option in s_logOptions) if (call.Query[option] is { Length: > 0 } value) Add(option, value);
            return $"/containerLogs/{space}/{pod}/{container}{query}";
        }
        foreach (var word in call.Query.All("command")) Add("command", word);
        var wishes = Wishes(call);
        if (wishes.Stdin) Add("input", "1");
        if (wishes.Stdout) Add("output", "1");
        if (wishes.Stderr) Add("error", "1");
        if (wishes.Tty) Add("tty", "1");
        return $"/{(kind == NodeCallKind.Exec ? "exec" : "attach")}/{space}/{pod}/{container}{query}";
    }

    static StreamWishes Wishes(Call call)
    {
        var tty = call.Query.Flag("tty");
        return new(call.Query.Flag("stdin"), call.Query.Flag("stdout"), call.Query.Flag("stderr") && !tty, tty);
    }
}
