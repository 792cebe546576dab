using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.StatefulSets;

/// <summary>Takes in matching pods and revisions without a controller, and lets go of pods of ours that match no more.</summary>
static class Adoption
{
    public static ImmutableArray<Step> Steps(Observed o, Places places)
    {
        var set = o.Set;
        var steps = ImmutableArray.CreateBuilder<Step>();
        foreach (var stranger in places.Strangers) steps.Add(Claiming.Release(set, stranger.Pod));
        var released = steps.Count;
        foreach (var pod in o.Orphans)
            if (Member.Of(pod) is { IsTerminating: false } orphan && orphan.To(set).Matches) steps.Add(Claiming.Adopt(set, pod));
        foreach (var revision in o.Revisions)
            if (revision.Metadata.Controller() is null && set.Spec!.Selector.Matches(revision.Metadata.Labels)) steps.Add(Claiming.Adopt(set, revision));
        if (steps.Count > released) steps.Insert(released, Claiming.Guard(set));
        return steps.DrainToImmutable();
    }
}
