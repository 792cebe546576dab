using Kennel.Objects;

namespace Kennel.Client.Caching;

/// <summary>The caches of one program. A kind's cache is made when first asked for and fed from then on, once <see cref="Run"/> has been called.</summary>
public sealed class Caches : ICaches
{
    readonly Lock _lock = new();
    readonly Dictionary<Type, Cache> _all = [];
    readonly List<Action> _waiting = [];
    readonly List<Task> _feeding = [];
    Source? _feed;

    public ICache<T> Of<T>() where T : class, IObject<T> => Cache<T>();

    /// <summary>As <see cref="Of"/>, with the sides that subscribers and feeders see.</summary>
    public Cache<T> Cache<T>() where T : class, IObject<T>
    {
        lock (_lock)
        {
            if (_all.TryGetValue(typeof(T), out var found)) return (Cache<T>)found;
            var cache = new Cache<T>();
            _all.Add(typeof(T), cache);
            if (_feed is null) _waiting.Add(() => Start(cache));
            else Start(cache);
            return cache;
        }
    }

    /// <summary>The cache of a kind if somebody asked for it.</summary>
    public Cache? Find(ResourceId resource)
    {
        lock (_lock) return _all.Values.FirstOrDefault(c => c.Resource.Group == resource.Group && c.Resource.Plural == resource.Plural);
    }

    /// <summary>Completes when every kind that was asked for so far has been listed.</summary>
    public async Task WhenSynced(CancellationToken cancel)
    {
        Cache[] all;
        lock (_lock) all = [.. _all.Values];
        foreach (var cache in all) await cache.WhenSynced(cancel);
    }

    /// <summary>Feeds the caches from an API until cancelled. Called once.</summary>
    public async Task Run(IApi api, TimeProvider time, Random random, Action<string> log, CancellationToken cancel)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var _ = cancel.Register(() => stopped.TrySetResult());
        lock (_lock)
        {
            if (_feed is not null) throw new InvalidOperationException("the caches are fed already");
            _feed = new(api, time, random, log, cancel);
            foreach (var start in _waiting) start();
            _waiting.Clear();
        }
        await stopped.Task;
        Task[] all;
        lock (_lock) all = [.. _feeding];
        await Task.WhenAll(all);
    }

    /// <summary>Feeds one cache of one's own with a selection until cancelled.</summary>
    /// <param name="selector">Query without <c>?</c>: <c>fieldSelector=spec.nodeName%3Dnode-1</c>.</param>
    public static Task Feed<T>(Cache<T> cache, IApi api, string selector, TimeProvider time, Random random, Action<string> log, CancellationToken cancel) where T : class, IObject<T> =>
        Begin(new Reflector<T>(cache, api, time, random, log, selector), cancel);

    void Start<T>(Cache<T> cache) where T : class, IObject<T>
    {
        var (api, time, random, log, cancel) = _feed!;
        _feeding.Add(Begin(new Reflector<T>(cache, api, time, new Random(random.Next()), log), cancel));
    }

    static async Task Begin<T>(Reflector<T> reflector, CancellationToken cancel) where T : class, IObject<T>
    {
        await Task.Yield(); // the caller holds the lock: feeding goes on elsewhere
        await reflector.Run(cancel);
    }

    sealed record Source(IApi Api, TimeProvider Time, Random Random, Action<string> Log, CancellationToken Cancel);
}
