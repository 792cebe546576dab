using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Networking;

static class PolicyPortRules
{
    public static void Check(JsonNode? port, At at, Errors errors)
    {
        if (port.Text("protocol") is { } protocol) errors.OneOf(at["protocol"], protocol, "SCTP", "TCP", "UDP");
        var (number, last) = (port.Int("port"), port.Int("endPort"));
        if (number is { } first)
        {
            errors.Unless(Names.Port(first), at["port"], first);
            if (last is not { } end) return;
            if (end < first) errors.Invalid(at["endPort"], end, "must be greater than or equal to `port`");
            errors.Unless(Names.Port(end), at["endPort"], end);
        }
        else if (port.Text("port") is { } name)
        {
            if (last is not null) errors.Invalid(at["endPort"], last, "may not be specified when `port` is non-numeric");
            errors.Unless(Names.PortName(name), at["port"], name);
        }
        else if (last is not null) errors.Invalid(at["endPort"], last, "may not be specified when `port` is not specified");
    }
}
