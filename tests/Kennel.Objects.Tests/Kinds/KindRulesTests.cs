using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Decoding;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests.Kinds;

public sealed class KindRulesTests
{
    static KindRules Rules(string kind, string group = "") => KindRules.For(Catalog.BuiltIn.OfKind(group, "v1", kind).ShouldNotBeNull());

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    static JsonObject Object(string text) => (JsonObject)JsonNode.Parse(text)!;

    [Fact]
    public void Rules_are_made_once() => Rules("Pod").ShouldBeSameAs(Rules("Pod"));

    [Theory]
    [InlineData("spec.nodeName", "n1"), InlineData("status.phase", "Running"), InlineData("metadata.name", "a"), InlineData("metadata.namespace", "default")]
    [InlineData("spec.hostNetwork", "false"), InlineData("status.podIP", ""), InlineData("spec.containers", null), InlineData("foo", null)]
    public void Pods_are_selected_by_fields(string path, string? value) =>
        Rules("Pod").Field(Json("""{"metadata":{"name":"a","namespace":"default"},"spec":{"nodeName":"n1"},"status":{"phase":"Running"}}"""), path).ShouldBe(value);

    [Theory]
    [InlineData("Event", "involvedObject.name", "web-0"), InlineData("Event", "involvedObject.uid", ""), InlineData("Event", "reason", "Started"), InlineData("Event", "source", "kubelet"), InlineData("Event", "reportingComponent", "")]
    [InlineData("Node", "spec.unschedulable", "false"), InlineData("Namespace", "status.phase", ""), InlineData("Secret", "type", ""), InlineData("ReplicationController", "status.replicas", "0")]
    [InlineData("ConfigMap", "data.x", null), InlineData("Node", "metadata.namespace", null)]
    public void Other_kinds_have_fields_of_their_own(string kind, string path, string? value) =>
        Rules(kind).Field(Json("""{"involvedObject":{"name":"web-0"},"reason":"Started","source":{"component":"kubelet"}}"""), path).ShouldBe(value);

    [Fact]
    public void What_may_be_selected_by_is_listed() =>
        Rules("Pod").SelectableFields.Order(StringComparer.Ordinal).ShouldBe(["metadata.name", "metadata.namespace", "spec.hostNetwork", "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.nominatedNodeName", "status.phase", "status.podIP"]);

    [Theory, Trait("Behaviour", "SS-901"), Trait("Behaviour", "SS-845")]
    [InlineData("StatefulSet", "apps", true), InlineData("Deployment", "apps", true), InlineData("Pod", "", true), InlineData("PersistentVolumeClaim", "", false), InlineData("Service", "", false), InlineData("Node", "", false), InlineData("ConfigMap", "", false)]
    public void Some_kinds_count_their_generations(string kind, string group, bool counts) => Rules(kind, group).HasGeneration.ShouldBe(counts);

    [Theory, Trait("Behaviour", "SS-902")]
    [InlineData("""{"metadata":{"labels":{"a":"b"}},"spec":{"replicas":1},"status":{"replicas":1}}""", false)]
    [InlineData("""{"spec":{"replicas":2}}""", true)]
    [InlineData("""{"spec":{"replicas":1,"template":{"metadata":{"labels":{}},"spec":{"volumes":[]}}}}""", false)]
    [InlineData("""{"spec":{"replicas":1,"serviceName":"x"}}""", true)]
    [InlineData("""{"spec":{}}""", true)]
    public void A_generation_is_another_wish_and_not_another_spelling(string next, bool changed) =>
        Rules("StatefulSet", "apps").SpecChanged(Object(next), Object("""{"spec":{"replicas":1}}""")).ShouldBe(changed);

    [Theory, Trait("Behaviour", "SS-902"), Trait("Behaviour", "SS-526")]
    [InlineData("""{"apiVersion":"v1","kind":"PersistentVolumeClaim","spec":{"volumeMode":"Filesystem"},"status":{"phase":"Pending"}}""", false)]
    [InlineData("""{"spec":{"volumeMode":"Block"}}""", true)]
    [InlineData("""{"metadata":{"labels":{"a":"b"}}}""", true)]
    public void A_claim_template_in_other_words_is_no_other_wish(string next, bool changed)
    {
        static JsonObject Set(string claim) => new() { ["spec"] = new JsonObject { ["volumeClaimTemplates"] = new JsonArray(JsonNode.Parse(claim)) } };
        Rules("StatefulSet", "apps").SpecChanged(Set(next), Set("""{"spec":{}}""")).ShouldBe(changed);
    }

    [Fact, Trait("Behaviour", "SS-808"), Trait("Behaviour", "SS-809")]
    public void What_should_have_been_defaulted_is_required() =>
        Rules("StatefulSet", "apps").Validate(Object("""{"metadata":{"name":"a","namespace":"b"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[]}}}}"""))
            .Select(e => e.ToString()).Take(2).ShouldBe(["spec.podManagementPolicy: Required value", "spec.updateStrategy: Required value"]);

    [Fact, Trait("Behaviour", "SS-907")]
    public void Apply_resets_what_an_endpoint_does_not_own()
    {
        Rules("StatefulSet", "apps").ResetFieldsFor(null).ShouldBe(["status"]);
        Rules("StatefulSet", "apps").ResetFieldsFor("status").ShouldBe(["spec"]);
        Rules("ConfigMap").ResetFieldsFor(null).ShouldBeEmpty();
    }

    [Fact, Trait("Behaviour", "SS-909")]
    public void Dependents_go_in_the_background_unless_a_kind_is_older()
    {
        Rules("StatefulSet", "apps").DefaultPropagation.ShouldBe(DeletionPropagation.Background);
        Rules("ReplicationController").DefaultPropagation.ShouldBe(DeletionPropagation.Orphan);
        Rules("Job", "batch").DefaultPropagation.ShouldBe(DeletionPropagation.Orphan);
    }

    [Theory]
    [InlineData("""{"spec":{"terminationGracePeriodSeconds":5,"nodeName":"n"}}""", null, 5)]
    [InlineData("""{"spec":{"nodeName":"n"}}""", null, 30)]
    [InlineData("""{"spec":{"nodeName":"n"}}""", 0L, 0)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":-4}}""", null, 1)]
    [InlineData("""{"spec":{"terminationGracePeriodSeconds":5}}""", null, 0)]
    [InlineData("""{"spec":{"nodeName":"n"},"status":{"phase":"Failed"}}""", 10L, 0)]
    public void A_pod_on_a_node_goes_with_grace(string pod, long? asked, long seconds) => Rules("Pod").GraceSeconds(Json(pod), asked).ShouldBe(seconds);

    [Fact]
    public void A_job_selects_its_own_pods()
    {
        var job = Object("""{"metadata":{"name":"j","namespace":"default","uid":"u-1"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i:1"}]}}}}""");
        var rules = Rules("Job", "batch");
        rules.Default(job);
        rules.PrepareForCreate(job, default);
        rules.Validate(job).ShouldBeEmpty();
        job["spec"]!["selector"]!.ToJsonString().ShouldBe("""{"matchLabels":{"batch.kubernetes.io/controller-uid":"u-1"}}""");
        job["spec"]!["completions"]!.GetValue<long>().ShouldBe(1);
    }

    [Fact]
    public void No_kind_fails_on_an_empty_object_or_on_its_fixture()
    {
        foreach (var type in Catalog.BuiltIn.All)
        {
            var rules = KindRules.For(type);
            foreach (var o in new[] { new JsonObject(), Object("""{"metadata":{},"spec":{},"status":{}}""") })
            {
                var old = (JsonObject)o.DeepClone();
                rules.Default(o);
                rules.PrepareForCreate(o, default);
                rules.Validate(o);
                rules.Warnings(o);
                foreach (var sub in new[] { null, "status", "scale", "ephemeralcontainers", "finalize" })
                {
                    rules.PrepareForUpdate(o, old, sub);
                    rules.ValidateUpdate(o, old, sub);
                    rules.SpecChanged(o, old);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Fixtures))]
    public void A_fixture_against_itself_changes_nothing(string name)
    {
        var schema = Fixture.SchemaOf(name);
        if (Catalog.BuiltIn.All.FirstOrDefault(t => t.Schema == schema) is not { } type) return;
        var o = Decode.Object(Fixture.Bytes(name), schema).Object!;
        KindRules.For(type).SpecChanged(o, (JsonObject)o.DeepClone()).ShouldBeFalse();
        KindRules.For(type).Validate(o);
    }

    public static IEnumerable<object[]> Fixtures() => Fixture.All();

    /// <summary>The manifests of the course notes that the program is for: nothing is wrong with them.</summary>
    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"nodejs-stateful-volume"},"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"5Gi"},"hostPath":{"path":"/data/location"}}}""")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"namespace":"default","name":"nodejs-stateful-statefulset","labels":{"name":"nodejs-stateful-label"}},"spec":{"serviceName":"nodejs-stateful-service","replicas":3,"selector":{"matchLabels":{"name":"nodejs-stateful-label"}},"volumeClaimTemplates":[{"metadata":{"name":"nodejs-stateful-volume-claim"},"spec":{"accessModes":["ReadWriteOnce"],"volumeMode":"Filesystem","resources":{"requests":{"storage":"1Gi"}}}}],"template":{"metadata":{"name":"nodejs-stateful-container","labels":{"name":"nodejs-stateful-label"}},"spec":{"containers":[{"name":"nodejs-stateful-container","image":"khannedy/nodejs-stateful:latest","env":[{"name":"POD_NAME","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],"volumeMounts":[{"mountPath":"/app/data","name":"nodejs-stateful-volume-claim"}]}]}}}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"nodejs-statefulset-service"},"spec":{"type":"NodePort","selector":{"name":"nodejs-stateful-label"},"ports":[{"port":8080,"targetPort":8080,"nodePort":30002}]}}""")]
    public void The_course_notes_are_accepted(string json)
    {
        var said = JsonNode.Parse(json)!;
        var rules = Rules(said["kind"]!.GetValue<string>(), said["apiVersion"]!.GetValue<string>() == "v1" ? "" : "apps");
        var decoded = Decode.Object(Encoding.UTF8.GetBytes(json), rules.Type.Schema);
        decoded.Unknown.ShouldBeEmpty();
        var o = decoded.Object.ShouldNotBeNull();
        rules.Default(o);
        rules.PrepareForCreate(o, new Occasion(DateTimeOffset.UnixEpoch));
        rules.Validate(o).ShouldBeEmpty();
        rules.Warnings(o).ShouldBeEmpty();
    }
}
