using System.Globalization;

namespace Kennel.Simulation.Users;

/// <summary>What users write.</summary>
static class Manifest
{
    public const string Space = "default";

    /// <summary>A set of a random shape.</summary>
    /// <param name="claimed">With a volume a pod. A set that comes back has it as before: pods that it adopts can't be given volumes.</param>
    public static string Set(string name, Random random, bool claimed)
    {
        bool Half() => random.Next(2) == 0;
        var policy = Half() ? "OrderedReady" : "Parallel";
        var update = random.Next(6) switch
        {
            0 => """{"type":"OnDelete"}""",
            1 => $$"""{"type":"RollingUpdate","rollingUpdate":{"partition":{{random.Next(3)}} } }""",
            2 => $$"""{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":{{random.Next(1, 3)}} } }""",
            _ => """{"type":"RollingUpdate"}""",
        };
        var retention = $$"""{"whenDeleted":"{{(Half() ? "Retain" : "Delete")}}","whenScaled":"{{(Half() ? "Retain" : "Delete")}}"}""";
        var claims = !claimed ? "" : """{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""";
        var ready = random.Next(3) == 0 ? $"\"minReadySeconds\":{random.Next(1, 8)}," : "";
        var ordinals = random.Next(4) == 0 ? $$""" "ordinals":{"start":{{random.Next(1, 4)}} },""" : "";
        var history = random.Next(3) == 0 ? "\"revisionHistoryLimit\":2," : "";
        return $$"""
            {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"{{name}}"},"spec":{"serviceName":"{{name}}","replicas":{{random.Next(0, 5)}},"podManagementPolicy":"{{policy}}",
            "selector":{"matchLabels":{"app":"{{name}}"} },"updateStrategy":{{update}},{{ready}}{{ordinals}}{{history}}
            "persistentVolumeClaimRetentionPolicy":{{retention}},"template":{{Template(name, random, claimed)}},"volumeClaimTemplates":[{{claims}}]} }
            """;
    }

    public static string Deployment(string name, Random random) => $$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{name}}"},"spec":{"replicas":{{random.Next(1, 5)}},"selector":{"matchLabels":{"app":"{{name}}"} },
        "strategy":{"type":"{{(random.Next(3) == 0 ? "Recreate" : "RollingUpdate")}}"},"template":{{Template(name, random, false)}} } }
        """;

    public static string Service(string name) => $$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{name}}"},"spec":{"clusterIP":"None","selector":{"app":"{{name}}"},"ports":[{"port":80}]} }""";

    public static string Image(int version) => string.Create(CultureInfo.InvariantCulture, $"app:{version}");

    /// <summary>Half of the pods leave lost nodes sooner than after the usual five minutes.</summary>
    static string Template(string name, Random random, bool claim)
    {
        var seconds = random.Next(10, 60);
        var tolerations = random.Next(2) == 0 ? "" : $$"""
            ,"tolerations":[{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":{{seconds}} },
            {"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":{{seconds}} }]
            """;
        var mounts = claim ? ""","volumeMounts":[{"name":"data","mountPath":"/data"}]""" : "";
        var probe = random.Next(4) == 0 ? $$""","readinessProbe":{"tcpSocket":{"port":80},"periodSeconds":{{random.Next(1, 10)}},"initialDelaySeconds":{{random.Next(0, 5)}} }""" : "";
        return $$"""
            {"metadata":{"labels":{"app":"{{name}}"} },"spec":{"terminationGracePeriodSeconds":{{random.Next(1, 12)}}{{tolerations}},
            "containers":[{"name":"main","image":"{{Image(1)}}"{{mounts}}{{probe}} }]} }
            """;
    }
}
