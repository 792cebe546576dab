using Kennel.Objects;

namespace Kennel.Client;

/// <summary>The caches of one program: one a kind, made when first asked for, all fed by list and watch.</summary>
public interface ICaches
{
    ICache<T> Of<T>() where T : class, IObject<T>;
}

/// <summary>What the API last told of one kind. Reads are lock-free and see whole changes only.</summary>
public interface ICache<T> where T : class, IObject<T>
{
    /// <summary>The first list has arrived.</summary>
    bool Synced { get; }

    /// <summary>The revision that the cache has reached.</summary>
    long Revision { get; }

    T? Get(ObjectKey key);

    /// <summary>All of them, in key order.</summary>
    IEnumerable<T> All();

    /// <summary>Those of a namespace, in name order.</summary>
    IEnumerable<T> In(string space);

    /// <summary>Those whose controlling owner reference has this uid, in name order; the empty uid finds those without a controller (see <see cref="OrphansIn"/>).</summary>
    IEnumerable<T> ControlledBy(string uid);

    /// <summary>Those of a namespace without a controlling owner, in name order.</summary>
    IEnumerable<T> OrphansIn(string space);

    /// <summary>
    /// Adds an index under a name before the cache starts; <paramref name="keys"/> gives the values that an object is found by.
    /// Adding the same name again is fine.
    /// </summary>
    void Index(string name, Func<T, IEnumerable<string>> keys);

    /// <summary>Those that an index finds by a value, in key order.</summary>
    IEnumerable<T> ByIndex(string name, string value);
}
