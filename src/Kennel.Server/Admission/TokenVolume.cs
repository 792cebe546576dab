using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>The volume with a pod's token, the authority's certificate and the namespace, at the place where clients look for them.</summary>
static class TokenVolume
{
    const string Prefix = "kube-api-access-";
    const string Path = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Where the certificate is, in each namespace.</summary>
    public const string AuthorityMap = "kube-root-ca.crt";

    /// <summary>Into all containers that have nothing of their own at the place.</summary>
    public static void Mount(JsonObject spec, Random random)
    {
        var there = spec.Objects("volumes").FirstOrDefault(v => v.Text("name").StartsWith(Prefix, StringComparison.Ordinal));
        var name = there is null ? GeneratedNames.Next(Prefix, random) : there.Text("name");
        var needed = false;
        foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            if (container.Objects("volumeMounts").Any(m => m.Text("mountPath") == Path)) continue;
            List(container, "volumeMounts").Add((JsonNode)new JsonObject { ["name"] = name, ["readOnly"] = true, ["mountPath"] = Path });
            needed = true;
        }
        if (needed && there is null) List(spec, "volumes").Add((JsonNode)Volume(name));
    }

    static JsonObject Volume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = 3607, ["path"] = "token" } },
                new JsonObject { ["configMap"] = new JsonObject { ["name"] = AuthorityMap, ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }) } },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject { ["path"] = "namespace", ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" } }),
                    },
                }),
            ["defaultMode"] = 0b110_100_100,
        },
    };

    static JsonArray List(JsonObject o, string name)
    {
        if (o[name] is JsonArray there) return there;
        var made = new JsonArray();
        o[name] = made;
        return made;
    }
}
