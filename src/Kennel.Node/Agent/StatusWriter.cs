using Kennel.Client;
using Kennel.Node.Pods;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>Writes one pod's status: at most one write is under way, and the newest wish is what is written next.</summary>
/// <param name="answered">Takes the pod in as the API answered, or null when a write failed or the pod is gone; then asks anew.</param>
sealed class StatusWriter(ApiEffects api, TimeProvider time, Random random, Action<string> log, Action<Pod?> answered)
{
    static readonly Backoff s_again = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    readonly Lock _lock = new();
    Task _writing = Task.CompletedTask;
    (PodStatus Status, string? Revision)? _last;
    int _failures;

    /// <summary>Completes when no write is under way.</summary>
    public Task Idle { get { lock (_lock) return _writing; } }

    /// <summary>Starts a write when something differs and none is under way; at its end the worker looks again.</summary>
    public void Want(Pod pod, PodStatus next, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_writing.IsCompleted) return;
            // What the API made of our last write is final, whatever it made of it: never write the same again to the same revision.
            if (_last is { } last && last.Revision == pod.Metadata.ResourceVersion && last.Status.Equals(next)) return;
            if (StatusPatch.Make(pod, next) is not { } patch) return;
            _writing = Write(pod, next, patch, cancel);
        }
    }

    async Task Write(Pod pod, PodStatus next, byte[] patch, CancellationToken cancel)
    {
        await Task.Yield(); // the caller holds the lock
        Pod? now = null;
        try
        {
            now = await api.WriteStatus(pod, patch, cancel);
            _failures = 0;
            if (now is null) return;
            lock (_lock) _last = (next, now.Metadata.ResourceVersion);
        }
        catch (ApiUnavailableException away)
        {
            log(away.Message);
            await Task.Delay(s_again.After(_failures++, random), time, cancel);
        }
        finally
        {
            lock (_lock) _writing = Task.CompletedTask;
        }
        answered(now);
    }
}
