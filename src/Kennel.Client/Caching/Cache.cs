using Kennel.Objects;

namespace Kennel.Client.Caching;

/// <summary>A cache as those see it who don't care about its kind: the runner that waits for its own writes.</summary>
public abstract class Cache
{
    public abstract ResourceId Resource { get; }

    /// <summary>The first list has arrived.</summary>
    public abstract bool Synced { get; }

    /// <summary>The revision that the cache has reached: every change up to it is visible.</summary>
    public abstract long Revision { get; }

    /// <summary>What is cached under a key, or null.</summary>
    public abstract IObject? Find(ObjectKey key);

    /// <summary>Completes when the first list has arrived.</summary>
    public abstract Task WhenSynced(CancellationToken cancel);

    /// <summary>
    /// Called in order after each advance, on the thread that feeds the cache: with the key of the object that changed, or with null when
    /// only the revision moved or everything was listed again.
    /// </summary>
    public abstract void OnAdvance(Action<ObjectKey?> advanced);

    /// <summary>A resourceVersion as a number; 0 when it is absent or none of ours.</summary>
    public static long RevisionOf(string? resourceVersion) =>
        long.TryParse(resourceVersion, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var revision) ? revision : 0;
}
