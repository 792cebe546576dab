using System.Collections.Immutable;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Pods;

/// <summary>Collects the steps of one decision.</summary>
sealed class Plan(Observed o)
{
    readonly ImmutableArray<PodStep>.Builder _steps = ImmutableArray.CreateBuilder<PodStep>();
    string? _waitingFor;
    DateTimeOffset? _at, _retryAt;

    public PodDecision Done => new(_steps.ToImmutable(), _waitingFor, _at, _retryAt);

    public PodDecision And(PodStep step)
    {
        _steps.Add(step);
        return Done;
    }

    public PodDecision Waiting(string what, DateTimeOffset? at = null)
    {
        Wait(what, at);
        return Done;
    }

    public void Add(PodStep step) => _steps.Add(step);

    /// <summary>The first thing that is waited on is the one that is told; the earliest time counts.</summary>
    public void Wait(string what, DateTimeOffset? at = null)
    {
        if (_waitingFor is null) (_waitingFor, _retryAt) = (what, at);
        LookAt(at);
    }

    public void LookAt(DateTimeOffset? at)
    {
        if (at is { } time && (_at is null || time < _at)) _at = time;
    }

    /// <summary>Stops a container unless a stop at least as quick is under way.</summary>
    public void Stop(RuntimeContainer c, long grace, string why)
    {
        if (o.Facts.Stopping.GetValueOrDefault(c.Id) is { } stopping && stopping.GraceSeconds <= grace && !(stopping.RetryAt <= o.Now)) LookAt(stopping.RetryAt);
        else Add(new PodStep.StopContainer(c.Id, c.Name, grace, why));
        Wait($"container {c.Name} to stop");
    }
}
