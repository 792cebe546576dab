using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests.Schemas;

public sealed class CatalogTests
{
    [Fact]
    public void Statefulsets_are_found_by_path_and_by_kind()
    {
        var type = Catalog.BuiltIn.Find("apps", "v1", "statefulsets").ShouldNotBeNull();
        Catalog.BuiltIn.OfKind("apps", "v1", "StatefulSet").ShouldBeSameAs(type);
        type.ShortNames.ShouldBe(["sts"]);
        type.Categories.ShouldBe(["all"]);
        type.Find("scale").ShouldNotBeNull().Kind.ShouldBe("Scale");
    }

    [Fact]
    public void Every_kind_with_a_path_has_a_schema_with_metadata_or_is_a_review()
    {
        foreach (var type in Catalog.BuiltIn.All)
            type.Schema.Type.ShouldBe(SchemaType.Object, type.ToString());
    }

    [Fact]
    public void Core_is_among_the_groups() => Catalog.BuiltIn.Find("", "v1", "pods").ShouldNotBeNull().Namespaced.ShouldBeTrue();

    [Fact]
    public void Containers_merge_by_name()
    {
        var containers = Catalog.BuiltIn.Definition("io.k8s.api.core.v1.PodSpec")["containers"].ShouldNotBeNull();
        containers.ListType.ShouldBe(ListType.Map);
        containers.ListMapKeys.ShouldBe(["name"]);
        containers.PatchMergeKey.ShouldBe("name");
        containers.Items!["resources"]!["limits"]!.Values!.Format.ShouldBe("quantity");
    }
}
