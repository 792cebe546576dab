using System.Globalization;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Endpoints;

/// <summary>
/// Since when a service's lists have been out of date: the earliest change of its pods or of itself that they don't tell yet. Written beside
/// them, so that it can be measured how long a change takes to arrive.
/// </summary>
public sealed class TriggerTimes
{
    public const string Annotation = "endpoints.kubernetes.io/last-change-trigger-time";

    readonly Lock _gate = new();
    readonly Dictionary<ObjectKey, Known> _known = [];

    /// <summary>Takes in what is there now. For a service that is new here, its own age; null when nothing with a time has changed.</summary>
    public DateTimeOffset? Since(Service service, IEnumerable<Pod> pods)
    {
        var key = ObjectKey.Of(service);
        lock (_gate)
        {
            var before = _known.GetValueOrDefault(key);
            var ready = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            var earliest = before?.Pending;
            foreach (var pod in pods)
            {
                if (pod.Condition("Ready")?.LastTransitionTime is not { } at) continue;
                ready[pod.Name()] = at;
                if (before is null || !before.Ready.TryGetValue(pod.Name(), out var last) || at > last) earliest = Earlier(earliest, at);
            }
            var created = service.Metadata.CreationTimestamp;
            if (before is null || created > before.Created) earliest = before is null ? created : Earlier(earliest, created);
            _known[key] = new(ready, created, earliest);
            return earliest;
        }
    }

    /// <summary>What was out of date is written.</summary>
    public void Written(ObjectKey key)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(key, out var known)) _known[key] = known with { Pending = null };
        }
    }

    public void Forget(ObjectKey key)
    {
        lock (_gate) _known.Remove(key);
    }

    /// <summary>The annotations of a list that is written: the time, or none when none is known.</summary>
    public static SortedDictionary<string, string> Noted(IReadOnlyDictionary<string, string> annotations, DateTimeOffset? since)
    {
        var noted = new SortedDictionary<string, string>(annotations.ToDictionary(), StringComparer.Ordinal);
        if (since is { } at) noted[Annotation] = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
        else noted.Remove(Annotation);
        return noted;
    }

    static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;

    /// <param name="Ready">When each pod last became ready or unready.</param>
    sealed record Known(Dictionary<string, DateTimeOffset> Ready, DateTimeOffset? Created, DateTimeOffset? Pending);
}
