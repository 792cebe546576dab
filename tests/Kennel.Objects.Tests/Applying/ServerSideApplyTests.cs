using System.Text.Json.Nodes;
using Kennel.Objects.Applying;
using Kennel.Objects.Patches;

namespace Kennel.Objects.Tests.Applying;

public sealed class ServerSideApplyTests
{
    const string Web = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default"},"spec":{"replicas":3,"template":{"spec":{"containers":[{"name":"web","image":"nginx:1"}]}}}}""";

    [Fact]
    public void The_first_apply_makes_the_object_and_owns_its_fields()
    {
        var made = Objects.Applied(null, Web, Objects.Deployments);
        Objects.Managers(made).ShouldBe(
            """kubectl Apply 2026-11-20T12:01:00Z {"f:spec":{"f:replicas":{},"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{},"f:name":{}}}}}}}""");
    }

    [Fact]
    public void Applying_the_same_again_changes_nothing()
    {
        var live = Objects.Applied(null, Web, Objects.Deployments);
        Objects.Text(Objects.Applied(live, Web, Objects.Deployments, minutes: 9)).ShouldBe(Objects.Text(live));
    }

    [Fact]
    public void What_is_no_longer_applied_is_removed()
    {
        var live = Objects.Applied(null, """{"metadata":{"name":"c"},"data":{"a":"1","b":"2"}}""", Objects.ConfigMaps);
        var made = Objects.Applied(live, """{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps, minutes: 2);
        Objects.Text(made["data"]).ShouldBe("""{"a":"1"}""");
        made = Objects.Applied(live, """{"metadata":{"name":"c"}}""", Objects.ConfigMaps, minutes: 2);
        made.ContainsKey("data").ShouldBeFalse();
        Objects.Managers(made).ShouldBe("");
    }

    [Fact]
    public void What_others_own_too_stays()
    {
        var live = Objects.Applied(null, """{"metadata":{"name":"c"},"data":{"a":"1","b":"2"}}""", Objects.ConfigMaps);
        live = Objects.Applied(live, """{"metadata":{"name":"c"},"data":{"b":"2"}}""", Objects.ConfigMaps, "second", minutes: 2);
        var made = Objects.Applied(live, """{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps, minutes: 3);
        Objects.Text(made["data"]).ShouldBe("""{"a":"1","b":"2"}""");
    }

    [Fact]
    public void An_item_that_is_no_longer_applied_goes_with_its_fields()
    {
        var two = Web.Replace("""{"name":"web","image":"nginx:1"}""", """{"name":"web","image":"nginx:1"},{"name":"side","image":"b"}""");
        var live = Objects.Applied(null, two, Objects.Deployments);
        live["spec"]!["template"]!["spec"]!["containers"]![1]!["imagePullPolicy"] = "Always"; // a default, owned by nobody
        var made = Objects.Applied(live, Web, Objects.Deployments, minutes: 2);
        Objects.Text(made["spec"]!["template"]!["spec"]!["containers"]).ShouldBe("""[{"name":"web","image":"nginx:1"}]""");
    }

    [Fact]
    public void A_changed_field_of_another_manager_is_a_conflict_in_upstreams_words()
    {
        var live = Objects.Created(Web, Objects.Deployments, "kubectl-client-side-apply");
        var (made, refusal) = ServerSideApply.Apply(live, Objects.Json(Web.Replace("\"replicas\":3", "\"replicas\":4")), Objects.Deployments, Objects.Deployments.Schema, "me", false, null, Objects.Noon);
        made.ShouldBeNull();
        refusal.ShouldNotBeNull().Code.ShouldBe(409);
        refusal.Reason.ShouldBe("Conflict");
        refusal.Message.ShouldBe("Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using apps/v1: .spec.replicas");
        var cause = refusal.Causes.ShouldHaveSingleItem();
        (cause.Reason, cause.Path, cause.Message).ShouldBe(("FieldManagerConflict", ".spec.replicas", "conflict with \"kubectl-client-side-apply\" using apps/v1"));
    }

    [Fact]
    public void Several_conflicts_are_listed_by_manager()
    {
        var live = Objects.Created(Web, Objects.Deployments, "first");
        live = Objects.Changed(live, Objects.Deployments, "kubectl", o => o["spec"]!["replicas"] = 7, "scale");
        var wish = Web.Replace("nginx:1", "nginx:2");
        var (_, refusal) = ServerSideApply.Apply(live, Objects.Json(wish), Objects.Deployments, Objects.Deployments.Schema, "me", false, null, Objects.Noon);
        refusal.ShouldNotBeNull().Message.ShouldBe(
            "Apply failed with 2 conflicts: conflicts with \"first\" using apps/v1:\n- .spec.template.spec.containers[name=\"web\"].image\nconflicts with \"kubectl\" with subresource \"scale\" using apps/v1:\n- .spec.replicas");
    }

    [Fact]
    public void Force_takes_the_field()
    {
        var live = Objects.Created("""{"metadata":{"name":"c"},"data":{"a":"1","b":"2"}}""", Objects.ConfigMaps, "other");
        var made = Objects.Applied(live, """{"metadata":{"name":"c"},"data":{"a":"9"}}""", Objects.ConfigMaps, force: true);
        Objects.Text(made["data"]).ShouldBe("""{"a":"9","b":"2"}""");
        Objects.Managers(made).ShouldBe(
            """
            kubectl Apply 2026-11-20T12:01:00Z {"f:data":{"f:a":{}}}
            other Update 2026-11-20T12:00:00Z {"f:data":{".":{},"f:b":{}}}
            """);
    }

    [Fact]
    public void The_same_value_is_shared_without_conflict()
    {
        var live = Objects.Created("""{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps, "other");
        Objects.Managers(Objects.Applied(live, """{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps)).Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public void Objects_from_before_the_first_apply_get_an_owner()
    {
        var live = Objects.Json("""{"metadata":{"name":"c","uid":"u"},"data":{"a":"1","b":"2"}}""");
        var (_, refusal) = ServerSideApply.Apply(live, Objects.Json("""{"metadata":{"name":"c"},"data":{"a":"2"}}"""), Objects.ConfigMaps, Objects.ConfigMaps.Schema, "me", false, null, Objects.Noon);
        refusal.ShouldNotBeNull().Message.ShouldBe("Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.a");
    }

    [Fact]
    public void Kubectl_takes_over_what_client_side_apply_set()
    {
        var text = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"1"}}""";
        var live = Objects.Json(text);
        live["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = text };
        ManagedFields.Update(null, live, Objects.ConfigMaps, "kubectl-client-side-apply", null, Objects.Noon);
        var made = Objects.Applied(live, text.Replace("\"1\"", "\"2\""), Objects.ConfigMaps);
        made["data"]!["a"]!.GetValue<string>().ShouldBe("2");
        made["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"]!.GetValue<string>().ShouldContain("\"a\":\"2\"");
    }

    [Fact]
    public void Kubectls_migration_by_json_patch_makes_the_fields_removable()
    {
        var live = Objects.Created("""{"metadata":{"name":"c","resourceVersion":"5"},"data":{"a":"1","b":"2"}}""", Objects.ConfigMaps, "kubectl-client-side-apply");
        var entry = live["metadata"]!["managedFields"]![0]!.DeepClone();
        entry["manager"] = "kubectl";
        entry["operation"] = "Apply";
        var (moved, refusal) = JsonPatch.Apply(live, [new JsonObject { ["op"] = "replace", ["path"] = "/metadata/managedFields", ["value"] = new JsonArray(entry) }]);
        refusal.ShouldBeNull();
        ManagedFields.Update(live, moved!, Objects.ConfigMaps, "kubectl", null, Objects.Noon.AddMinutes(1));
        Objects.Managers(moved!).ShouldStartWith("kubectl Apply");
        var made = Objects.Applied(moved, """{"metadata":{"name":"c"},"data":{"a":"1"}}""", Objects.ConfigMaps, minutes: 2);
        Objects.Text(made["data"]).ShouldBe("""{"a":"1"}""");
    }

    [Theory]
    [InlineData("""["a","b","c"]""", """["b","x","a"]""", """["b","c","x","a"]""")]
    [InlineData("""["a","b","c"]""", """["x","b"]""", """["a","x","b","c"]""")]
    [InlineData("""["a","b"]""", """["x"]""", """["a","b","x"]""")]
    [InlineData("""[]""", """["x","y"]""", """["x","y"]""")]
    public void Lists_keep_the_applied_order_and_the_place_of_others(string live, string applied, string expected)
    {
        var made = Objects.Applied(Objects.Json($$"""{"metadata":{"name":"c","uid":"u","finalizers":{{live}} } }"""), $$"""{"metadata":{"name":"c","finalizers":{{applied}} } }""", Objects.ConfigMaps);
        Objects.Text(made["metadata"]!["finalizers"]).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"apiVersion":"apps/v2","kind":"Deployment"}""", "Incorrect version specified in apply patch. Specified patch version: apps/v2, expected: apps/v1")]
    [InlineData("""{"metadata":{"name":"a","managedFields":[{}]}}""", "metadata.managedFields must be nil")]
    [InlineData("""{"metadata":{"name":"a","namespace":"n"},"spec":{"boo":1}}""", "failed to create typed patch object (n/a; apps/v1, Kind=Deployment): .spec.boo: field not declared in schema")]
    [InlineData("""{"metadata":{"name":"a","namespace":"n"},"spec":{"template":{"spec":{"containers":[{"name":"x"},{"name":"x"}]}}}}""", "failed to create typed patch object (n/a; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name=\"x\"]")]
    public void What_does_not_fit_is_refused(string applied, string message)
    {
        var (_, refusal) = ServerSideApply.Apply(null, Objects.Json(applied), Objects.Deployments, Objects.Deployments.Schema, "me", false, null, Objects.Noon);
        refusal.ShouldNotBeNull().Code.ShouldBe(400);
        refusal.Message.ShouldBe(message);
    }
}
