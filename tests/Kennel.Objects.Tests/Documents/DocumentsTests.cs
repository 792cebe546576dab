using System.Text.Json;
using Kennel.Objects.Documents;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests.Documents;

public sealed class DocumentsTests
{
    readonly DiscoveryDocuments _discovery = new(Catalog.BuiltIn);
    readonly OpenApiDocuments _openApi = new(Catalog.BuiltIn);

    [Fact, Trait("Behaviour", "SS-910")]
    public void Statefulsets_are_discovered_with_names_verbs_and_subresources()
    {
        using var document = JsonDocument.Parse(_discovery.Resources("apps", "v1").ShouldNotBeNull());
        var resources = document.RootElement.GetProperty("resources").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!);
        var set = resources["statefulsets"];
        set.GetProperty("shortNames")[0].GetString().ShouldBe("sts");
        set.GetProperty("verbs").EnumerateArray().Select(v => v.GetString()).ShouldBe(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]);
        resources["statefulsets/scale"].GetProperty("group").GetString().ShouldBe("autoscaling");
        resources["controllerrevisions"].TryGetProperty("categories", out _).ShouldBeFalse();
    }

    [Theory, Trait("Behaviour", "SS-911")]
    [InlineData("po", "pods")]
    [InlineData("svc", "services")]
    [InlineData("pvc", "persistentvolumeclaims")]
    [InlineData("pv", "persistentvolumes")]
    [InlineData("sts", "statefulsets")]
    [InlineData("deploy", "deployments")]
    [InlineData("sc", "storageclasses")]
    [InlineData("limits", "limitranges")]
    public void Short_names_are_those_that_people_type(string name, string plural) =>
        Catalog.BuiltIn.All.Single(t => t.ShortNames.Contains(name)).Plural.ShouldBe(plural);

    [Fact, Trait("Behaviour", "SS-911")]
    public void Get_all_asks_for_ten_kinds() =>
        Catalog.BuiltIn.All.Where(t => t.Categories.Contains("all")).Select(t => t.Plural).Distinct().Order(StringComparer.Ordinal).ShouldBe(
            ["cronjobs", "daemonsets", "deployments", "horizontalpodautoscalers", "jobs", "pods", "replicasets", "replicationcontrollers", "services", "statefulsets"]);

    [Fact]
    public void The_core_group_is_aggregated_by_itself()
    {
        using var core = JsonDocument.Parse(_discovery.Aggregated(core: true, "v2"));
        core.RootElement.GetProperty("items").GetArrayLength().ShouldBe(1);
        using var others = JsonDocument.Parse(_discovery.Aggregated(core: false, "v2beta1"));
        others.RootElement.GetProperty("apiVersion").GetString().ShouldBe("apidiscovery.k8s.io/v2beta1");
        others.RootElement.GetProperty("items").EnumerateArray().Select(g => g.GetProperty("metadata").GetProperty("name").GetString()).ShouldContain("apps");
    }

    [Fact]
    public void A_patch_says_that_it_takes_fieldValidation()
    {
        using var document = JsonDocument.Parse(_openApi.V3("apps", "v1").ShouldNotBeNull().Json);
        var patch = document.RootElement.GetProperty("paths").GetProperty("/apis/apps/v1/namespaces/{namespace}/statefulsets/{name}").GetProperty("patch");
        patch.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()).ShouldContain("fieldValidation");
        patch.GetProperty("x-kubernetes-group-version-kind").GetProperty("kind").GetString().ShouldBe("StatefulSet");
    }

    [Fact]
    public void Every_reference_in_every_document_is_there()
    {
        foreach (var (group, version) in Catalog.BuiltIn.All.Select(t => (t.Group, t.Version)).Distinct())
        {
            using var document = JsonDocument.Parse(_openApi.V3(group, version).ShouldNotBeNull().Json);
            var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
            foreach (var reference in References(document.RootElement))
                schemas.TryGetProperty(reference["#/components/schemas/".Length..], out _).ShouldBeTrue($"{group}/{version}: {reference}");
        }
    }

    static IEnumerable<string> References(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => e.EnumerateObject().SelectMany(p => p.NameEquals("$ref") && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => e.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
