using System.Text.Json;
using Kennel.Objects.Documents;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests.Documents;

/// <summary>What <c>kubectl explain</c> reads.</summary>
public sealed class ExplainTests
{
    readonly OpenApiDocuments _openApi = new(Catalog.BuiltIn);

    [Theory]
    [InlineData("apps", "io.k8s.api.apps.v1.StatefulSetSpec")]
    [InlineData("apps", "io.k8s.api.apps.v1.StatefulSetStatus")]
    [InlineData("apps", "io.k8s.api.apps.v1.DeploymentSpec")]
    [InlineData("", "io.k8s.api.core.v1.PodSpec")]
    [InlineData("", "io.k8s.api.core.v1.Container")]
    [InlineData("", "io.k8s.api.core.v1.PersistentVolumeClaimSpec")]
    [InlineData("", "io.k8s.api.core.v1.ServiceSpec")]
    [InlineData("", "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")]
    public void Every_field_that_users_of_sets_look_up_is_explained(string group, string definition)
    {
        using var document = JsonDocument.Parse(_openApi.V3(group, "v1").ShouldNotBeNull().Json);
        var fields = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty(definition).GetProperty("properties");
        foreach (var field in fields.EnumerateObject()) (field.Value.TryGetProperty("description", out var text) && text.GetString()!.Length > 10).ShouldBeTrue($"{definition}.{field.Name}");
    }

    [Fact]
    public void Every_text_is_about_a_field_that_is_there()
    {
        foreach (var (type, fields) in Descriptions.Read())
        {
            if (type == "*") continue;
            var schema = Catalog.BuiltIn.FindDefinition("io.k8s.api." + type) ?? Catalog.BuiltIn.FindDefinition("io.k8s.apimachinery.pkg.apis." + type);
            schema.ShouldNotBeNull(type);
            foreach (var (field, text) in fields)
            {
                if (field != "=") schema.Properties.ContainsKey(field).ShouldBeTrue($"{type}.{field}");
                text.ShouldMatch("[A-Z].*[.0-9]$");
            }
        }
    }

    [Fact]
    public void A_described_reference_is_wrapped_in_version_3()
    {
        using var document = JsonDocument.Parse(_openApi.V3("apps", "v1").ShouldNotBeNull().Json);
        var spec = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("io.k8s.api.apps.v1.StatefulSet").GetProperty("properties").GetProperty("spec");
        spec.GetProperty("allOf")[0].GetProperty("$ref").GetString().ShouldBe("#/components/schemas/io.k8s.api.apps.v1.StatefulSetSpec");
        spec.TryGetProperty("$ref", out _).ShouldBeFalse();
    }

    [Fact]
    public void Version_2_says_in_protobuf_what_it_says_in_json()
    {
        var bytes = _openApi.V2Protobuf();
        bytes.AsSpan(0, 5).ToArray().ShouldBe([0x0a, 3, .. "2.0"u8]);
        using var json = JsonDocument.Parse(_openApi.V2());
        var definitions = json.RootElement.GetProperty("definitions");
        foreach (var definition in definitions.EnumerateObject().Where((_, i) => i % 40 == 0)) bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(definition.Name)).ShouldBeGreaterThan(0);
        definitions.GetProperty("io.k8s.api.core.v1.Pod").GetProperty("properties").GetProperty("spec").GetProperty("description").GetString().ShouldBe("What runs, with what, and where.");
        definitions.TryGetProperty("io.k8s.api.core.v1.Container", out _).ShouldBeTrue();
    }
}
