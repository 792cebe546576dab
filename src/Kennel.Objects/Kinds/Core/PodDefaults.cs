using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core;

/// <summary>Defaults of pods and of pod templates; <see cref="Pod"/> holds those that templates don't get.</summary>
static class PodDefaults
{
    public static void Container(JsonObject container)
    {
        if (container.Text("imagePullPolicy") is null or "")
            container["imagePullPolicy"] = MovesOn(container.Text("image") ?? "") ? "Always" : "IfNotPresent";
    }

    /// <summary>Whether the image's name means whatever is newest: its tag is "latest", or it has neither tag nor digest.</summary>
    static bool MovesOn(string image)
    {
        if (image.Length == 0) return false;
        var at = image.IndexOf('@');
        var name = at < 0 ? image : image[..at];
        var colon = name.LastIndexOf(':');
        var tagged = colon > name.LastIndexOf('/');
        return tagged ? name.AsSpan(colon + 1) is "latest" : at < 0;
    }

    public static void Volume(JsonObject volume)
    {
        if (volume.Count == 0 || (volume.Count == 1 && volume.ContainsKey("name"))) volume["emptyDir"] = new JsonObject();
        if (volume.Obj("image") is { } image) image.LackText("pullPolicy", MovesOn(image.Text("reference") ?? "") ? "Always" : "IfNotPresent");
    }

    /// <summary>The old name of a field follows the new one, and the other way round.</summary>
    public static void Spec(JsonObject spec)
    {
        if (spec.Text("serviceAccountName") is { Length: > 0 } name) spec["serviceAccount"] = name;
        else if (spec.Text("serviceAccount") is { Length: > 0 } old) spec["serviceAccountName"] = old;
    }

    public static void Pod(JsonObject pod)
    {
        if (pod.Obj("spec") is not { } spec) return;
        spec.Lack("enableServiceLinks", true);
        var onHost = spec.Bool("hostNetwork") == true;
        Each(spec.List("containers"), onHost);
        Each(spec.List("initContainers"), onHost);
    }

    static void Each(JsonArray? containers, bool onHost)
    {
        if (containers is null) return;
        foreach (var container in containers)
        {
            RequestsFromLimits(container.Obj("resources"));
            if (onHost && container.List("ports") is { } ports) HostPorts(ports);
        }
    }

    static void RequestsFromLimits(JsonObject? resources)
    {
        if (resources?.Obj("limits") is not { } limits) return;
        var requests = resources.Make("requests");
        foreach (var (name, amount) in limits)
            if (!requests.ContainsKey(name)) requests[name] = amount?.DeepClone();
    }

    static void HostPorts(JsonArray ports)
    {
        foreach (var port in ports)
            if (port is JsonObject p && (p.Int("hostPort") ?? 0) == 0 && p.Node("containerPort") is { } number) p["hostPort"] = number.DeepClone();
    }
}
