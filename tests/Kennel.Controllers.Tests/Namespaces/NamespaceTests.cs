using Kennel.Client;
using Kennel.Client.Tests.Fake;
using Kennel.Controllers.Namespaces;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Schemas;

namespace Kennel.Controllers.Tests.Namespaces;

public sealed class NamespaceTests
{
    readonly FakeApi _api = new();
    readonly List<Namespace> _told = [];
    Namespace? _finalized;

    public NamespaceTests() => _api.Instead = call =>
    {
        if (call.Path.EndsWith("/status", StringComparison.Ordinal)) return Keep(call, _told.Add);
        if (call.Path.EndsWith("/finalize", StringComparison.Ordinal)) return Keep(call, n => _finalized = n);
        return call.Method == "DELETE" ? new ApiAnswer(200, "{}"u8.ToArray()) : null;
    };

    static ApiAnswer Keep(ApiCall call, Action<Namespace> keep)
    {
        keep(Json.Read<Namespace>(call.Body.Span));
        return new(200, call.Body);
    }

    [Fact]
    [Trait("Behaviour", "SS-617")]
    public async Task Content_is_deleted_by_the_collection_and_the_finalizer_goes_when_nothing_is_left()
    {
        _api.Put(Make.Pod("p"));
        (await Look()).ShouldBeNull();
        _api.Calls.ShouldContain("DELETE /api/v1/namespaces/default/pods");
        _finalized.ShouldBeNull("a pod is left");
        _api.Remove(Make.Pod("p"));
        (await Look()).ShouldBeNull();
        _finalized.ShouldNotBeNull().Spec!.Finalizers.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Behaviour", "SS-617")]
    public async Task What_pods_need_stays_as_long_as_they_run()
    {
        _api.Put(Make.Pod("p"));
        _api.Put(new ConfigMap { Metadata = Make.Meta("c") });
        await Look();
        _api.Calls.ShouldNotContain("DELETE /api/v1/namespaces/default/configmaps");
        _api.Remove(Make.Pod("p"));
        await Look();
        _api.Calls.ShouldContain("DELETE /api/v1/namespaces/default/configmaps");
    }

    [Fact]
    public async Task What_is_left_and_what_holds_it_is_told_in_upstreams_words()
    {
        var held = Make.Pod("held");
        _api.Put(held with { Metadata = held.Metadata with { Finalizers = ["example.com/hold"] } });
        _api.Put(Make.Pod("p"));
        await Look();
        _told.ShouldHaveSingleItem().Status!.Conditions.Select(c => $"{c.Type} {c.Status} {c.Reason}: {c.Message}").ShouldBe(
        [
            "NamespaceDeletionDiscoveryFailure False ResourcesDiscovered: All resources successfully discovered",
            "NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions: All legacy kube types successfully parsed",
            "NamespaceDeletionContentFailure False ContentDeleted: All content successfully deleted, may be waiting on finalization",
            "NamespaceContentRemaining True SomeResourcesRemain: Some resources are remaining: pods. has 2 resource instances",
            "NamespaceFinalizersRemaining True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
        ]);
        await Look(_told[0]);
        _told.Count.ShouldBe(1, "nothing has changed");
        NamespaceController.Decide(_told[0], [], Make.Now).WaitingFor.ShouldBe(
            "everything in the namespace to be gone: Some resources are remaining: pods. has 2 resource instances; "
            + "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances");
        _api.Remove(held);
        _api.Remove(Make.Pod("p"));
        await Look(_told[0] with { Metadata = _told[0].Metadata with { Finalizers = ["example.com/own"] } });
        _told[1].Status!.Conditions.Where(c => c.Type is "NamespaceContentRemaining" or "NamespaceFinalizersRemaining").Select(c => $"{c.Status} {c.Reason}: {c.Message}")
            .ShouldBe(["False ContentRemoved: All content successfully removed", "False ContentHasNoFinalizers: All content-preserving finalizers finished"]);
    }

    [Fact]
    public async Task What_can_not_be_deleted_is_told_and_tried_again()
    {
        _api.Put(new ConfigMap { Metadata = Make.Meta("c") });
        var instead = _api.Instead;
        _api.Instead = call => call.Method == "DELETE" ? FakeApi.Refuse(500, "InternalError", "the disk is full") : instead(call);
        (await Look()).ShouldBe("configmaps could not be deleted: the disk is full");
        var failure = _told.ShouldHaveSingleItem().Status!.Conditions.Single(c => c.Type == "NamespaceDeletionContentFailure");
        (failure.Status, failure.Reason, failure.Message).ShouldBe(("True", "ContentDeletionFailed", "Failed to delete all resource types, 1 remaining: configmaps could not be deleted: the disk is full"));
        _finalized.ShouldBeNull();
    }

    ValueTask<string?> Look(Namespace? space = null) => new Empty(space ?? Leaving(), [Pod.Resource, ConfigMap.Resource], Make.Now).Apply(_api, CancellationToken.None);

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
