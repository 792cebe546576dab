using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Decoding;
using Kennel.Objects.Defaulting;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests.Defaulting;

public sealed class DefaultsTests
{
    static JsonObject Defaulted(string group, string kind, string json)
    {
        var type = Catalog.BuiltIn.OfKind(group, "v1", kind).ShouldNotBeNull();
        var o = Decode.Object(Encoding.UTF8.GetBytes(json), type.Schema).Object.ShouldNotBeNull();
        KindRules.For(type).Default(o);
        return o;
    }

    static void ShouldBe(JsonNode? node, string json) => Fixture.Sorted(node).ShouldBe(Fixture.Sorted(JsonNode.Parse(json)));

    [Fact]
    public void Every_default_is_of_a_field_that_exists()
    {
        foreach (var (definition, fields) in DefaultFacts.All)
            foreach (var field in fields) Catalog.BuiltIn.Definition(definition)[field.Field].ShouldNotBeNull($"{definition}.{field.Field}");
    }

    [Fact, Trait("Behaviour", "SS-833"), Trait("Behaviour", "SS-834"), Trait("Behaviour", "SS-835"), Trait("Behaviour", "SS-836"), Trait("Behaviour", "SS-837")]
    public void A_set_is_filled_in()
    {
        var set = Defaulted("apps", "StatefulSet", """
            {"metadata":{"name":"web"},"spec":{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[]}},
             "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1024Mi"}}}}]}}
            """);
        ShouldBe(set["spec"], """
            {"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain","whenScaled":"Retain"},"podManagementPolicy":"OrderedReady","replicas":1,
             "revisionHistoryLimit":10,"serviceName":"","updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":30}},
             "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}
            """); // claim templates stay as written, so that applying the same manifest again finds nothing changed

    }

    [Theory, Trait("Behaviour", "SS-834")]
    [InlineData("""{"type":"RollingUpdate"}""", """{"type":"RollingUpdate"}""")]
    [InlineData("""{"type":"RollingUpdate","rollingUpdate":{}}""", """{"type":"RollingUpdate","rollingUpdate":{"partition":0}}""")]
    [InlineData("""{"type":"OnDelete"}""", """{"type":"OnDelete"}""")]
    [InlineData("""{}""", """{"type":"RollingUpdate","rollingUpdate":{"partition":0}}""")]
    public void An_explicit_strategy_without_rolling_update_stays_without(string given, string filled) =>
        ShouldBe(Defaulted("apps", "StatefulSet", $$$"""{"spec":{"updateStrategy":{{{given}}} }}""")["spec"]!["updateStrategy"], filled);

    [Theory, Trait("Behaviour", "SS-838"), Trait("Behaviour", "SS-844")]
    [InlineData("0.0001", "1m"), InlineData("1u", "1m"), InlineData("1001n", "1m"), InlineData("1e-5", "1e-3"), InlineData("-1u", "-1m"), InlineData("1500m", "1500m"), InlineData("1Gi", "1Gi")]
    public void Amounts_are_rounded_up_to_thousandths(string given, string kept)
    {
        static JsonNode? Spec(string kind, string json) => Defaulted("", kind, json)["spec"];
        Spec("Pod", """{"spec":{"containers":[{"resources":{"limits":{"cpu":"GIVEN"}}}]}}""".Replace("GIVEN", given))!["containers"]![0]!["resources"]!["limits"]!["cpu"]!.GetValue<string>().ShouldBe(kept);
        Spec("PersistentVolumeClaim", """{"spec":{"resources":{"requests":{"storage":"GIVEN"}}}}""".Replace("GIVEN", given))!["resources"]!["requests"]!["storage"]!.GetValue<string>().ShouldBe(kept);
        Spec("PersistentVolume", """{"spec":{"capacity":{"storage":"GIVEN"}}}""".Replace("GIVEN", given))!["capacity"]!["storage"]!.GetValue<string>().ShouldBe(kept);
    }

    [Theory, Trait("Behaviour", "SS-840")]
    [InlineData("containers"), InlineData("initContainers"), InlineData("ephemeralContainers")]
    public void Every_sort_of_container_is_filled_in(string list) =>
        ShouldBe(Defaulted("", "Pod", $$$"""{"spec":{"{{{list}}}":[{"name":"c","image":"i:1"}]}}""")["spec"]![list]![0],
            """{"name":"c","image":"i:1","imagePullPolicy":"IfNotPresent","resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}""");

    [Theory, Trait("Behaviour", "SS-840")]
    [InlineData("nginx", "Always"), InlineData("nginx:latest", "Always"), InlineData("nginx:1", "IfNotPresent"), InlineData("nginx@sha256:aa", "IfNotPresent")]
    [InlineData("host:5000/nginx", "Always"), InlineData("host:5000/nginx:2", "IfNotPresent"), InlineData("host:5000/nginx:latest@sha256:aa", "Always"), InlineData("", "IfNotPresent")]
    public void Images_that_move_on_are_always_pulled(string image, string policy) =>
        Defaulted("", "Pod", $$$"""{"spec":{"containers":[{"image":"{{{image}}}"}]}}""")["spec"]!["containers"]![0]!["imagePullPolicy"]!.GetValue<string>().ShouldBe(policy);

    [Fact, Trait("Behaviour", "SS-839"), Trait("Behaviour", "SS-841"), Trait("Behaviour", "SS-842"), Trait("Behaviour", "SS-843"), Trait("Behaviour", "SS-844"), Trait("Behaviour", "SS-845")]
    public void A_pod_is_filled_in()
    {
        var pod = Defaulted("", "Pod", """
            {"spec":{"hostNetwork":true,"serviceAccountName":"x","restartPolicy":"","volumes":[{"name":"a"},{"name":"b","secret":{"secretName":"s"}},{"name":"c","hostPath":{"path":"/x"}},{"name":"d","projected":{"sources":[{"serviceAccountToken":{"path":"t"}}]}}],
              "containers":[{"name":"c","image":"i:1","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":2}},
                "env":[{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],
                "livenessProbe":{"httpGet":{"port":80},"timeoutSeconds":0},"readinessProbe":{"grpc":{"port":1}},"lifecycle":{"preStop":{"httpGet":{"port":"web"}}}}]}}
            """);
        ShouldBe(pod["spec"], """
            {"hostNetwork":true,"serviceAccountName":"x","serviceAccount":"x","restartPolicy":"Always","dnsPolicy":"ClusterFirst","schedulerName":"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":30,"enableServiceLinks":true,
             "volumes":[{"name":"a","emptyDir":{}},{"name":"b","secret":{"secretName":"s","defaultMode":420}},{"name":"c","hostPath":{"path":"/x","type":""}},{"name":"d","projected":{"defaultMode":420,"sources":[{"serviceAccountToken":{"path":"t","expirationSeconds":3600}}]}}],
             "containers":[{"name":"c","image":"i:1","imagePullPolicy":"IfNotPresent","terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
               "ports":[{"containerPort":80,"hostPort":80,"protocol":"TCP"}],"resources":{"limits":{"cpu":"2"},"requests":{"cpu":"2"}},
               "env":[{"name":"N","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}}],
               "livenessProbe":{"httpGet":{"port":80,"path":"/","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},
               "readinessProbe":{"grpc":{"port":1,"service":""},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},
               "lifecycle":{"preStop":{"httpGet":{"port":"web","path":"/","scheme":"HTTP"}}}}]}
            """);
    }

    [Fact, Trait("Behaviour", "SS-844")]
    public void A_template_keeps_limits_without_requests()
    {
        var set = Defaulted("apps", "Deployment", """{"spec":{"template":{"spec":{"containers":[{"image":"i:1","resources":{"limits":{"cpu":1}}}]}}}}""");
        ShouldBe(set["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"], """{"limits":{"cpu":"1"}}""");
        ShouldBe(set["spec"]!["strategy"], """{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}}""");
    }

    [Fact, Trait("Behaviour", "SS-1202")]
    public void A_service_is_filled_in() =>
        ShouldBe(Defaulted("", "Service", """{"spec":{"type":"NodePort","ports":[{"port":8080,"nodePort":30002}]}}""")["spec"], """
            {"type":"NodePort","sessionAffinity":"None","externalTrafficPolicy":"Cluster","internalTrafficPolicy":"Cluster",
             "ports":[{"port":8080,"nodePort":30002,"protocol":"TCP","targetPort":8080}]}
            """);

    [Fact, Trait("Behaviour", "SS-1202")]
    public void Client_affinity_lasts_three_hours() =>
        ShouldBe(Defaulted("", "Service", """{"spec":{"sessionAffinity":"ClientIP"}}""")["spec"]!["sessionAffinityConfig"], """{"clientIP":{"timeoutSeconds":10800}}""");

    [Fact, Trait("Behaviour", "SS-1120"), Trait("Behaviour", "SS-1131")]
    public void Volumes_made_by_hand_are_retained_and_classes_delete()
    {
        ShouldBe(Defaulted("", "PersistentVolume", """{"spec":{"hostPath":{"path":"/data"}}}""")["spec"],
            """{"hostPath":{"path":"/data","type":""},"persistentVolumeReclaimPolicy":"Retain","volumeMode":"Filesystem"}""");
        ShouldBe(Defaulted("storage.k8s.io", "StorageClass", """{"provisioner":"p"}"""), """{"provisioner":"p","reclaimPolicy":"Delete","volumeBindingMode":"Immediate"}""");
    }

    [Fact]
    public void Text_of_a_secret_becomes_data() =>
        ShouldBe(Defaulted("", "Secret", """{"data":{"a":"eA=="},"stringData":{"a":"new","b":"y"}}"""), """{"type":"Opaque","data":{"a":"bmV3","b":"eQ=="}}""");

    [Fact]
    public void Filling_in_twice_changes_nothing()
    {
        foreach (var fixture in Fixture.All().Select(f => (string)f[0]))
        {
            var schema = Fixture.SchemaOf(fixture);
            if (Catalog.BuiltIn.All.FirstOrDefault(t => t.Schema == schema) is not { } type) continue;
            var once = Decode.Object(Fixture.Bytes(fixture), schema).Object!;
            KindRules.For(type).Default(once);
            var twice = (JsonObject)once.DeepClone();
            KindRules.For(type).Default(twice);
            Fixture.Sorted(twice).ShouldBe(Fixture.Sorted(once), fixture);
            Decode.Prune(once, schema).Unknown.ShouldBeEmpty(fixture);
        }
    }
}
