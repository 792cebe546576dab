using System.Globalization;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Endpoints;

/// <summary>
/// Since when a service's lists have been out of date: the earliest change of its pods or of itself since they were last looked at. Written
/// beside them, so that it can be measured how long a change takes to arrive.
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
            var created = service.Metadata.CreationTimestamp;
            DateTimeOffset? earliest = before is null || created > before.Created ? created : null;
            foreach (var pod in pods)
            {
                if (pod.Condition("Ready")?.LastTransitionTime is not { } at) continue;
                ready[pod.Name()] = at;
                if (before is not null && (!before.Ready.TryGetValue(pod.Name(), out var last) || at > last) && !(earliest <= at)) earliest = at;
            }
            _known[key] = new(ready, created);
            return earliest;
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

    /// <param name="Ready">When each pod last became ready or unready.</param>
    sealed record Known(Dictionary<string, DateTimeOffset> Ready, DateTimeOffset? Created);
}
