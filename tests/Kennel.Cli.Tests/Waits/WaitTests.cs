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
        foreach (var controller in House.Controllers(new Caches(), Catalog.BuiltIn, new LocalPathOptions("/volumes", new Folders())))
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
    [InlineData("statefulset-controller", "web-1 to become Ready", null, "web-1 to become Ready")]
    [InlineData("statefulset-controller", null, "pods \"web-0\" is forbidden: exceeded quota", "another try: pods \"web-0\" is forbidden: exceeded quota")]
    [InlineData("statefulset-controller", "web-0 to become Ready: it is being created", "no", "web-0 to become Ready: it is being created; the last try failed: no")]
    [InlineData("default-scheduler", "0/3 nodes are available: 3 Insufficient cpu.", null, "a node: 0/3 nodes are available: 3 Insufficient cpu.")]
    [InlineData("default-scheduler", "no nodes available to schedule pods", null, "a node: no nodes available to schedule pods")]
    [InlineData("default-scheduler", "claims to be bound on node vm: www-web-0", null, "claims to be bound on node vm: www-web-0")]
    [InlineData("persistentvolume-controller", "waiting for first consumer to be created before binding", null, "first consumer to be created before binding")]
    [InlineData("persistentvolume-controller", "Waiting for a volume to be created", null, "a volume to be created")]
    [InlineData("persistentvolume-controller", "storageclass.storage.k8s.io \"fast\" not found", null, "a remedy: storageclass.storage.k8s.io \"fast\" not found")]
    public void Whatever_is_said_stands_well_behind_waiting_for(string by, string? what, string? problem, string told) =>
        Wait.Of(new Waiting(by, new("default", "web"), what, problem, 1, World.Now)).For.ShouldBe(told);

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
