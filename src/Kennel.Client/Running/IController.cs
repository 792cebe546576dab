using System.Collections.Immutable;
using Kennel.Objects;

namespace Kennel.Client.Running;

/// <summary>One loop: which changes concern which keys, and what to do about a key.</summary>
public interface IController
{
    /// <summary>As it appears in the <c>source</c> of events, in logs and metrics: <c>statefulset-controller</c>.</summary>
    string Name { get; }

    /// <summary>Called once: names what is watched and maps each change to the keys that it concerns.</summary>
    void Watch(ITriggers triggers);

    /// <summary>
    /// Builds an <c>Observed</c> from the caches and decides. Synchronous, no I/O: reads the caches it was made with, nothing else.
    /// </summary>
    Decision Reconcile(ObjectKey key, Moment moment);

    /// <summary>Keys that wait are taken in the order of their urgency, the highest first; equals in the order of their coming. Quick, any thread.</summary>
    long Urgency(ObjectKey key) => 0;
}

/// <summary>The time and chance that a decision may use.</summary>
/// <param name="Attempt">How often this key has failed in a row; 0 on a fresh try.</param>
/// <param name="Problem">The API's message of the last try, when it failed for another reason than a lost race or a namespace on its way out.</param>
/// <param name="Setbacks">The lanes of the key that went wrong lately, by name; null when there are none.</param>
public readonly record struct Moment(
    DateTimeOffset Now, Random Random, int Attempt = 0, string? Problem = null, ImmutableSortedDictionary<string, Setback>? Setbacks = null);

/// <summary>Where a controller says what it watches.</summary>
public interface ITriggers
{
    /// <summary>
    /// For every change of a <typeparamref name="T"/>: the keys to look at. <paramref name="keys"/> sees the object before and after
    /// (null before a create, null after a delete).
    /// </summary>
    void On<T>(Func<T?, T?, IEnumerable<ObjectKey>> keys) where T : class, IObject<T>;
}
