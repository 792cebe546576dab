using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Client.Tests.Fake;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Client.Tests;

/// <summary>A runner over a fake API with one controller made from a function; keys are ConfigMaps, things made are Secrets.</summary>
public sealed class RunnerWorld : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly List<string> _log = [];
    Task _running = Task.CompletedTask;

    public FakeApi Api { get; } = new();
    public Caches Caches { get; } = new();
    public Runner Runner { get; private set; } = null!;
    public List<(ObjectKey Key, Moment Moment)> Rounds { get; } = [];

    public async Task Start(Func<ObjectKey, ICache<Secret>, Moment, Decision> decide, int workers = 5)
    {
        var secrets = Caches.Cache<Secret>();
        Runner = new(Api, Caches, [new Controller(this, (key, moment) => decide(key, secrets, moment))], TimeProvider.System, new Random(1), Note) { Workers = workers };
        _running = Task.WhenAll(Caches.Run(Api, TimeProvider.System, new Random(2), Note, _stop.Token), Runner.Run(_stop.Token));
        await Eventually.True(() => Caches.Cache<ConfigMap>().Synced && secrets.Synced);
    }

    public void Wish(string name, string value = "") =>
        Api.Put(new ConfigMap { Metadata = new() { Name = name, Namespace = "a" }, Data = new Dictionary<string, string> { ["value"] = value } });

    public static Secret Secret(string name) => new() { Metadata = new() { Name = name, Namespace = "a" } };

    public int Count(ObjectKey key) { lock (Rounds) return Rounds.Count(r => r.Key == key); }

    public IReadOnlyList<string> Log { get { lock (_log) return [.. _log]; } }

    void Note(string line) { lock (_log) _log.Add(line); }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _running;
        _stop.Dispose();
    }

    sealed class Controller(RunnerWorld world, Func<ObjectKey, Moment, Decision> decide) : IController
    {
        public string Name => "test-controller";

        public void Watch(ITriggers triggers) => triggers.On<ConfigMap>((old, now) => [ObjectKey.Of(now ?? old!)]);

        public Decision Reconcile(ObjectKey key, Moment moment)
        {
            lock (world.Rounds) world.Rounds.Add((key, moment));
            return decide(key, moment);
        }
    }
}
