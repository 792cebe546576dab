using System.Text.Json.Nodes;
using Kennel.Objects.Applying;

namespace Kennel.Objects.Tests.Applying;

public sealed class ManagedFieldsTests
{
    const string Deployment = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"nginx","namespace":"default","labels":{"app":"nginx"}},
         "spec":{"replicas":1,"selector":{"matchLabels":{"app":"nginx"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%"}},
          "template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"name":"nginx","image":"nginx","resources":{},
            "env":[{"name":"A","value":"1"}],"ports":[{"containerPort":80}]}],"restartPolicy":"Always","securityContext":{},
            "volumes":[{"name":"v","emptyDir":{}}]}}}}
        """;

    [Fact]
    public void A_new_deployment_is_owned_as_upstream_writes_it() => Objects.Managers(Objects.Created(Deployment, Objects.Deployments)).ShouldBe(
        """
        kubectl-create Update 2026-11-20T12:00:00Z {"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},"f:maxSurge":{}},"f:type":{}},"f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"nginx\"}":{".":{},"f:env":{".":{},"k:{\"name\":\"A\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}},"f:resources":{}}},"f:restartPolicy":{},"f:securityContext":{},"f:volumes":{".":{},"k:{\"name\":\"v\"}":{".":{},"f:emptyDir":{},"f:name":{}}}}}}}
        """);

    [Fact]
    public void An_entry_has_upstreams_fields_in_upstreams_order() =>
        Objects.Text(Objects.Created("""{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps)["metadata"]!["managedFields"]).ShouldBe(
            """[{"manager":"kubectl-create","operation":"Update","apiVersion":"v1","time":"2026-11-20T12:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:data":{".":{},"f:a":{}}}}]""");

    [Fact]
    public void Who_changes_a_field_takes_it_and_others_keep_the_rest()
    {
        var live = Objects.Created("""{"metadata":{"name":"c"},"data":{"a":"1","b":"2"}}""", Objects.ConfigMaps);
        var next = Objects.Changed(live, Objects.ConfigMaps, "other", o => o["data"]!["b"] = "3");
        Objects.Managers(next).ShouldBe(
            """
            kubectl-create Update 2026-11-20T12:00:00Z {"f:data":{".":{},"f:a":{}}}
            other Update 2026-11-20T12:01:00Z {"f:data":{"f:b":{}}}
            """);
    }

    [Fact]
    public void A_removed_field_belongs_to_nobody_and_empty_entries_go()
    {
        var live = Objects.Created("""{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps);
        live = Objects.Changed(live, Objects.ConfigMaps, "other", o => o["data"]!["b"] = "3");
        var next = Objects.Changed(live, Objects.ConfigMaps, "third", o => ((JsonObject)o["data"]!).Remove("b"), minutes: 2);
        Objects.Managers(next).ShouldBe("""kubectl-create Update 2026-11-20T12:00:00Z {"f:data":{".":{},"f:a":{}}}""");
    }

    [Fact]
    public void A_write_that_changes_nothing_changes_no_time()
    {
        var live = Objects.Created("""{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps);
        var next = Objects.Changed(live, Objects.ConfigMaps, "other", o => o["metadata"]!.AsObject().Remove("managedFields"));
        Objects.Text(next).ShouldBe(Objects.Text(live));
    }

    [Fact]
    public void Status_is_owned_under_its_subresource()
    {
        var live = Objects.Created("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"nodeName":"n","containers":[{"name":"c"}]}}""", Objects.Pods);
        var next = Objects.Changed(live, Objects.Pods, "kubelet", o => o["status"] = Objects.Json("""{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}"""), "status");
        Objects.Managers(next).Split('\n')[1].ShouldBe(
            """kubelet Update/status 2026-11-20T12:01:00Z {"f:status":{"f:conditions":{".":{},"k:{\"type\":\"Ready\"}":{".":{},"f:status":{},"f:type":{}}},"f:phase":{}}}""");
    }

    [Fact]
    public void The_status_of_a_plain_create_is_nobodys() =>
        Objects.Managers(Objects.Created("""{"metadata":{"name":"p"},"spec":{"nodeName":"n"},"status":{"phase":"Pending"}}""", Objects.Pods))
            .ShouldBe("""kubectl-create Update 2026-11-20T12:00:00Z {"f:spec":{"f:nodeName":{}}}""");

    [Fact]
    public void Scaling_is_owned_under_scale()
    {
        var live = Objects.Created(Deployment, Objects.Deployments);
        var next = Objects.Changed(live, Objects.Deployments, "kubectl", o => o["spec"]!["replicas"] = 5, "scale");
        Objects.Managers(next).Split('\n')[1].ShouldBe("""kubectl Update/scale 2026-11-20T12:01:00Z {"f:spec":{"f:replicas":{}}}""");
    }

    [Fact]
    public void Managed_fields_sent_by_a_client_are_taken()
    {
        var live = Objects.Created("""{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps);
        var next = Objects.Changed(live, Objects.ConfigMaps, "other", o =>
        {
            o["metadata"]!["managedFields"]![0]!["manager"] = "kubectl";
            o["metadata"]!["managedFields"]![0]!["operation"] = "Apply";
        });
        Objects.Managers(next).ShouldBe("""kubectl Apply 2026-11-20T12:00:00Z {"f:data":{".":{},"f:a":{}}}""");
    }

    [Fact]
    public void An_empty_entry_clears_managed_fields_and_they_stay_clear()
    {
        var live = Objects.Created("""{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps);
        var next = Objects.Changed(live, Objects.ConfigMaps, "other", o => o["metadata"]!["managedFields"] = new JsonArray(new JsonObject()));
        Objects.Managers(next).ShouldBe("");
        Objects.Managers(Objects.Changed(next, Objects.ConfigMaps, "other", o => o["data"]!["a"] = "2")).ShouldBe("");
    }

    [Fact]
    public void The_oldest_of_many_updaters_are_thrown_together()
    {
        var o = Objects.Created("""{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps);
        for (var i = 0; i < 12; i++)
        {
            var n = i;
            o = Objects.Changed(o, Objects.ConfigMaps, $"m{n:00}", x => x["data"]![$"k{n:00}"] = "1", minutes: n + 1);
        }
        var managers = Objects.Managers(o).Split('\n');
        managers.Length.ShouldBe(10);
        managers[0].ShouldStartWith("ancient-changes Update");
    }

    [Fact]
    public void Only_times_may_differ_for_a_write_to_be_noise()
    {
        var live = Objects.Created("""{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps);
        var next = (JsonObject)live.DeepClone();
        next["metadata"]!["managedFields"]![0]!["time"] = "2027-01-01T00:00:00Z";
        ManagedFields.SameButTimes(live, next).ShouldBeTrue();
        next["data"]!["a"] = "2";
        ManagedFields.SameButTimes(live, next).ShouldBeFalse();
    }
}
