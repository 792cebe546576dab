using Kennel.Client.Caching;
using Kennel.Client.Tests.Fake;
using Kennel.Objects.Core;

namespace Kennel.Client.Tests;

public sealed class ReflectorTests : IAsyncLifetime
{
    readonly FakeApi _api = new();
    readonly Caches _caches = new();
    readonly CancellationTokenSource _stop = new();
    readonly List<string> _log = [];
    Task _running = Task.CompletedTask;

    static Pod Pod(string name, string? label = null) => new()
    {
        Metadata = new() { Name = name, Namespace = "a", Labels = label is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["l"] = label } },
    };

    async Task<Cache<Pod>> Start()
    {
        var cache = _caches.Cache<Pod>();
        _running = _caches.Run(_api, TimeProvider.System, new Random(1), _log.Add, _stop.Token);
        await Eventually.True(() => cache.Synced, () => string.Join("\n", _log));
        return cache;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _stop.Cancel();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task What_was_there_and_what_comes_after_is_seen()
    {
        _api.Put(Pod("old"));
        var cache = await Start();
        cache.Synced.ShouldBeTrue();
        cache.Get(new("a", "old")).ShouldNotBeNull();
        _api.Put(Pod("new"));
        await Eventually.True(() => cache.Get(new("a", "new")) is not null);
        _api.Put(Pod("old", "changed"));
        await Eventually.True(() => cache.Get(new("a", "old"))?.Metadata.Labels.Count == 1);
        _api.Remove(Pod("old"));
        await Eventually.True(() => cache.Get(new("a", "old")) is null);
        cache.Revision.ShouldBe(_api.Revision);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages()
    {
        for (var i = 0; i < 1201; i++) _api.Put(Pod($"p{i:0000}"));
        var cache = await Start();
        cache.All().Count().ShouldBe(1201);
        _api.Calls.Count(c => c.StartsWith("GET /api/v1/pods")).ShouldBe(3);
    }

    [Fact]
    public async Task After_a_broken_watch_it_goes_on_from_where_it_was_without_listing()
    {
        var cache = await Start();
        _api.Put(Pod("one"));
        await Eventually.True(() => cache.All().Any());
        _api.Disconnect();
        _api.Put(Pod("two"));
        await Eventually.True(() => cache.Get(new("a", "two")) is not null);
        _api.Calls.Count(c => c.StartsWith("GET ")).ShouldBe(1);
    }

    [Fact]
    public async Task When_history_is_gone_it_lists_again_and_tells_only_what_differs()
    {
        _api.Put(Pod("kept"));
        _api.Put(Pod("lost"));
        var cache = await Start();
        List<string> seen = [];
        cache.Subscribe((old, now) => { lock (seen) seen.Add($"{old?.Metadata.Name}>{now?.Metadata.Name}"); });
        _api.Hold();
        _api.Disconnect();
        _api.Remove(Pod("lost"));
        _api.Put(Pod("found"));
        _api.Compact();
        _api.Release();
        await Eventually.True(() => cache.Get(new("a", "found")) is not null);
        seen.ShouldBe(["lost>", ">found"]);
        _api.Calls.Count(c => c.StartsWith("GET ")).ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_is_away_at_first_is_listed_when_it_is_there()
    {
        var refusals = 3;
        _api.Instead = _ => refusals-- > 0 ? throw new ApiUnavailableException("connection refused") : null;
        _api.Put(Pod("one"));
        var cache = await Start();
        cache.All().Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_object_that_can_not_be_read_does_not_stop_the_others()
    {
        var cache = await Start();
        _api.Instead = _ => null;
        await _api.Send(new("POST", "/api/v1/namespaces/a/pods", """{"metadata":{"name":"odd"},"spec":{"containers":"none"}}"""u8.ToArray()), default);
        _api.Put(Pod("fine"));
        await Eventually.True(() => cache.Get(new("a", "fine")) is not null);
        cache.Get(new("a", "odd")).ShouldBeNull();
    }

    [Fact]
    public async Task A_bookmark_advances_the_revision_of_a_quiet_kind()
    {
        var cache = await Start();
        _api.Put(new Node { Metadata = new() { Name = "n" } });
        _api.Bookmark<Pod>();
        await Eventually.True(() => cache.Revision == _api.Revision);
    }

    [Fact]
    public async Task A_kind_that_is_asked_for_later_is_fed_too()
    {
        await Start();
        _api.Put(new Node { Metadata = new() { Name = "n" } });
        var nodes = _caches.Of<Node>();
        await Eventually.True(() => nodes.All().Any());
    }
}
