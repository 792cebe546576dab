using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>Probes and lifecycle handlers.</summary>
static class ProbeRules
{
    static readonly string[] s_counts = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

    public static void CheckAll(JsonObject container, PodContext pod, At at, Errors errors)
    {
        if (container.Obj("lifecycle") is { } lifecycle)
        {
            foreach (var when in (ReadOnlySpan<string>)["postStart", "preStop"])
                if (lifecycle.Obj(when) is { } handler) CheckHandler(handler, pod, at["lifecycle"][when], errors);
        }
        Probe(container.Obj("livenessProbe"), pod, at["livenessProbe"], errors, onlyOneSuccess: true);
        Probe(container.Obj("readinessProbe"), pod, at["readinessProbe"], errors, onlyOneSuccess: false);
        Probe(container.Obj("startupProbe"), pod, at["startupProbe"], errors, onlyOneSuccess: true);
    }

    static void Probe(JsonObject? probe, PodContext pod, At at, Errors errors, bool onlyOneSuccess)
    {
        if (probe is null) return;
        CheckHandler(probe, pod, at, errors);
        foreach (var count in s_counts) errors.NotNegative(at[count], probe.Int(count));
        if (probe.Int("terminationGracePeriodSeconds") is { } grace)
        {
            if (grace <= 0) errors.Invalid(at["terminationGracePeriodSeconds"], grace, "must be greater than 0");
            if (!onlyOneSuccess) errors.Invalid(at["terminationGracePeriodSeconds"], grace, "must not be set for readinessProbes");
        }
        if (onlyOneSuccess && probe.Int("successThreshold") is { } successes and not 1) errors.Invalid(at["successThreshold"], successes, "must be 1");
    }

    static void CheckHandler(JsonObject handler, PodContext pod, At at, Errors errors)
    {
        var given = 0;
        foreach (var kind in (ReadOnlySpan<string>)["exec", "httpGet", "tcpSocket", "grpc", "sleep"])
        {
            if (handler.Obj(kind) is not { } action) continue;
            if (given++ > 0) errors.Forbidden(at[kind], "may not specify more than 1 handler type");
            else Action(kind, action, pod, at[kind], errors);
        }
        if (given == 0) errors.Required(at, "must specify a handler type");
    }

    static void Action(string kind, JsonObject action, PodContext pod, At at, Errors errors)
    {
        switch (kind)
        {
            case "exec":
                if (action.List("command") is not { Count: > 0 }) errors.Required(at["command"]);
                break;
            case "httpGet":
                if (action.Text("path") is null or "") errors.Required(at["path"]);
                PortRules.CheckNumberOrName(action.Node("port"), at["port"], errors);
                if (action.Text("scheme") is not ("HTTP" or "HTTPS")) errors.NotSupported(at["scheme"], action.Text("scheme") ?? "", "HTTP", "HTTPS");
                break;
            case "sleep":
                if (action.Int("seconds") is var seconds && (seconds < 0 || seconds > pod.GraceSeconds))
                    errors.Invalid(at, seconds, $"must be non-negative and less than terminationGracePeriodSeconds ({pod.GraceSeconds})");
                break;
            default:
                PortRules.CheckNumberOrName(action.Node("port"), at["port"], errors);
                break;
        }
    }
}
