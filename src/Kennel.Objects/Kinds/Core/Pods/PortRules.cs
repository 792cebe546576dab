using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

static class PortRules
{
    public static void Check(JsonArray? ports, PodContext pod, At at, Errors errors)
    {
        if (ports is null) return;
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ports.Count; i++)
        {
            var port = ports[i];
            if (port.Text("name") is { Length: > 0 } name)
            {
                if (Names.PortName(name) is { } problem) errors.Invalid(at[i]["name"], name, problem);
                else if (!names.Add(name)) errors.Duplicate(at[i]["name"], name);
            }
            var number = port.Int("containerPort") ?? 0;
            var host = port.Int("hostPort") ?? 0;
            if (number == 0) errors.Required(at[i]["containerPort"]);
            else errors.Unless(Names.Port(number), at[i]["containerPort"], number);
            if (host != 0) errors.Unless(Names.Port(host), at[i]["hostPort"], host);
            errors.OneOf(at[i]["protocol"], port.Text("protocol"), "SCTP", "TCP", "UDP");
            if (pod.OnHostNetwork && (pod.IsPod || host != 0) && host != number) errors.Invalid(at[i]["hostPort"], host, "must match `containerPort` when `hostNetwork` is true");
        }
    }

    /// <summary>One port of the machine for one container of the pod.</summary>
    public static void CheckHostPorts(JsonArray? ports, HashSet<string> taken, At at, Errors errors)
    {
        for (var i = 0; i < ports?.Count; i++)
            if (ports[i].Int("hostPort") is { } host and not 0 && $"{ports[i].Text("protocol")}/{ports[i].Text("hostIP")}/{host}" is var key && !taken.Add(key))
                errors.Duplicate(at[i]["hostPort"], key);
    }

    /// <summary>A port by number or by name.</summary>
    public static void CheckNumberOrName(JsonNode? port, At at, Errors errors)
    {
        if (port.AsText() is { } name) errors.Unless(Names.PortName(name) is { } p && name.Length > 0 ? p : name.Length == 0 ? "must contain at least one letter (a-z)" : null, at, name);
        else errors.Unless(Names.Port(port.AsInt() ?? 0), at, port.AsInt() ?? 0);
    }
}
