using FsCheck;
using FsCheck.Fluent;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Controllers.StatefulSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.StatefulSets;

/// <summary>What a set promises, whatever users, nodes and the clock do. Every step of the controller is looked at before it is applied.</summary>
public sealed class PromisesTests
{
    /// <param name="Kind">What happens, see <see cref="Happen"/>.</param>
    public sealed record Happening(int Kind, int Amount);

    static readonly Arbitrary<List<Happening>> Histories =
        (from kind in Gen.Choose(0, 14) from amount in Gen.Choose(0, 5) select new Happening(kind, amount)).ListOf().Select(l => l.ToList()).ToArbitrary();

    [Theory, Trait("Behaviour", "SS-243")]
    [InlineData(false)]
    [InlineData(true)]
    public void The_promises_hold_after_every_step_and_in_the_end_everything_runs(bool parallel) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(80), Prop.ForAll(Histories, history => Live(parallel, history)));

    static void Live(bool parallel, List<Happening> history)
    {
        var w = new SetWorld(Sets.Web(3, parallel, claims: true).With(s => s with { MinReadySeconds = history.Count % 2 * 5 }));
        w.World.Refuse = step =>
        {
            Look(w, step, parallel);
            return null;
        };
        foreach (var happening in history) Happen(w, happening);
        End(w);
    }

    static void Happen(SetWorld w, Happening h)
    {
        var pod = w.World.Pods.ElementAtOrDefault(h.Amount)?.Metadata.Name;
        switch (h.Kind)
        {
            case 0: w.World.Run(pod ?? ""); break;
            case 1: w.World.Run(pod ?? "", ready: false); break;
            case 2: w.World.Fail(pod ?? "", h.Amount % 2 == 0 ? "Failed" : "Succeeded"); break;
            case 3: w.World.Stop(pod ?? ""); break;
            case 4: w.World.DeletePod(pod ?? ""); break;
            case 5: w.Scale(h.Amount); break;
            case 6: w.Image($"image-{h.Amount % 3}"); break;
            case 7: w.Change(s => s with { UpdateStrategy = s.UpdateStrategy! with { RollingUpdate = new() { Partition = h.Amount % 4 } } }); break;
            case 8: w.Change(s => s with { Ordinals = new() { Start = h.Amount % 3 } }); break;
            case 9: w.World.Now = w.World.Now.AddSeconds(h.Amount); break;
            default: w.Round(); break;
        }
    }

    static void Look(SetWorld w, Step step, bool parallel)
    {
        switch (step)
        {
            case Step.Create { Object: Pod pod }:
                w.World.Pod(pod.Name()).ShouldBeNull("a pod is only made where none of its name is");
                w.Claims.ShouldContain($"data-{pod.Name()}", "a pod has its claim before it is made");
                if (!parallel) foreach (var below in InRange(w).Where(o => o < Ordinal(w, pod))) Healthy(w, below).ShouldBeTrue($"{pod.Name()} comes when web-{below} is well");
                break;
            case Step.Delete { Resource.Kind: "Pod" } delete:
                LookAtDeletion(w, w.World.Pod(delete.Key.Name)!, parallel);
                break;
            case Step.Delete { Resource.Kind: "PersistentVolumeClaim" }:
                throw new InvalidOperationException("a claim is never deleted");
        }
    }

    static void LookAtDeletion(SetWorld w, Pod pod, bool parallel)
    {
        var ordinal = Ordinal(w, pod);
        if (InRange(w).Contains(ordinal))
        {
            if (pod.IsFinished()) return;
            pod.Label(Identity.RevisionLabel).ShouldNotBe(Newest(w), "a pod that is up to date stays");
            foreach (var above in InRange(w).Where(o => o > ordinal))
            {
                Healthy(w, above).ShouldBeTrue($"web-{above} is well before {pod.Name()} is updated");
                w.World.Pod($"web-{above}")!.Label(Identity.RevisionLabel).ShouldBe(Newest(w), "updates go from the highest down");
            }
        }
        if (parallel) return;
        var condemned = w.World.Pods.Select(p => Ordinal(w, p)).Where(o => !InRange(w).Contains(o)).ToList();
        if (!pod.IsFinished()) foreach (var other in InRange(w).Where(o => o != ordinal)) Healthy(w, other).ShouldBeTrue($"{pod.Name()} goes only when web-{other} is well");
        if (condemned.Contains(ordinal)) condemned.Max().ShouldBe(ordinal, "scaling down goes from the highest down, one after another");
        else if (!pod.IsFinished()) condemned.ShouldBeEmpty("scaling comes before updating");
    }

    /// <summary>Once nothing disturbs it any more, the set has all its pods, at the revisions that the partition wants.</summary>
    static void End(SetWorld w)
    {
        for (var i = 0; i < 100; i++)
        {
            w.World.Now = w.World.Now.AddSeconds(10);
            var acted = w.Settle().Length > 0;
            foreach (var pod in w.World.Pods.ToList())
            {
                if (pod.IsTerminating()) w.World.Stop(pod.Name());
                // Upstream's trap, kept: finished pods out of range that wait for a finished one below them are waited on for ever (SS-219).
                else if (pod.IsFinished() && !InRange(w).Contains(Ordinal(w, pod))) w.World.DeletePod(pod.Name());
                else if (!pod.IsRunningAndReady() && !pod.IsFinished()) w.World.Run(pod.Name());
                else continue;
                acted = true;
            }
            if (!acted) break;
        }
        w.World.Pods.Select(p => Ordinal(w, p)).ShouldBe(InRange(w), ignoreOrder: true, $"it waits for {w.World.WaitingFor}, its pods are {string.Join(", ", w.World.Pods.Select(p => $"{p.Name()} {p.Status?.Phase} {p.Metadata.DeletionTimestamp}"))}, its revisions {string.Join(", ", w.Revisions)}, and last was {string.Join("; ", w.Events)}");
        var partition = w.Set.Spec!.UpdateStrategy!.RollingUpdate!.Partition ?? 0;
        foreach (var pod in w.World.Pods.Where(p => Ordinal(w, p) - Identity.Start(w.Set) >= partition)) pod.Label(Identity.RevisionLabel).ShouldBe(w.Status.UpdateRevision);
        w.Status.Replicas.ShouldBe(w.Set.Spec.Replicas!.Value);
        w.World.WaitingFor.ShouldBeNull();
    }

    /// <summary>The revision of the set as it is; its status may lag.</summary>
    static string Newest(SetWorld w) => w.Revisions.Last().Split(' ')[0];

    static int Ordinal(SetWorld w, Pod pod) => Identity.Ordinal(w.Set, pod);

    static List<int> InRange(SetWorld w) => [.. Enumerable.Range(Identity.Start(w.Set), w.Set.Spec!.Replicas ?? 1)];

    static bool Healthy(SetWorld w, int ordinal) =>
        w.World.Pod($"web-{ordinal}") is { } pod && !pod.IsTerminating() && pod.IsRunningAndReady() && pod.IsAvailable(w.Set.Spec!.MinReadySeconds ?? 0, w.World.Now);
}
