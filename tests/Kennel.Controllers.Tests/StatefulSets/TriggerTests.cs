using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Controllers.StatefulSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Tests.StatefulSets;

/// <summary>Which changes wake which sets; there are the sets <c>web</c> and <c>db</c> with the same selector.</summary>
public sealed class TriggerTests : ITriggers
{
    readonly Caches _caches = new();
    readonly List<string> _woken = [];

    public TriggerTests()
    {
        new StatefulSetController(_caches).Watch(this);
        foreach (var name in new[] { "web", "db" }) _caches.Cache<StatefulSet>().Put(Sets.Web(claims: true) with { Metadata = new() { Name = name, Namespace = "default", Uid = "uid-" + name } });
        _woken.Clear();
    }

    void ITriggers.On<T>(Func<T?, T?, IEnumerable<ObjectKey>> keys) where T : class =>
        _caches.Cache<T>().Subscribe((old, now) => _woken.AddRange(keys(old, now).Select(k => k.Name)));

    static Pod Pod(string name, string? set, string app = "web") => new()
    {
        Metadata = new()
        {
            Name = name,
            Namespace = "default",
            Labels = Make.Map(("app", app)),
            OwnerReferences = set is null ? [] : [new OwnerReference { Kind = "StatefulSet", Name = set, Uid = "uid-" + set, Controller = true }],
        },
    };

    string Woken()
    {
        var woken = string.Join(",", _woken);
        _woken.Clear();
        return woken;
    }

    [Fact, Trait("Behaviour", "SS-241")]
    public void A_pod_wakes_the_set_that_controls_it_and_the_one_that_did()
    {
        _caches.Cache<Pod>().Put(Pod("web-0", "web"));
        Woken().ShouldBe("web");
        _caches.Cache<Pod>().Put(Pod("web-0", "db"));
        Woken().ShouldBe("web,db");
        _caches.Cache<Pod>().Remove(Pod("web-0", "db"));
        Woken().ShouldBe("db,web", "whose name has become free");
    }

    [Fact, Trait("Behaviour", "SS-241"), Trait("Behaviour", "SS-234")]
    public void An_orphan_wakes_the_set_that_could_take_it_when_it_comes_or_its_labels_change()
    {
        _caches.Cache<Pod>().Put(Pod("web-0", null));
        Woken().ShouldBe("web");
        _caches.Cache<Pod>().Put(Pod("web-0", null) with { Spec = new() { NodeName = "n" } });
        Woken().ShouldBe("");
        _caches.Cache<Pod>().Put(Pod("web-0", null, "other"));
        Woken().ShouldBe("");
        _caches.Cache<Pod>().Put(Pod("web-0", null));
        Woken().ShouldBe("web");
        _caches.Cache<Pod>().Put(Pod("lonely-0", null));
        Woken().ShouldBe("");
    }

    [Fact, Trait("Behaviour", "SS-227")]
    public void The_end_of_a_squatter_wakes_the_set_whose_name_it_had()
    {
        _caches.Cache<Pod>().Put(Pod("web-0", null, "other"));
        Woken();
        _caches.Cache<Pod>().Remove(Pod("web-0", null, "other"));
        Woken().ShouldBe("web");
    }

    [Theory, Trait("Behaviour", "SS-505"), Trait("Behaviour", "SS-519")]
    [InlineData("data-web-0", "web")]
    [InlineData("data-db-17", "db")]
    [InlineData("data-other-0", "")]
    [InlineData("log-web-0", "")]
    [InlineData("data-web", "")]
    public void A_claim_that_goes_wakes_the_set_that_it_is_named_after(string claim, string woken)
    {
        _caches.Cache<PersistentVolumeClaim>().Put(Make.Claim(claim));
        Woken().ShouldBe("");
        _caches.Cache<PersistentVolumeClaim>().Remove(Make.Claim(claim));
        Woken().ShouldBe(woken);
    }
}
