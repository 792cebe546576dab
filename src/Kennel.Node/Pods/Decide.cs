namespace Kennel.Node.Pods;

/// <summary>Decides what to do next about one pod. Pure: the same observation gives the same decision.</summary>
public static class Decide
{
    public static PodDecision Pod(Observed o) =>
        Fate.Of(o) is { } fate ? Ending.Steps(o, fate) : o.Facts.FenceSeconds is { } grace ? Fenced.Steps(o, grace) : Starting.Steps(o);
}
