using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

public sealed class WatchTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Changes_come_in_order_after_the_revision_asked_for()
    {
        await using var server = await TestServer.Start();
        var first = await server.Post(ConfigMaps, ConfigMap("a"));
        await server.Merge($"{ConfigMaps}/a", """{"data":{"a":"2"}}""");
        await server.Delete($"{ConfigMaps}/a");

        var events = await Take(3, server.Watch($"{ConfigMaps}?watch=true&resourceVersion={long.Parse(first.Revision) - 1}"));

        events.Select(e => e.Type).ShouldBe(["ADDED", "MODIFIED", "DELETED"]);
        events[0].Object.ToJsonString().ShouldBe(first.Text);
        var revisions = events.Select(e => long.Parse(e.Object["metadata"]!["resourceVersion"]!.GetValue<string>())).ToList();
        revisions.ShouldBe(revisions.Order());
        revisions.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Who_lists_a_name_at_any_revision_and_watches_on_is_told_of_its_deletion_even_if_it_came_back()
    {
        var clock = new Clock();
        await using var server = await TestServer.Start(time: clock);
        var owned = ConfigMap("a").Replace("\"name\":\"a\"", """
            "name":"a","ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"web","uid":"1","controller":true}]
            """, StringComparison.Ordinal);
        var first = await server.Post(ConfigMaps, owned);
        await server.Delete($"{ConfigMaps}/a");
        var second = await server.Post(ConfigMaps, ConfigMap("a"));
        var query = $"{ConfigMaps}?fieldSelector=metadata.name%3Da";

        var list = await server.Get($"{query}&limit=500&resourceVersion=0");
        list.Json["items"]![0]!["metadata"]!["uid"]!.GetValue<string>().ShouldBe(first.Json["metadata"]!["uid"]!.GetValue<string>());
        var events = await Take(2, server.Watch($"{query}&watch=true&resourceVersion={list.Revision}"));
        events.Select(e => e.Type).ShouldBe(["DELETED", "ADDED"]);

        (await server.Get(query)).Json["items"]![0]!.ToJsonString().ShouldBe(second.Text, "who wants the newest gets it");
        clock.Passed = TimeSpan.FromSeconds(1);
        (await server.Get($"{query}&resourceVersion=0")).Json["items"]![0]!.ToJsonString().ShouldBe(second.Text, "the moment is over");
    }

    sealed class Clock : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long GetTimestamp() => Passed.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }

    [Theory]
    [InlineData("")]
    [InlineData("&resourceVersion=0")]
    public async Task Without_a_revision_what_is_there_comes_first(string query)
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("a"));
        await using var watch = server.Watch($"{ConfigMaps}?watch=1{query}").GetAsyncEnumerator();
        (await watch.MoveNextAsync().AsTask().WaitAsync(s_patience)).ShouldBeTrue();
        watch.Current.Type.ShouldBe("ADDED");
        await server.Made(ConfigMaps, ConfigMap("b"));
        (await watch.MoveNextAsync().AsTask().WaitAsync(s_patience)).ShouldBeTrue();
        watch.Current.Object["metadata"]!["name"]!.GetValue<string>().ShouldBe("b");
    }

    [Fact]
    public async Task An_object_that_enters_or_leaves_the_selection_is_added_or_deleted()
    {
        await using var server = await TestServer.Start();
        var start = (await server.Post(ConfigMaps, ConfigMap("a"))).Revision;
        await server.Merge($"{ConfigMaps}/a", """{"metadata":{"labels":{"app":"notes"}}}""");
        await server.Merge($"{ConfigMaps}/a", """{"data":{"a":"2"}}""");
        var left = await server.Merge($"{ConfigMaps}/a", """{"metadata":{"labels":{"app":null}}}""");
        await server.Delete($"{ConfigMaps}/a");
        await server.Made(ConfigMaps, ConfigMap("b", """{"app":"notes"}"""));
        await server.Delete($"{ConfigMaps}/b");

        var events = await Take(5, server.Watch($"{ConfigMaps}?watch=true&labelSelector=app%3Dnotes&resourceVersion={start}"));

        events.Select(e => e.Type).ShouldBe(["ADDED", "MODIFIED", "DELETED", "ADDED", "DELETED"]);
        // As it last was in the selection, with the revision at which it left.
        events[2].Object["metadata"]!["labels"]!["app"]!.GetValue<string>().ShouldBe("notes");
        events[2].Object["metadata"]!["resourceVersion"]!.GetValue<string>().ShouldBe(left.Revision);
    }

    [Fact]
    public async Task A_name_selected_is_the_only_one_told_of()
    {
        await using var server = await TestServer.Start();
        var start = server.Store.Revision;
        await server.Made(ConfigMaps, ConfigMap("web-0"));
        await server.Made(ConfigMaps, ConfigMap("web-01"));
        await server.Merge($"{ConfigMaps}/web-0", """{"data":{"a":"2"}}""");
        var events = await Take(2, server.Watch($"{ConfigMaps}?watch=true&fieldSelector=metadata.name%3Dweb-0&resourceVersion={start}"));
        events.ShouldAllBe(e => e.Object["metadata"]!["name"]!.GetValue<string>() == "web-0");
    }

    [Fact]
    public async Task Initial_events_end_with_a_bookmark_that_says_so()
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("a"));
        var events = await Take(2, server.Watch($"{ConfigMaps}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"));
        events.Select(e => e.Type).ShouldBe(["ADDED", "BOOKMARK"]);
        events[1].Object["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!.GetValue<string>().ShouldBe("true");
        events[1].Object["kind"]!.GetValue<string>().ShouldBe("ConfigMap");
        (await server.Get($"{ConfigMaps}?watch=true&sendInitialEvents=true")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task A_watch_ends_after_the_time_asked_for_with_a_bookmark()
    {
        await using var server = await TestServer.Start();
        var events = new List<string>();
        await foreach (var (type, _) in server.Watch($"{ConfigMaps}?watch=true&resourceVersion={server.Store.Revision}&timeoutSeconds=1&allowWatchBookmarks=true")) events.Add(type);
        events.ShouldNotBeEmpty();
        events.ShouldAllBe(t => t == "BOOKMARK");
    }

    [Fact]
    public async Task History_that_is_gone_is_an_error_event()
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("a"));
        await server.Made(ConfigMaps, ConfigMap("b"));
        await server.Store.Compact(server.Store.Revision);
        var events = await Take(1, server.Watch($"{ConfigMaps}?watch=true&resourceVersion=2"));
        events[0].Type.ShouldBe("ERROR");
        events[0].Object["code"]!.GetValue<int>().ShouldBe(410);
        events[0].Object["reason"]!.GetValue<string>().ShouldBe("Expired");
    }

    [Fact, Trait("Behaviour", "SS-1001")]
    public async Task Only_the_first_table_of_a_watch_has_columns()
    {
        await using var server = await TestServer.Start();
        var start = server.Store.Revision;
        await server.Made(ConfigMaps, ConfigMap("a"));
        await server.Made(ConfigMaps, ConfigMap("b"));
        var events = await Take(2, server.Watch($"{ConfigMaps}?watch=true&resourceVersion={start}", "application/json;as=Table;v=v1;g=meta.k8s.io"));
        events[0].Object["columnDefinitions"]!.AsArray().Count.ShouldBeGreaterThan(0);
        events[1].Object["columnDefinitions"].ShouldBeNull();
        events[1].Object["rows"]![0]!["cells"]![0]!.GetValue<string>().ShouldBe("b");
    }

    static async Task<List<(string Type, System.Text.Json.Nodes.JsonObject Object)>> Take(int count, IAsyncEnumerable<(string, System.Text.Json.Nodes.JsonObject)> watch)
    {
        var events = new List<(string, System.Text.Json.Nodes.JsonObject)>();
        await using var enumerator = watch.GetAsyncEnumerator();
        while (events.Count < count && await enumerator.MoveNextAsync().AsTask().WaitAsync(s_patience)) events.Add(enumerator.Current);
        return events;
    }
}
