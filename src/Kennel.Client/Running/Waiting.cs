using Kennel.Objects;

namespace Kennel.Client.Running;

/// <summary>Why a key stands still: what it waits for, or what keeps failing.</summary>
/// <param name="Controller">The controller's name.</param>
/// <param name="For">A sentence: <c>web-1 to become Ready: readiness probe failed</c>; null when it only fails.</param>
/// <param name="Problem">The message of the last failed round, or null.</param>
/// <param name="Failures">Failed rounds in a row.</param>
/// <param name="Since">Since when this has been so.</param>
public sealed record Waiting(string Controller, ObjectKey Key, string? For, string? Problem, int Failures, DateTimeOffset Since);

/// <summary>Who waits for what right now, over all controllers of a runner.</summary>
sealed class WaitingTable
{
    readonly Lock _lock = new();
    readonly SortedDictionary<(string Controller, ObjectKey Key), Waiting> _all = new(Comparer<(string Controller, ObjectKey Key)>.Create((a, b) =>
        string.CompareOrdinal(a.Controller, b.Controller) is var c and not 0 ? c : a.Key.CompareTo(b.Key)));

    public void Set(string controller, ObjectKey key, string? waitingFor, string? problem, int failures, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (waitingFor is null && problem is null) { _all.Remove((controller, key)); return; }
            var since = _all.TryGetValue((controller, key), out var before) && before.For == waitingFor && before.Problem == problem ? before.Since : now;
            _all[(controller, key)] = new(controller, key, waitingFor, problem, failures, since);
        }
    }

    public IReadOnlyList<Waiting> All()
    {
        lock (_lock) return [.. _all.Values];
    }
}
