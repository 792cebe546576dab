using System.Collections.Immutable;
using Kennel.Objects;

namespace Kennel.Client.Running;

/// <summary>The setbacks of the lanes of one controller's keys. A key is worked on by one worker at a time, so are its lanes.</summary>
sealed class Lanes
{
    readonly Lock _lock = new();
    readonly Dictionary<ObjectKey, ImmutableSortedDictionary<string, Setback>> _all = [];

    /// <summary>The setbacks of a key, or null.</summary>
    public ImmutableSortedDictionary<string, Setback>? Of(ObjectKey key)
    {
        lock (_lock) return _all.GetValueOrDefault(key);
    }

    /// <summary>Keeps what a round has left of a key's setbacks.</summary>
    public void Keep(ObjectKey key, ImmutableSortedDictionary<string, Setback> setbacks)
    {
        lock (_lock)
        {
            if (setbacks.IsEmpty) _all.Remove(key);
            else _all[key] = setbacks;
        }
    }
}
