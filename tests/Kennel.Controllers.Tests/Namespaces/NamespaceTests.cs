using Kennel.Client;
using Kennel.Client.Tests.Fake;
using Kennel.Controllers.Namespaces;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Schemas;

namespace Kennel.Controllers.Tests.Namespaces;

public sealed class NamespaceTests
{
    [Fact]
    [Trait("Behaviour", "SS-617")]
    public async Task Content_is_deleted_by_the_collection_and_the_finalizer_goes_when_nothing_is_left()
    {
        var kinds = new[] { Pod.Resource, ConfigMap.Resource };
        var api = new FakeApi();
        api.Put(Make.Pod("p"));
        string? finalized = null;
        api.Instead = call =>
        {
            if (call.Path.EndsWith("/finalize", StringComparison.Ordinal))
            {
                finalized = System.Text.Encoding.UTF8.GetString(call.Body.Span);
                return new ApiAnswer(200, "{}"u8.ToArray());
            }
            return call is { Method: "DELETE", Path: "/api/v1/namespaces/default/pods" } ? new ApiAnswer(200, "{}"u8.ToArray()) : null;
        };
        var empty = new Empty(Leaving(), [.. kinds]);
        (await empty.Apply(api, CancellationToken.None)).ShouldBeNull();
        api.Calls.ShouldContain("DELETE /api/v1/namespaces/default/pods");
        finalized.ShouldBeNull("a pod is left");
        api.Remove(Make.Pod("p"));
        (await empty.Apply(api, CancellationToken.None)).ShouldBeNull();
        finalized.ShouldNotBeNull().ShouldNotContain("\"finalizers\":[\"kubernetes\"]");
    }

    [Fact]
    public void Only_a_namespace_on_its_way_out_is_emptied()
    {
        var space = Leaving();
        NamespaceController.Decide(space, [], Make.Now).Steps.ShouldHaveSingleItem().ShouldBeOfType<Empty>();
        NamespaceController.Decide(space with { Metadata = space.Metadata with { DeletionTimestamp = null } }, [], Make.Now).Steps.ShouldBeEmpty();
        NamespaceController.Decide(space with { Spec = new() }, [], Make.Now).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Everything_with_a_namespace_is_content_and_events_go_last()
    {
        var contents = NamespaceController.Contents(Catalog.BuiltIn);
        contents.Select(c => c.Plural).ShouldContain("statefulsets");
        contents.Select(c => c.Plural).ShouldContain("rolebindings");
        contents.Select(c => c.Plural).ShouldNotContain("persistentvolumes");
        contents[^1].Plural.ShouldBe("events");
    }

    static Namespace Leaving() => new()
    {
        Metadata = Make.Meta("default", null) with { DeletionTimestamp = Make.Now },
        Spec = new() { Finalizers = ["kubernetes"] },
        Status = new() { Phase = "Terminating" },
    };
}
