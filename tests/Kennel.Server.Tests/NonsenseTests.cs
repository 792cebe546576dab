using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Whatever is sent is answered: with the object, or with what is wrong about it, and never with an unexpected failure.</summary>
public sealed class NonsenseTests
{
    const int Tries = 800;

    static readonly string[] s_values =
    [
        "null", "[]", "{}", "\"\"", "\"x\"", "-1", "0", "1e400", "99999999999999999999", "0.5", "true", "[null]", "{\"\":null}", "{\"a\":[[]]}", "\"\\ud83d\\ude00\"", "\"2026-01-01T00:00:00Z\"",
        "\"10%\"", "{\"$patch\":\"replace\"}", "{\"$patch\":\"delete\"}", "{\"$patch\":7}", "[{\"$patch\":\"delete\"}]", "{\"$retainKeys\":[\"a\"]}", "{\"$setElementOrder/containers\":[{\"name\":\"x\"}]}",
        "{\"$deleteFromPrimitiveList/finalizers\":[\"a\"]}", "[{\"name\":\"a\"},{\"name\":\"a\"}]", "{\"a\":1,\"a\":2}",
    ];

    static readonly string[] s_originals =
    [
        """
        {"kind":"StatefulSet","apiVersion":"apps/v1","metadata":{"name":"web","labels":{"a":"b"},"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"},"finalizers":["a/b"],"ownerReferences":[{"apiVersion":"v1","kind":"A","name":"a","uid":"u"}],"managedFields":[{"manager":"m","operation":"Update","apiVersion":"apps/v1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}]},
        "spec":{"serviceName":"web","replicas":3,"minReadySeconds":1,"ordinals":{"start":1},"podManagementPolicy":"Parallel","persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Delete"},"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":1}},
        "selector":{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"app","operator":"In","values":["web"]}]},"volumeClaimTemplates":[{"metadata":{"name":"d","labels":{"x":"y"}},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"s","resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Pending"}}],
        "template":{"metadata":{"labels":{"app":"web"}},"spec":{"volumes":[{"name":"v","projected":{"sources":[{"secret":{"name":"s","items":[{"key":"k","path":"p","mode":256}]}}]}},{"name":"h","hostPath":{"path":"/x"}}],"nodeSelector":{"a":"b"},"tolerations":[{"key":"a","operator":"Exists"}],
        "affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"k","labelSelector":{"matchLabels":{"a":"b"}}}]}},"topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"k","whenUnsatisfiable":"DoNotSchedule"}],"securityContext":{"runAsUser":1},
        "containers":[{"name":"main","image":"busybox:1","command":["sh"],"ports":[{"containerPort":80,"name":"http"}],"env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],"envFrom":[{"secretRef":{"name":"s"}}],"resources":{"limits":{"cpu":"1","memory":"1Gi"}},"volumeMounts":[{"name":"d","mountPath":"/d"}],
        "livenessProbe":{"httpGet":{"port":"http","httpHeaders":[{"name":"a","value":"b"}]}},"readinessProbe":{"exec":{"command":["x"]}},"lifecycle":{"preStop":{"sleep":{"seconds":1}}},"securityContext":{"capabilities":{"add":["X"]}}}]}}},
        "status":{"replicas":1,"conditions":[{"type":"A","status":"True"}]}}
        """,
        """{"kind":"Service","apiVersion":"v1","metadata":{"name":"web"},"spec":{"type":"NodePort","clusterIP":"10.96.1.1","clusterIPs":["10.96.1.1"],"ports":[{"name":"a","port":80,"targetPort":"http","nodePort":30100,"protocol":"TCP"}],"selector":{"a":"b"},"externalIPs":["192.0.2.1"],"ipFamilies":["IPv4"],"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":5}}}}""",
        """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","generateName":"a-"},"spec":{"nodeName":"n","priorityClassName":"","schedulingGates":[{"name":"a/b"}],"initContainers":[{"name":"i","image":"i:1","restartPolicy":"Always"}],"containers":[{"name":"c","image":"i:1","resources":{"requests":{"cpu":"1"}}}]},"status":{"phase":"Running","containerStatuses":[{"name":"c","ready":true,"restartCount":1,"image":"i","imageID":"","state":{"running":{}}}]}}""",
        """{"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"web"},"spec":{"accessModes":["ReadWriteOnce"],"volumeName":"v","selector":{"matchLabels":{"a":"b"}},"resources":{"requests":{"storage":"1Gi"}},"dataSource":{"kind":"PersistentVolumeClaim","name":"x"}},"status":{"phase":"Bound","capacity":{"storage":"1Gi"}}}""",
        """{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web"},"spec":{"replicas":1,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":"25%"}},"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"main","image":"busybox:1"}]}}}}""",
    ];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Nothing_that_is_sent_fails_unexpectedly(int seed)
    {
        var random = new Random(seed);
        await using var server = await TestServer.Start();
        var seen = new SortedDictionary<int, int>();
        for (var i = 0; i < Tries; i++)
        {
            var original = s_originals[random.Next(s_originals.Length)];
            var path = PathOf(original);
            if (random.Next(4) == 0) await server.Post(path, original);
            var (method, type, body) = Request(original, random);
            var endpoint = method == "POST" ? path : $"{path}/web{new[] { "", "", "", "/status", path.EndsWith("sets") || path.EndsWith("deployments") ? "/scale" : "" }[random.Next(5)]}";
            var query = new[] { "", "?fieldValidation=Strict", "?dryRun=All", "?fieldManager=me&force=true", "?fieldManager=me" }[random.Next(5)];
            var reply = await server.Send(method, endpoint + query, body, type);
            reply.Status.ShouldBeLessThan(500, $"seed {seed}, request {i}: {method} {endpoint}{query} {type}\n{body}\n{reply.Text}");
            seen[reply.Status] = seen.GetValueOrDefault(reply.Status) + 1;
            if (random.Next(8) == 0) await server.Delete($"{path}/web", """{"gracePeriodSeconds":0,"propagationPolicy":"Background"}""");
        }
        foreach (var answer in (int[])[200, 201, 400, 404, 409, 422]) seen.Keys.ShouldContain(answer, string.Join(", ", seen)); // it reaches every room
    }

    static (string Method, string? Type, string Body) Request(string original, Random random) => random.Next(6) switch
    {
        0 => ("POST", null, Spoilt(original, random)),
        1 => ("PUT", null, Spoilt(original, random)),
        2 => ("PATCH", "application/merge-patch+json", Spoilt(original, random)),
        3 => ("PATCH", "application/strategic-merge-patch+json", Spoilt(original, random)),
        4 => ("PATCH", "application/apply-patch+yaml", Spoilt(original, random)),
        _ => ("PATCH", "application/json-patch+json", Operations(original, random)),
    };

    static string PathOf(string original) => JsonNode.Parse(original)!["kind"]!.GetValue<string>() switch
    {
        "StatefulSet" => Sets,
        "Deployment" => "/apis/apps/v1/namespaces/default/deployments",
        "Service" => Services,
        "Pod" => Pods,
        _ => "/api/v1/namespaces/default/persistentvolumeclaims",
    };

    /// <summary>One or two values replaced by something else; the text is put together by hand, so that it may say things twice.</summary>
    static string Spoilt(string original, Random random)
    {
        var o = JsonNode.Parse(original)!;
        var marks = new List<string>();
        for (var n = random.Next(1, 3); n > 0; n--)
        {
            var places = Places(o).ToList();
            var (parent, key) = places[random.Next(places.Count)];
            var was = parent is JsonObject owner ? owner[(string)key] : ((JsonArray)parent)[(int)key];
            var mark = $"@{marks.Count}@";
            if (parent is JsonObject map) map[(string)key] = mark;
            else ((JsonArray)parent)[(int)key] = mark;
            var fitting = s_values.Where(v => Kind(v) == Kind(was?.ToJsonString() ?? "null")).ToArray();
            var among = fitting.Length > 0 && random.Next(4) > 0 ? fitting : s_values;
            marks.Add(among[random.Next(among.Length)]);
        }
        var text = o.ToJsonString();
        for (var i = 0; i < marks.Count; i++) text = text.Replace($"\"@{i}@\"", marks[i]);
        return text;
    }

    /// <summary>What of JSON a text is, by its first character.</summary>
    static char Kind(string json) => json[0] is '-' or (>= '0' and <= '9') ? '0' : json[0];

    static string Operations(string original, Random random)
    {
        var places = Pointers(JsonNode.Parse(original)!, "").ToList();
        string Pointer() => random.Next(9) == 0 ? new[] { "", "/", "/-", "x", "/spec/~2", "/spec/template/-", "/metadata/uid" }[random.Next(7)] : places[random.Next(places.Count)];
        var list = Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            $$"""{"op":"{{new[] { "add", "remove", "replace", "move", "copy", "test", "?" }[random.Next(7)]}}","path":"{{Pointer()}}","from":"{{Pointer()}}","value":{{s_values[random.Next(s_values.Length)]}}}""");
        return $"[{string.Join(',', list)}]";
    }

    static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node)
    {
        if (node is JsonObject map)
            foreach (var (name, value) in map)
            {
                yield return (map, name);
                foreach (var below in Places(value)) yield return below;
            }
        else if (node is JsonArray list)
            for (var i = 0; i < list.Count; i++)
            {
                yield return (list, i);
                foreach (var below in Places(list[i])) yield return below;
            }
    }

    static IEnumerable<string> Pointers(JsonNode? node, string at)
    {
        if (at.Length > 0) yield return at;
        var below = node switch
        {
            JsonObject map => map.SelectMany(p => Pointers(p.Value, $"{at}/{p.Key.Replace("~", "~0").Replace("/", "~1")}")),
            JsonArray list => list.SelectMany((item, i) => Pointers(item, $"{at}/{i}")),
            _ => [],
        };
        foreach (var pointer in below) yield return pointer;
    }
}
