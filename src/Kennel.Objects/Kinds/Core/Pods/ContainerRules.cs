using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>Containers, init containers and ephemeral containers of a pod.</summary>
static class ContainerRules
{
    const string NotForInit = "may not be set for init containers without restartPolicy=Always";

    static readonly string[] s_handlers = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];
    static readonly string[] s_notEphemeral = ["ports", "resources", "lifecycle", "livenessProbe", "readinessProbe", "startupProbe", "resizePolicy", "restartPolicy"];

    public static void Check(PodContext pod, At at, Errors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Main(pod, at["containers"], errors, names);
        Init(pod, at["initContainers"], errors, names);
        Ephemeral(pod, at["ephemeralContainers"], errors, names);
    }

    static void Main(PodContext pod, At at, Errors errors, HashSet<string> names)
    {
        if (pod.Spec.List("containers") is not { Count: > 0 } containers)
        {
            errors.Required(at);
            return;
        }
        var hostPorts = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            if (containers[i] is not JsonObject container) continue;
            Common(container, pod, at[i], errors);
            if (!names.Add(container.Text("name") ?? "")) errors.Duplicate(at[i]["name"], container.Node("name"));
            ProbeRules.CheckAll(container, pod, at[i], errors);
            if (container.Has("restartPolicy") && !container.Has("restartPolicyRules") && container.Text("restartPolicy") is not ("Always" or "OnFailure" or "Never"))
                errors.NotSupported(at[i]["restartPolicy"], container.Text("restartPolicy")!, "Always", "OnFailure", "Never");
            PortRules.CheckHostPorts(container.List("ports"), hostPorts, at[i]["ports"], errors);
        }
    }

    static void Init(PodContext pod, At at, Errors errors, HashSet<string> names)
    {
        if (pod.Spec.List("initContainers") is not { } containers) return;
        for (var i = 0; i < containers.Count; i++)
        {
            if (containers[i] is not JsonObject container) continue;
            Common(container, pod, at[i], errors);
            if (container.Text("name") is { Length: > 0 } name && !names.Add(name)) errors.Duplicate(at[i]["name"], name);
            PortRules.CheckHostPorts(container.List("ports"), new HashSet<string>(StringComparer.Ordinal), at[i]["ports"], errors);
            if (container.Text("restartPolicy") == "Always") ProbeRules.CheckAll(container, pod, at[i], errors);
            else
            {
                foreach (var field in s_handlers)
                    if (container.Has(field)) errors.Forbidden(at[i][field], NotForInit);
            }
        }
    }

    static void Ephemeral(PodContext pod, At at, Errors errors, HashSet<string> names)
    {
        if (pod.Spec.List("ephemeralContainers") is not { } containers) return;
        var others = new HashSet<string>(names, StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            if (containers[i] is not JsonObject container) continue;
            Common(container, pod, at[i], errors);
            if (!names.Add(container.Text("name") ?? "")) errors.Duplicate(at[i]["name"], container.Node("name"));
            if (container.Text("targetContainerName") is { Length: > 0 } target && !others.Contains(target)) errors.NotFound(at[i]["targetContainerName"], target);
            foreach (var field in s_notEphemeral)
                if (container.Node(field) is { } value and not JsonObject { Count: 0 }) errors.Forbidden(at[i][field], "cannot be set for an Ephemeral Container");
        }
    }

    static void Common(JsonObject container, PodContext pod, At at, Errors errors)
    {
        if (container.Text("name") is { Length: > 0 } name) errors.Unless(Names.Label(name), at["name"], name);
        else errors.Required(at["name"]);
        var image = container.Text("image") ?? "";
        if (image.Length == 0) errors.Required(at["image"]);
        else if (pod.IsPod && image.AsSpan().Trim().Length != image.Length) errors.Invalid(at["image"], image, "must not have leading or trailing whitespace");
        errors.OneOf(at["terminationMessagePolicy"], container.Text("terminationMessagePolicy"), "File", "FallbackToLogsOnError");
        PortRules.Check(container.List("ports"), pod, at["ports"], errors);
        EnvRules.Check(container, at, errors);
        MountRules.Check(container, pod, at, errors);
        errors.OneOf(at["imagePullPolicy"], container.Text("imagePullPolicy"), "Always", "IfNotPresent", "Never");
        ResourceRules.Check(container.Obj("resources"), at["resources"], errors);
        SecurityRules.CheckContainer(container.Obj("securityContext"), at["securityContext"], errors);
    }
}
