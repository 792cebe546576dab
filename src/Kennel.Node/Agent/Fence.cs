using Kennel.Client;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>Has done what <see cref="Fencing"/> decides.</summary>
sealed class Fence(Shared shared, Heartbeat heartbeat, Func<IReadOnlyList<PodWorker>> workers)
{
    long? _posted;

    /// <summary>Pods that come now don't start.</summary>
    public bool Closed { get; private set; }

    public async Task Run(CancellationToken cancel)
    {
        if (!shared.Options.Fencing) return;
        while (true)
        {
            var decision = Fencing.Decide(new(Since(heartbeat.Renewed), Closed, Since(_posted), shared.Options.Lease));
            try { await Do(decision.Step, cancel); }
            catch (ApiUnavailableException away) { shared.Parts.Log($"node {shared.Options.Node}: {away.Message}"); }
            // Delays are cut to whole milliseconds: rounded up, so that the look comes at or after the time, and never without a pause.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(decision.Look.TotalMilliseconds))), shared.Parts.Time, cancel);
        }
    }

    TimeSpan? Since(long? timestamp) => timestamp is { } then ? shared.Parts.Time.GetElapsedTime(then) : null;

    async ValueTask Do(FenceStep step, CancellationToken cancel)
    {
        switch (step)
        {
            case FenceStep.Stop:
                Stop();
                break;
            case FenceStep.Post:
                if (await heartbeat.Post(cancel)) _posted = shared.Parts.Time.GetTimestamp();
                break;
            case FenceStep.Release:
                await Release(cancel);
                break;
        }
    }

    void Stop()
    {
        (Closed, _posted) = (true, null);
        foreach (var worker in workers())
        {
            if (worker.Pod is not { } pod || !Fencing.Applies(pod)) continue;
            shared.Parts.Log($"node {shared.Options.Node}: the lease has run out: pod {worker.Identity.Namespace}/{worker.Identity.Name} is stopped");
            worker.Fence(Fencing.GraceSeconds);
        }
    }

    /// <summary>What the node remembers may be old: another pod of the same name may run elsewhere by now.</summary>
    async ValueTask Release(CancellationToken cancel)
    {
        Closed = false;
        try
        {
            foreach (var worker in workers())
            {
                if (!worker.Fenced) continue;
                var answer = await shared.Parts.Api.Send(new("GET", Pod.Resource.Path(worker.Identity.Namespace, worker.Identity.Name)), cancel);
                var pod = answer.Succeeded ? Json.Read<Pod>(answer.Body.Span) : null;
                if (pod is null && answer.Status != 404) throw new ApiUnavailableException($"pod {worker.Identity.Name} could not be read: status {answer.Status}");
                if (pod?.Metadata.Uid != worker.Identity.Uid) worker.Lost(null);
                else worker.Want(pod);
                worker.Release();
            }
        }
        catch (ApiUnavailableException)
        {
            Closed = true; // the rest is asked again
            throw;
        }
    }
}
