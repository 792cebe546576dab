using Kennel.Client.Running;
using Kennel.Controllers.GarbageCollection;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using Kennel.Objects.Schemas;

namespace Kennel.Controllers.Tests.GarbageCollection;

public sealed class CollectTests
{
    [Fact]
    [Trait("Behaviour", "SS-609")]
    public async Task What_its_owner_left_is_deleted_and_what_another_owner_holds_forgets_the_gone_one()
    {
        var set = Set("web");
        await using var world = new LiveWorld(All, api =>
        {
            api.Put(set);
            api.Put(Set("other"));
            api.Put(Owned(Make.Pod("web-0"), set));
            api.Put(Owned(Make.Pod("shared"), set, Set("other")));
            api.Put(Make.Pod("free"));
        });
        await world.UntilAll<Pod>(all => all.Count == 3);
        world.Api.Remove(set);
        await world.UntilAll<Pod>(all => all.Count == 2);
        await world.Until<Pod>("shared", p => p.Metadata.OwnerReferences is [{ Name: "other" }]);
    }

    [Fact]
    [Trait("Behaviour", "SS-610")]
    public async Task An_owner_of_the_same_name_with_another_uid_is_none()
    {
        var before = Set("web") is var s ? s with { Metadata = s.Metadata with { Uid = "uid-before" } } : null!;
        await using var world = new LiveWorld(All, api =>
        {
            api.Put(Set("web"));
            api.Put(Owned(Make.Pod("web-0"), before));
            api.Put(Owned(Make.Pod("web-1"), Set("web")));
        });
        await world.UntilAll<Pod>(all => all.Count == 1 && all[0].Metadata.Name == "web-1");
    }

    [Fact]
    public async Task A_cache_that_misses_an_owner_deletes_nothing()
    {
        var owner = new Owner(Reference(Set("web")), Standing.Absent, StatefulSet.Resource, new("default", "web"));
        var api = new Kennel.Client.Tests.Fake.FakeApi();
        api.Put(Set("web"));
        api.Put(Owned(Make.Pod("web-0"), Set("web")));
        (await new DeleteOwned(api.All<Pod>()[0], "Background", [owner]).Apply(api, CancellationToken.None)).ShouldBe("owner StatefulSet default/web is there after all");
        api.All<Pod>().Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Behaviour", "SS-604")]
    public void An_owner_in_foreground_deletion_waits_for_those_that_block_it()
    {
        var leaving = Leaving(Set("web"), Collect.Foreground);
        var pod = Owned(Make.Pod("web-0"), leaving);
        Collect.Decide(new(leaving, [], [pod])).WaitingFor.ShouldBe("1 dependents to go, Pod default/web-0 first");
        var loose = pod with { Metadata = pod.Metadata with { OwnerReferences = [Reference(leaving) with { BlockOwnerDeletion = false }] } };
        Collect.Decide(new(leaving, [], [loose])).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"finalizers\":null");
    }

    [Fact]
    [Trait("Behaviour", "SS-611")]
    public void A_dependent_with_dependents_goes_in_foreground_when_its_owner_waits()
    {
        var leaving = Leaving(Set("web"), Collect.Foreground);
        var middle = Owned(Set("middle"), leaving);
        Owner owner = new(Reference(leaving), Standing.Leaving, StatefulSet.Resource, new("default", "web"));
        Collect.Decide(new(middle, [owner], [Owned(Make.Pod("p"), middle)])).Steps.ShouldHaveSingleItem().ShouldBeOfType<DeleteOwned>().Policy.ShouldBe("Foreground");
        Collect.Decide(new(middle, [owner], [])).Steps.ShouldHaveSingleItem().ShouldBeOfType<DeleteOwned>().Policy.ShouldBe("Background");
    }

    [Fact]
    [Trait("Behaviour", "SS-605")]
    public void Orphaning_frees_every_dependent_and_then_the_owner()
    {
        var leaving = Leaving(Set("web"), Collect.Orphan);
        var steps = Collect.Decide(new(leaving, [], [Owned(Make.Pod("web-0"), leaving), Owned(Make.Pod("web-1"), leaving, Set("other"))])).Steps.Cast<Step.Patch>().ToList();
        steps.Select(s => s.Key.Name).ShouldBe(["web-0", "web-1", "web"]);
        steps.Select(s => s.Batch).ShouldBe([1, 1, 0], "one that can't be freed holds the owner, not the others");
        steps[0].Json.ShouldContain("\"ownerReferences\":null");
        steps[1].Json.ShouldContain("\"name\":\"other\"");
        steps[2].Json.ShouldContain("\"finalizers\":null");
    }

    [Fact]
    [Trait("Behaviour", "SS-603")]
    public void Dependents_of_an_owner_that_is_gone_go_all_at_once()
    {
        Owner gone = new(Reference(Set("web")), Standing.Absent, StatefulSet.Resource, new("default", "web"));
        foreach (var name in (string[])["web-0", "web-1", "web-2"])
        {
            var decision = Collect.Decide(new(Owned(Make.Pod(name), Set("web")), [gone], []));
            decision.Steps.ShouldHaveSingleItem().ShouldBeOfType<DeleteOwned>().Policy.ShouldBe("Background");
            decision.WaitingFor.ShouldBeNull();
        }
    }

    [Fact]
    [Trait("Behaviour", "SS-604")]
    public async Task An_owner_in_foreground_deletion_goes_after_its_last_dependent()
    {
        await using var world = new LiveWorld(All, api =>
        {
            api.Put(Leaving(Set("web"), Collect.Foreground));
            api.Put(Owned(Make.Pod("web-0", "n"), Set("web")));
            api.Put(Owned(Make.Pod("web-1"), Set("web")));
        });
        await world.Until<Pod>("web-0", p => p.Metadata.DeletionTimestamp is not null);
        await world.UntilAll<Pod>(all => all.Count == 1);
        world.Api.Get<StatefulSet>("default", "web")!.Metadata.Finalizers.ShouldBe([Collect.Foreground]);
        world.Api.Remove(world.Api.Get<Pod>("default", "web-0")!);
        await world.UntilAll<StatefulSet>(all => all.Count == 0);
    }

    [Fact]
    [Trait("Behaviour", "SS-609")]
    public async Task What_is_deleted_must_be_what_was_seen()
    {
        var api = new Kennel.Client.Tests.Fake.FakeApi();
        var pod = api.Put(Owned(Make.Pod("web-0"), Set("web")));
        string? body = null;
        api.Instead = call =>
        {
            if (call.Method == "DELETE") body = System.Text.Encoding.UTF8.GetString(call.Body.Span);
            return null;
        };
        (await new DeleteOwned(pod, "Background", []).Apply(api, CancellationToken.None)).ShouldBeNull();
        body.ShouldNotBeNull().ShouldContain($"\"uid\":\"{pod.Metadata.Uid}\"");
        body.ShouldContain($"\"resourceVersion\":\"{pod.Metadata.ResourceVersion}\"");
        body.ShouldContain("\"propagationPolicy\":\"Background\"");
    }

    [Fact]
    [Trait("Behaviour", "SS-612")]
    public async Task An_owner_in_another_namespace_counts_as_none_and_the_dependent_is_told()
    {
        var elsewhere = Set("web") is var s ? s with { Metadata = s.Metadata with { Namespace = "other" } } : null!;
        await using var world = new LiveWorld(All, api =>
        {
            api.Put(new Namespace { Metadata = Make.Meta("default", null) });
            api.Put(new Namespace { Metadata = Make.Meta("other", null) });
            api.Put(elsewhere);
            api.Put(Owned(Make.Pod("web-0"), elsewhere));
        });
        await world.UntilAll<Pod>(all => all.Count == 0);
        await world.UntilAll<Event>(all => all.Count == 1);
        var told = world.Api.All<Event>()[0];
        (told.Type, told.Reason, told.Source!.Component, told.InvolvedObject.Name).ShouldBe(("Warning", "OwnerRefInvalidNamespace", "garbage-collector-controller", "web-0"));
        told.Message.ShouldBe("ownerRef [apps/v1/StatefulSet, namespace: default, name: web, uid: uid-web] does not exist in namespace \"default\"");
        world.Api.All<StatefulSet>().Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Behaviour", "SS-612")]
    public async Task A_cluster_wide_object_that_names_an_owner_in_a_namespace_is_told_and_stays()
    {
        await using var world = new LiveWorld(All, api =>
        {
            api.Put(new Namespace { Metadata = Make.Meta("default", null) });
            api.Put(Set("web"));
            api.Put(Owned(Make.Node("n1"), Set("web")));
        });
        await world.UntilAll<Event>(all => all is [{ Reason: "OwnerRefInvalidNamespace" }]);
        world.Api.Remove(Set("web"));
        world.Api.Put(Owned(Make.Pod("last"), Set("never")));
        await world.UntilAll<Pod>(all => all.Count == 0);
        world.Api.All<Node>().Count.ShouldBe(1);
    }

    [Fact]
    public void A_dependent_that_waits_for_its_own_dependents_lets_its_owner_go_without_it()
    {
        var leaving = Leaving(Set("web"), Collect.Foreground);
        var middle = Owned(Set("middle"), leaving);
        Owner owner = new(Reference(leaving), Standing.Leaving, StatefulSet.Resource, new("default", "web"));
        var steps = Collect.Decide(new(middle, [owner], [Owned(Leaving(Set("last"), Collect.Foreground), middle)])).Steps;
        steps.Length.ShouldBe(2);
        steps[0].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"blockOwnerDeletion\":false");
        steps[1].ShouldBeOfType<DeleteOwned>().Policy.ShouldBe("Foreground");
    }

    [Fact]
    public async Task Owners_of_kinds_that_nobody_knows_keep_their_dependents()
    {
        OwnerReference unknown = new() { ApiVersion = "example.com/v1", Kind = "Database", Name = "x", Uid = "uid-x" };
        await using var world = new LiveWorld(All, api =>
        {
            api.Put(Make.Pod("kept") is var p ? p with { Metadata = p.Metadata with { OwnerReferences = [unknown] } } : null!);
            api.Put(Owned(Make.Pod("gone"), Set("never")));
        });
        await world.UntilAll<Pod>(all => all.Count == 1 && all[0].Metadata.Name == "kept");
    }

    static IEnumerable<IController> All(Kennel.Client.Caching.Caches caches) => GarbageCollector.All(caches, Catalog.BuiltIn);

    static StatefulSet Set(string name) => new() { Metadata = Make.Meta(name), Spec = new() { ServiceName = name } };

    static StatefulSet Leaving(StatefulSet set, string finalizer) => set with { Metadata = set.Metadata with { DeletionTimestamp = Make.Now, Finalizers = [finalizer] } };

    static T Owned<T>(T o, params StatefulSet[] owners) where T : class, IObject<T> =>
        (T)((IObject)o).With(o.Metadata with { OwnerReferences = [.. owners.Select(Reference)] });

    static OwnerReference Reference(StatefulSet set) =>
        new() { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = set.Metadata.Name!, Uid = set.Metadata.Uid!, Controller = true, BlockOwnerDeletion = true };
}
