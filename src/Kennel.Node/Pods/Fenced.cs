namespace Kennel.Node.Pods;

/// <summary>The node has lost its lease: the pod's processes end, all at once, and nothing starts. Everything else stays as it is.</summary>
static class Fenced
{
    public static PodDecision Steps(Observed o, long graceSeconds)
    {
        var plan = new Plan(o);
        if (o.Facts.Busy is { MayBeAbandoned: true } work) plan.Add(new PodStep.Abandon(work.Kind));
        foreach (var c in o.Live()) plan.Stop(c, Math.Min(graceSeconds, o.Spec.TerminationGracePeriodSeconds ?? graceSeconds), $"Stopping container {c.Name}: the node has lost its lease");
        plan.Wait("the node to reach the API server: its lease has run out, and the pod may be started elsewhere");
        return plan.Done;
    }
}
