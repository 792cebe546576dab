using Kennel.Client.Caching;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Client.Tests;

public sealed class CacheTests
{
    static Pod Pod(string name, int revision, string space = "a", string? owner = null, string label = "") => new()
    {
        Metadata = new()
        {
            Name = name,
            Namespace = space,
            Uid = "u-" + name,
            ResourceVersion = revision.ToString(),
            Labels = new Dictionary<string, string> { ["app"] = label },
            OwnerReferences = owner is null ? [] : [new OwnerReference { Uid = owner, Controller = true }],
        },
    };

    static IEnumerable<string?> Names(IEnumerable<Pod> pods) => pods.Select(p => p.Metadata.Namespace + "/" + p.Metadata.Name);

    [Fact]
    public void Reads_come_in_key_order_within_and_across_namespaces()
    {
        var cache = new Cache<Pod>();
        foreach (var p in new[] { Pod("b", 1, "z"), Pod("a-10", 2), Pod("a-2", 3), Pod("A", 4) }) cache.Put(p);
        Names(cache.All()).ShouldBe(["a/A", "a/a-10", "a/a-2", "z/b"]);
        Names(cache.In("a")).ShouldBe(["a/A", "a/a-10", "a/a-2"]);
        cache.In("none").ShouldBeEmpty();
        cache.Get(new("z", "b")).ShouldNotBeNull();
        cache.Get(new("z", "c")).ShouldBeNull();
        cache.Revision.ShouldBe(4);
    }

    [Fact]
    public void An_object_is_found_by_its_controller_and_without_one_among_the_orphans()
    {
        var cache = new Cache<Pod>();
        cache.Put(Pod("one", 1, owner: "set"));
        cache.Put(Pod("two", 2));
        cache.Put(Pod("three", 3, "b"));
        Names(cache.ControlledBy("set")).ShouldBe(["a/one"]);
        Names(cache.OrphansIn("a")).ShouldBe(["a/two"]);
        Names(cache.ControlledBy("")).ShouldBe(["a/two", "b/three"]);

        cache.Put(Pod("one", 4));
        cache.ControlledBy("set").ShouldBeEmpty();
        Names(cache.OrphansIn("a")).ShouldBe(["a/one", "a/two"]);

        cache.Remove(Pod("one", 5));
        Names(cache.OrphansIn("a")).ShouldBe(["a/two"]);
        cache.Revision.ShouldBe(5);
    }

    [Fact]
    public void Another_object_under_the_same_name_is_told_as_one_that_went_and_one_that_came()
    {
        var cache = new Cache<Pod>();
        List<string> told = [];
        cache.Subscribe((before, after) => told.Add($"{before?.Metadata.Uid} {after?.Metadata.Uid}"));
        cache.Put(Pod("one", 1));
        var again = Pod("one", 3) is var p ? p with { Metadata = p.Metadata with { Uid = "another" } } : null!;
        cache.Replace([again], 4);
        told.ShouldBe([" u-one", "u-one ", " another"]);
    }

    [Fact]
    public void A_named_index_follows_changes_and_covers_what_was_there_before_it()
    {
        var cache = new Cache<Pod>();
        cache.Put(Pod("one", 1, label: "x"));
        cache.Index("app", p => [p.Metadata.Labels["app"]]);
        cache.Index("app", _ => throw new InvalidOperationException("adding it again changes nothing"));
        cache.Put(Pod("two", 2, label: "x"));
        Names(cache.ByIndex("app", "x")).ShouldBe(["a/one", "a/two"]);
        cache.Put(Pod("one", 3, label: "y"));
        Names(cache.ByIndex("app", "x")).ShouldBe(["a/two"]);
        cache.Replace([Pod("nine", 9, label: "x")], 10);
        Names(cache.ByIndex("app", "x")).ShouldBe(["a/nine"]);
        cache.ByIndex("app", "y").ShouldBeEmpty();
    }

    [Fact]
    public void Subscribers_see_before_and_after_and_find_the_change_in_the_cache()
    {
        var cache = new Cache<Pod>();
        List<string> seen = [];
        cache.Subscribe((old, now) =>
        {
            seen.Add($"{old?.Metadata.ResourceVersion ?? "-"} to {now?.Metadata.ResourceVersion ?? "-"}");
            var key = ObjectKey.Of((IObject?)now ?? old!);
            cache.Get(key).ShouldBe(now);
        });
        cache.Put(Pod("p", 1));
        cache.Put(Pod("p", 2));
        cache.Replace([Pod("p", 2), Pod("q", 3)], 4);
        cache.Replace([Pod("q", 5)], 6);
        cache.Remove(Pod("q", 7));
        cache.Remove(Pod("q", 8));
        seen.ShouldBe(["- to 1", "1 to 2", "- to 3", "2 to -", "3 to 5", "5 to -"]);
    }

    [Fact]
    public void A_reader_keeps_the_moment_it_began_with()
    {
        var cache = new Cache<Pod>();
        for (var i = 0; i < 100; i++) cache.Put(Pod($"p{i:00}", i + 1));
        var count = 0;
        foreach (var p in cache.All())
        {
            cache.Remove(p);
            count++;
        }
        count.ShouldBe(100);
        cache.All().ShouldBeEmpty();
    }

    [Fact]
    public void A_bookmark_moves_the_revision_and_never_back()
    {
        var cache = new Cache<Pod>();
        cache.Reach(7);
        cache.Reach(3);
        cache.Revision.ShouldBe(7);
        cache.Put(Pod("late", 5));
        cache.Revision.ShouldBe(7);
    }
}
