using System.Text.Json.Nodes;

namespace Kennel.Load;

/// <summary>The objects that scenarios make.</summary>
internal static class Documents
{
    public static JsonObject Namespace(string name) => new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };

    /// <param name="bytes">How big its value is; the object is some 300 bytes more with what a server adds.</param>
    public static JsonObject ConfigMap(string name, int bytes) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["made-by"] = "kennel-load" } },
        ["data"] = new JsonObject { ["value"] = new string('x', bytes) },
    };

    public static JsonObject Service(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["clusterIP"] = "None", ["selector"] = new JsonObject { ["app"] = name }, ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) },
    };

    /// <summary>One container, and one claim a pod.</summary>
    public static JsonObject StatefulSet(Setting setting, string name, int replicas, string podManagement) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "StatefulSet",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["serviceName"] = name,
            ["podManagementPolicy"] = podManagement,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } }, ["spec"] = Pod(setting) },
            ["volumeClaimTemplates"] = new JsonArray(Claim(setting)),
        },
    };

    /// <summary>One container, no claims, all pods at once.</summary>
    public static JsonObject Small(Setting setting, string name, int replicas) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "StatefulSet",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["serviceName"] = name,
            ["podManagementPolicy"] = "Parallel",
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = setting.Image, ["imagePullPolicy"] = "IfNotPresent" }) },
            },
        },
    };

    private static JsonObject Pod(Setting setting) => new()
    {
        ["terminationGracePeriodSeconds"] = 1,
        ["containers"] = new JsonArray(new JsonObject
        {
            ["name"] = "main",
            ["image"] = setting.Image,
            ["imagePullPolicy"] = "IfNotPresent",
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "data", ["mountPath"] = "/data" }),
        }),
    };

    private static JsonObject Claim(Setting setting)
    {
        var spec = new JsonObject
        {
            ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Mi" } },
        };
        if (setting.StorageClass.Length > 0) spec["storageClassName"] = setting.StorageClass;
        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = "data" }, ["spec"] = spec };
    }
}
