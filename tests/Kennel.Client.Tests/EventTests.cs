using Kennel.Client.Events;
using Kennel.Client.Running;
using Kennel.Client.Tests.Fake;
using Kennel.Objects.Core;

namespace Kennel.Client.Tests;

public sealed class EventTests : IAsyncLifetime
{
    static readonly Pod Pod = new() { Metadata = new() { Name = "web-0", Namespace = "a", Uid = "u" } };

    readonly FakeApi _api = new();
    readonly CancellationTokenSource _stop = new();
    readonly EventRecorder _recorder;
    readonly Task _running;

    public EventTests()
    {
        _recorder = new(_api, TimeProvider.System, new Random(1), _ => { });
        _running = _recorder.Run(_stop.Token);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _stop.Cancel();
        await _running;
        _stop.Dispose();
    }

    void Say(string message, string reason = "Started") => _recorder.Record("kubelet", new(Pod, reason, message));

    [Fact, Trait("Behaviour", "SS-722")]
    public async Task An_event_is_named_after_its_object_and_tells_about_it()
    {
        Say("hello");
        await Eventually.True(() => _api.All<Event>().Count == 1);
        var e = _api.All<Event>()[0];
        e.Metadata.Name!.ShouldMatch("^web-0\\.[0-9a-f]{16}$");
        (e.Metadata.Namespace, e.InvolvedObject.Kind, e.InvolvedObject.Name, e.InvolvedObject.Uid, e.Count, e.Type, e.Source!.Component)
            .ShouldBe(("a", "Pod", "web-0", "u", 1, "Normal", "kubelet"));
        e.FirstTimestamp.ShouldNotBeNull();
        e.LastTimestamp.ShouldNotBeNull();
    }

    [Fact, Trait("Behaviour", "SS-721")]
    public async Task The_same_again_only_counts()
    {
        for (var i = 0; i < 5; i++) Say("again");
        await Eventually.True(() => _api.All<Event>() is [{ Count: 5 }]);
    }

    [Fact, Trait("Behaviour", "SS-721")]
    public async Task More_than_ten_alike_are_told_as_one()
    {
        for (var i = 0; i < 15; i++) Say($"number {i}");
        await Eventually.True(() => _api.All<Event>().Sum(e => e.Count) == 15);
        _api.All<Event>().Count.ShouldBe(11);
        _api.All<Event>().Single(e => e.Count == 5).Message.ShouldBe("(combined from similar events): number 14");
    }

    [Fact, Trait("Behaviour", "SS-721")]
    public async Task An_object_that_chatters_is_cut_off_after_its_burst()
    {
        for (var i = 0; i < 60; i++) Say("chatter", $"Reason{i}");
        Say("other", "Last");
        await Eventually.True(() => _api.All<Event>().Count == 25);
        _recorder.Record("kubelet", new(Pod with { Metadata = Pod.Metadata with { Name = "web-1" } }, "Started", "another object"));
        await Eventually.True(() => _api.All<Event>().Count == 26);
    }

    [Fact]
    public async Task An_event_that_has_expired_is_told_anew()
    {
        Say("again");
        await Eventually.True(() => _api.All<Event>().Count == 1);
        _api.Remove(_api.All<Event>()[0]);
        Say("again");
        await Eventually.True(() => _api.All<Event>() is [{ Count: 1 }]);
    }
}
