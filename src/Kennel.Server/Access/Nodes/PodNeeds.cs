using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Access.Nodes;

/// <summary>What a pod needs of the API to run: the node that runs it may have just that.</summary>
/// <param name="Things">Kind (by its plural) and name of objects in the pod's namespace.</param>
sealed record PodNeeds(string Node, string Namespace, IReadOnlyList<(string Kind, string Name)> Things)
{
    /// <summary>What the bytes of this very pod have in them, and those of its successor under the same name haven't.</summary>
    public required byte[] Mark { get; init; }

    /// <summary>Null for a pod without a node.</summary>
    public static PodNeeds? Of(JsonObject pod)
    {
        var spec = pod.Object("spec");
        if (spec.Text("nodeName") is not { Length: > 0 } node) return null;
        var things = new List<(string, string)> { ("pods", pod.Name()), ("serviceaccounts", spec.Text("serviceAccountName")) };
        foreach (var secret in spec.Objects("imagePullSecrets")) things.Add(("secrets", secret.Text("name")));
        foreach (var list in (string[])["initContainers", "containers", "ephemeralContainers"])
            foreach (var container in spec.Objects(list)) things.AddRange(OfContainer(container));
        foreach (var volume in spec.Objects("volumes")) things.AddRange(OfVolume(volume, pod.Name()));
        return new(node, pod.Object("metadata").Text("namespace"), [.. things.Where(t => t.Item2.Length > 0).Distinct()])
        {
            Mark = System.Text.Encoding.ASCII.GetBytes($"\"uid\":\"{pod.Object("metadata").Text("uid")}\""),
        };
    }

    static IEnumerable<(string, string)> OfContainer(JsonObject container)
    {
        foreach (var from in container.Objects("envFrom"))
        {
            yield return ("secrets", from.Object("secretRef").Text("name"));
            yield return ("configmaps", from.Object("configMapRef").Text("name"));
        }
        foreach (var variable in container.Objects("env"))
        {
            yield return ("secrets", variable.Object("valueFrom").Object("secretKeyRef").Text("name"));
            yield return ("configmaps", variable.Object("valueFrom").Object("configMapKeyRef").Text("name"));
        }
    }

    static IEnumerable<(string, string)> OfVolume(JsonObject volume, string pod)
    {
        yield return ("secrets", volume.Object("secret").Text("secretName"));
        yield return ("configmaps", volume.Object("configMap").Text("name"));
        yield return ("persistentvolumeclaims", volume.Object("persistentVolumeClaim").Text("claimName"));
        if (volume["ephemeral"] is not null) yield return ("persistentvolumeclaims", $"{pod}-{volume.Text("name")}");
        foreach (var source in volume.Object("projected").Objects("sources"))
        {
            yield return ("secrets", source.Object("secret").Text("name"));
            yield return ("configmaps", source.Object("configMap").Text("name"));
        }
        foreach (var plugin in (string[])["csi", "cephfs", "rbd", "flexVolume", "scaleIO", "iscsi", "storageos"])
            foreach (var reference in (string[])["secretRef", "nodePublishSecretRef"])
                yield return ("secrets", volume.Object(plugin).Object(reference).Text("name"));
    }
}
