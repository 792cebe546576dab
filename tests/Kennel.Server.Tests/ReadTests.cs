using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

public sealed class ReadTests
{
    [Fact]
    public async Task What_is_not_there_is_not_found_in_upstreams_words()
    {
        await using var server = await TestServer.Start();
        var reply = await server.Get($"{Sets}/web");
        reply.Status.ShouldBe(404);
        reply.Text.ShouldBe("""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"statefulsets.apps \"web\" not found","reason":"NotFound","details":{"name":"web","group":"apps","kind":"statefulsets"},"code":404}""");
    }

    [Theory]
    [InlineData("/apis/apps/v1/namespaces/default/nothings")]
    [InlineData("/apis/apps/v2/namespaces/default/statefulsets")]
    [InlineData("/api/v1/namespaces/default/pods/p/nothing")]
    [InlineData("/api/v1/namespaces/default/nodes")]
    [InlineData("/nothing")]
    public async Task A_path_that_means_nothing_is_not_found(string path)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Get(path);
        reply.Status.ShouldBe(404);
        reply.Message.ShouldBe("the server could not find the requested resource");
    }

    [Fact]
    public async Task A_verb_that_a_kind_does_not_have_is_not_allowed()
    {
        await using var server = await TestServer.Start();
        (await server.Send("DELETE", "/api/v1/namespaces")).Status.ShouldBe(405);
        (await server.Send("PUT", "/api/v1/namespaces/default/pods/p/log")).Status.ShouldBe(405);
    }

    [Fact]
    public async Task A_list_is_a_copy_of_what_is_stored()
    {
        await using var server = await TestServer.Start();
        var a = await server.Post(ConfigMaps, ConfigMap("a"));
        var b = await server.Post(ConfigMaps, ConfigMap("b"));
        var list = await server.Get(ConfigMaps);
        list.Text.ShouldBe($$"""{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"{{b.Revision}}"},"items":[{{a.Text}},{{b.Text}}]}""");
    }

    [Theory]
    [InlineData("labelSelector=app%3Dnotes", "a,b")]
    [InlineData("labelSelector=app+in+(notes),tier!%3Dback", "a")]
    [InlineData("labelSelector=!app", "c")]
    [InlineData("fieldSelector=metadata.name%3Db", "b")]
    [InlineData("fieldSelector=metadata.name!%3Db", "a,c")]
    [InlineData("fieldSelector=metadata.name%3Db&labelSelector=!app", "")]
    public async Task Selectors_narrow_a_list(string query, string names)
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("a", """{"app":"notes"}"""));
        await server.Made(ConfigMaps, ConfigMap("b", """{"app":"notes","tier":"back"}"""));
        await server.Made(ConfigMaps, ConfigMap("c"));
        var list = await server.Get($"{ConfigMaps}?{query}");
        string.Join(',', list.Json["items"]!.AsArray().Select(i => i!["metadata"]!["name"]!.GetValue<string>())).ShouldBe(names);
    }

    [Fact]
    public async Task Fields_select_by_what_a_kind_offers_and_nothing_else()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod("p"));
        (await server.Get($"{Pods}?fieldSelector=status.phase%3DPending,spec.nodeName%3D")).Json["items"]!.AsArray().Count.ShouldBe(1);
        (await server.Get($"/api/v1/pods?fieldSelector=spec.nodeName%3Dn")).Json["items"]!.AsArray().Count.ShouldBe(0);
        var refused = await server.Get($"{Pods}?fieldSelector=spec.foo%3Dx");
        refused.Status.ShouldBe(400);
        refused.Message.ShouldBe("field label not supported: spec.foo");
    }

    [Theory]
    [InlineData("")]
    [InlineData("&labelSelector=app%3Dnotes")]
    public async Task Pages_are_of_one_snapshot(string selector)
    {
        await using var server = await TestServer.Start();
        for (var i = 0; i < 7; i++) await server.Made(ConfigMaps, ConfigMap($"m{i}", """{"app":"notes"}"""));

        var page = await server.Get($"{ConfigMaps}?limit=3{selector}");
        var revision = page.Revision;
        if (selector.Length == 0) page.Metadata["remainingItemCount"]!.GetValue<int>().ShouldBe(4);
        await server.Delete($"{ConfigMaps}/m5");
        await server.Made(ConfigMaps, ConfigMap("m9"));
        var names = new List<string>();
        while (true)
        {
            names.AddRange(page.Json["items"]!.AsArray().Select(i => i!["metadata"]!["name"]!.GetValue<string>()));
            page.Revision.ShouldBe(revision);
            if (page.Metadata["continue"] is not { } next) break;
            page = await server.Get($"{ConfigMaps}?limit=3{selector}&continue={next.GetValue<string>()}");
            page.Status.ShouldBe(200, page.Text);
        }
        names.ShouldBe(["m0", "m1", "m2", "m3", "m4", "m5", "m6"]);
    }

    [Fact]
    public async Task A_page_of_a_forgotten_snapshot_is_expired_and_offers_to_go_on()
    {
        await using var server = await TestServer.Start();
        for (var i = 0; i < 4; i++) await server.Made(ConfigMaps, ConfigMap($"m{i}"));
        var page = await server.Get($"{ConfigMaps}?limit=2");
        await server.Made(ConfigMaps, ConfigMap("m9"));
        await server.Store.Compact(server.Store.Revision);

        var lost = await server.Get($"{ConfigMaps}?limit=2&continue={page.Metadata["continue"]}");
        lost.Status.ShouldBe(410);
        lost.Reason.ShouldBe("Expired");
        var rest = await server.Get($"{ConfigMaps}?continue={lost.Metadata["continue"]}");
        rest.Json["items"]!.AsArray().Select(i => i!["metadata"]!["name"]!.GetValue<string>()).ShouldBe(["m2", "m3", "m9"]);
    }

    [Fact]
    public async Task A_list_at_a_revision_is_exact_or_no_older_as_asked()
    {
        await using var server = await TestServer.Start();
        var first = await server.Post(ConfigMaps, ConfigMap("a"));
        var second = await server.Post(ConfigMaps, ConfigMap("b"));
        (await server.Get($"{ConfigMaps}?resourceVersion={first.Revision}&resourceVersionMatch=Exact")).Json["items"]!.AsArray().Count.ShouldBe(1);
        (await server.Get($"{ConfigMaps}?resourceVersion={first.Revision}&resourceVersionMatch=NotOlderThan")).Revision.ShouldBe(second.Revision);
        (await server.Get($"{ConfigMaps}?resourceVersion=0")).Revision.ShouldBe(second.Revision);
        (await server.Get($"{ConfigMaps}?resourceVersionMatch=Exact")).Status.ShouldBe(422);
        var future = await server.Get($"{ConfigMaps}?resourceVersion=99999&resourceVersionMatch=NotOlderThan");
        future.Status.ShouldBe(504);
        future.Message.ShouldNotBeNull().ShouldContain("Too large resource version: 99999");
    }

    [Fact, Trait("Behaviour", "SS-1001"), Trait("Behaviour", "SS-1003")]
    public async Task A_table_has_columns_cells_and_the_metadata_of_each_object()
    {
        const string Accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());

        var table = await server.Get($"{Sets}?limit=500", Accept);
        table.Json["kind"]!.GetValue<string>().ShouldBe("Table");
        table.Json["apiVersion"]!.GetValue<string>().ShouldBe("meta.k8s.io/v1");
        table.Json["columnDefinitions"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()).ShouldBe(["Name", "Ready", "Age", "Containers", "Images"]);
        table.Json["rows"]![0]!["cells"]!.AsArray().Take(2).Select(c => c!.GetValue<string>()).ShouldBe(["web", "0/3"]);
        table.Json["rows"]![0]!["object"]!["kind"]!.GetValue<string>().ShouldBe("PartialObjectMetadata");
        table.Revision.ShouldBe(server.Store.Revision.ToString());

        (await server.Get($"{Sets}/web?includeObject=Object", Accept)).Json["rows"]![0]!["object"]!["kind"]!.GetValue<string>().ShouldBe("StatefulSet");
        (await server.Get($"{Sets}/web?includeObject=None", Accept)).Json["rows"]![0]!.AsObject().ContainsKey("object").ShouldBeFalse();
    }

    [Fact]
    public async Task Metadata_alone_can_be_had()
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("a"));
        var one = await server.Get($"{ConfigMaps}/a", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
        one.Json["kind"]!.GetValue<string>().ShouldBe("PartialObjectMetadata");
        one.Json.ContainsKey("data").ShouldBeFalse();
        var list = await server.Get(ConfigMaps, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        list.Json["kind"]!.GetValue<string>().ShouldBe("PartialObjectMetadataList");
        list.Json["items"]![0]!["metadata"]!["name"]!.GetValue<string>().ShouldBe("a");
        (await server.Get(ConfigMaps, "text/html")).Status.ShouldBe(406);
    }

    [Theory]
    [InlineData("/api", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json", "APIGroupDiscoveryList")]
    [InlineData("/apis", "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json", "APIGroupDiscoveryList")]
    [InlineData("/api", null, "APIVersions")]
    [InlineData("/apis", null, "APIGroupList")]
    [InlineData("/apis/apps", null, "APIGroup")]
    [InlineData("/apis/apps/v1", null, "APIResourceList")]
    [InlineData("/api/v1", null, "APIResourceList")]
    public async Task Discovery_has_the_form_that_is_asked_for(string path, string? accept, string kind)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Get(path, accept);
        reply.Json["kind"]!.GetValue<string>().ShouldBe(kind);
        if (accept is not null) reply.Answer.ContentType.ShouldStartWith("application/json;g=apidiscovery.k8s.io;v=v2");
    }

    [Fact]
    public async Task OpenAPI_is_indexed_by_group_and_version()
    {
        await using var server = await TestServer.Start();
        var index = await server.Get("/openapi/v3");
        var url = index.Json["paths"]!["apis/apps/v1"]!["serverRelativeURL"]!.GetValue<string>();
        (await server.Get(url)).Json["components"]!["schemas"]!["io.k8s.api.apps.v1.StatefulSet"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Health_tells_check_by_check()
    {
        await using var server = await TestServer.Start();
        var fine = true;
        server.Pipeline.Health.Add("etcd", () => fine);
        server.Pipeline.Health.Add("node", () => false, readyOnly: true);
        (await server.Get("/livez")).Text.ShouldBe("ok");
        (await server.Get("/livez?verbose")).Text.ShouldBe("[+]ping ok\n[+]etcd ok\nlivez check passed\n");
        (await server.Get("/readyz?exclude=node")).Status.ShouldBe(200);
        (await server.Get("/readyz")).Text.ShouldBe("[+]ping ok\n[+]etcd ok\n[-]node failed: reason withheld\nreadyz check failed\n");
        fine = false;
        (await server.Get("/healthz/etcd")).Status.ShouldBe(500);
        (await server.Get("/healthz/other")).Status.ShouldBe(404);
    }
}
