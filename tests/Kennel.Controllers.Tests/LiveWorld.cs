using System.Collections.Concurrent;
using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Client.Tests.Fake;
using Kennel.Objects;

namespace Kennel.Controllers.Tests;

/// <summary>A fake API with real caches and a real runner on top: controllers work as in the product.</summary>
sealed class LiveWorld : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly Caches _caches = new();
    readonly Task _work;

    public LiveWorld(Func<Caches, IEnumerable<IController>> controllers, Action<FakeApi>? before = null)
    {
        before?.Invoke(Api);
        Runner = new(Api, _caches, controllers(_caches), TimeProvider.System, new Random(1), Log.Enqueue);
        _work = Task.WhenAll(_caches.Run(Api, TimeProvider.System, new Random(2), Log.Enqueue, _stop.Token), Runner.Run(_stop.Token));
    }

    public FakeApi Api { get; } = new();

    public Runner Runner { get; }

    public ConcurrentQueue<string> Log { get; } = new();

    public Task Until<T>(string name, Func<T, bool> so, string space = "default") where T : class, IObject<T> =>
        Eventually.True(
            () => Api.Get<T>(space, name) is { } o && so(o),
            () => $"{name}: {(Api.Get<T>(space, name) is { } o ? System.Text.Encoding.UTF8.GetString(Json.Write(o)) : "absent")}\n{string.Join('\n', Log)}\n{string.Join('\n', Runner.Waiting)}");

    public Task UntilAll<T>(Func<IReadOnlyList<T>, bool> so) where T : class, IObject<T> =>
        Eventually.True(() => so(Api.All<T>()), () => $"{Api.All<T>().Count} of {T.Resource}\n{string.Join('\n', Log)}\n{string.Join('\n', Runner.Waiting.Take(20))}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }
}
