using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>Claims that live as long as their pod.</summary>
public sealed class EphemeralTests
{
    [Fact]
    public void Each_ephemeral_volume_gets_a_claim_that_belongs_to_the_pod()
    {
        var claim = Ephemeral.Decide(Pod(), _ => null).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Create>().Object.ShouldBeOfType<PersistentVolumeClaim>();
        claim.Metadata.Name.ShouldBe("web-scratch");
        claim.Metadata.Namespace.ShouldBe("default");
        claim.Metadata.Labels["app"].ShouldBe("web");
        claim.Metadata.Annotations["note"].ShouldBe("x");
        claim.Metadata.OwnerReferences.ShouldHaveSingleItem().ShouldBe(new() { ApiVersion = "v1", Kind = "Pod", Name = "web", Uid = "uid-web", Controller = true, BlockOwnerDeletion = true });
        claim.Spec!.Resources!.Requests["storage"].ShouldBe("1Gi");
    }

    [Fact]
    public void A_claim_that_is_there_stays_and_a_strangers_is_told_of()
    {
        var own = Make.Claim("web-scratch") is var c ? c with { Metadata = c.Metadata with { OwnerReferences = [Kennel.Client.Owners.ControllerReference(Pod())] } } : null!;
        Ephemeral.Decide(Pod(), _ => own).ShouldBe(Decision.Nothing with { Steps = [] });
        var decision = Ephemeral.Decide(Pod(), _ => Make.Claim("web-scratch"));
        var note = decision.Steps.ShouldHaveSingleItem().Done!;
        (note.Reason, note.Message, note.Warning)
            .ShouldBe(("FailedBinding", "ephemeral volume scratch: PVC default/web-scratch was not created for pod default/web (pod is not owner)", true));
        decision.WaitingFor.ShouldBe("claim web-scratch to go: the pod needs this name for its ephemeral volume scratch, and the claim isn't the pod's");
    }

    [Fact]
    public void What_the_API_refuses_is_told_on_the_pod() =>
        Ephemeral.Decide(Pod(), _ => null).Steps[0].Failed!.Message.ShouldBe("ephemeral volume scratch: create PVC web-scratch: {0}");

    [Fact]
    public void A_pod_on_its_way_out_gets_no_claims()
    {
        var pod = Pod();
        Ephemeral.Decide(pod with { Metadata = pod.Metadata with { DeletionTimestamp = Make.Now } }, _ => null).Steps.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_claim_that_is_deleted_under_its_pod_comes_again()
    {
        await using var world = new LiveWorld(c => [new EphemeralVolumes(c)]);
        world.Api.Put(Pod());
        await world.Until<PersistentVolumeClaim>("web-scratch", _ => true);
        var first = world.Api.Get<PersistentVolumeClaim>("default", "web-scratch")!;
        world.Api.Remove(first);
        await world.Until<PersistentVolumeClaim>("web-scratch", c => c.Metadata.Uid != first.Metadata.Uid);
    }

    [Fact]
    [Trait("Behaviour", "SS-1130")]
    public void The_scheduler_says_what_is_missing_or_wrong_about_the_claim()
    {
        Uses.Missing(Pod(), "web-scratch").ShouldBe("waiting for ephemeral volume controller to create the persistentvolumeclaim \"web-scratch\"");
        Uses.Missing(Pod(), "web-other").ShouldBeNull();
        Uses.Objection(Pod(), Make.Claim("web-scratch")).ShouldBe("PVC default/web-scratch was not created for pod default/web (pod is not owner)");
    }

    [Fact]
    public async Task A_pod_with_an_ephemeral_volume_is_scheduled_once_its_claim_is_there_and_bound()
    {
        await using var world = new LiveWorld(
            c =>
            [
                new EphemeralVolumes(c), new ClaimBinder(c), new VolumeBinder(c, new NoDirectories()), new Kennel.Controllers.Scheduling.Scheduler(c),
                new Kennel.Controllers.Volumes.LocalPath.Provisioner(c, new("/vols", new NoDirectories())),
            ],
            api =>
            {
                api.Put(Make.Node("n1"));
                api.Put(Make.Class("std", isDefault: true));
            });
        world.Api.Put(Pod());
        await world.Until<Pod>("web", p => p.Spec!.NodeName == "n1");
        world.Api.Get<PersistentVolumeClaim>("default", "web-scratch")!.Phase.ShouldBe("Bound");
    }

    static Pod Pod() => Make.Pod("web") is var pod
        ? pod with
        {
            Spec = pod.Spec! with
            {
                Volumes =
                [
                    new()
                    {
                        Name = "scratch",
                        Ephemeral = new()
                        {
                            VolumeClaimTemplate = new()
                            {
                                Metadata = new() { Labels = Make.Map(("app", "web")), Annotations = Make.Map(("note", "x")) },
                                Spec = new() { AccessModes = ["ReadWriteOnce"], Resources = new() { Requests = Make.Map(("storage", "1Gi")) } },
                            },
                        },
                    },
                    new() { Name = "other", EmptyDir = new() },
                ],
            },
        }
        : null!;
}
