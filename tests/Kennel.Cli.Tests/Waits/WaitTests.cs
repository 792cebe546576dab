using Kennel.Cli.Waits;
using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Node.Agent;
using Kennel.Objects;
using Kennel.Objects.Schemas;

namespace Kennel.Cli.Tests.Waits;

/// <summary>Where a wait comes from, what it is about, and how it is said.</summary>
public sealed class WaitTests
{
    [Fact]
    public void Every_controller_of_the_house_has_a_kind_that_its_keys_are_of()
    {
        foreach (var controller in House.Controllers(new Caches(), Catalog.BuiltIn, new LocalPathOptions("/volumes", new Folders()), new AccessOptions("", (_, _) => "", (_, _, _) => "")))
            foreach (var space in new[] { "", "default" })
                Catalog.BuiltIn.All.ShouldContain(t => t.Plural == Subjects.Of(controller.Name, new(space, "web")), controller.Name);
    }

    [Fact]
    public void The_binder_looks_after_claims_and_volumes()
    {
        Subjects.Of("persistentvolume-controller", new("default", "www-web-0")).ShouldBe("persistentvolumeclaims");
        Subjects.Of("persistentvolume-controller", new("", "v0")).ShouldBe("persistentvolumes");
    }

    [Theory]
    [InlineData("web-1 to become Ready", null, "web-1 to become Ready")]
    [InlineData(null, "pods \"web-0\" is forbidden: exceeded quota", "another try: pods \"web-0\" is forbidden: exceeded quota")]
    [InlineData("web-0 to become Ready: it is being created", "no", "web-0 to become Ready: it is being created; the last try failed: no")]
    public void What_failed_is_told_with_what_is_waited_for(string? what, string? problem, string told) =>
        Wait.Of(new Waiting("statefulset-controller", new("default", "web"), what, problem, 1, World.Now)).For.ShouldBe(told);

    [Fact]
    public void A_set_that_waits_for_a_pod_says_how_its_probe_fails()
    {
        var set = World.Wait("statefulset-controller", "statefulsets", "web", "web-1 to become Ready: container nginx is running but not ready");
        PodWaiting[] pods = [Probing("web-10", "exit 10"), Probing("web-1", "exit 1")];
        Deeper.Of([set], pods).Single().For.ShouldBe("web-1 to become Ready: container nginx is running but not ready: readiness probe failed, exit 1");
        Deeper.Of([set], [Probing("web-2", "exit 2")]).Single().ShouldBe(set);
    }

    static PodWaiting Probing(string pod, string why) => new("vm", new("default", pod), $"container nginx to pass its readiness probe: readiness probe failed, {why}", World.Now, null);

    [Fact]
    public void A_set_is_told_of_by_an_event_once_when_it_has_waited_a_while()
    {
        Wait At(int seconds) => World.Wait("statefulset-controller", "statefulsets", "web", "web-1 to become Ready", seconds);
        var nobody = System.Collections.Immutable.ImmutableSortedDictionary<ObjectKey, DateTimeOffset>.Empty;
        LongWaits.Due([At(9), World.Wait("node vm", "pods", "web-1", "its volumes", 60)], nobody, World.Now).Due.ShouldBeEmpty();
        var (due, told) = LongWaits.Due([At(10)], nobody, World.Now);
        due.ShouldBe([At(10)]);
        LongWaits.Due([At(10)], told, World.Now.AddMinutes(5)).Due.ShouldBeEmpty();
        LongWaits.Due([At(0)], told, World.Now.AddSeconds(12)).Due.ShouldBe([At(0)]); // something else by now
        LongWaits.Due([], told, World.Now).Told.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_served_is_read_back_as_it_was()
    {
        Wait[] waits = [World.Wait("a", "pods", "web-0", "\"x\" can't be pulled", retryIn: 5, failures: 2), Wait.Of(new PodWaiting("vm", new("default", "web-1"), "its volumes", World.Now, null))];
        WaitingDocument.Read(WaitingDocument.Of(waits)).ShouldBe(waits);
    }

    [Theory]
    [InlineData("sts/web", "statefulsets")]
    [InlineData("statefulset/web", "statefulsets")]
    [InlineData("StatefulSets.apps/web", "statefulsets")]
    [InlineData("deploy web", "deployments")]
    [InlineData("po/web", "pods")]
    [InlineData("pvc/web", "persistentvolumeclaims")]
    [InlineData("pv/web", "persistentvolumes")]
    [InlineData("node/web", "nodes")]
    public void An_object_is_named_as_kubectl_names_it(string words, string plural)
    {
        var name = ObjectName.Parse([.. words.Split(' ')], Catalog.BuiltIn);
        (name.Type.Plural, name.Name).ShouldBe((plural, "web"));
    }

    [Theory]
    [InlineData("web", "web names no object: write KIND/NAME, for example sts/web")]
    [InlineData("sts/", "sts/ names no object: write KIND/NAME, for example sts/web")]
    [InlineData("cat/web", "the server doesn't have a resource type \"cat\"")]
    public void What_names_no_object_is_told(string word, string complaint) =>
        Should.Throw<Complaint>(() => ObjectName.Parse([word], Catalog.BuiltIn)).Message.ShouldBe(complaint);
}
