using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Protobuf;

namespace Kennel.Server.Tests;

/// <summary>What an answer is written as.</summary>
public sealed class FormatTests
{
    const string Namespace = "/api/v1/namespaces/default";

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("application/yaml", "application/yaml")]
    [InlineData("application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf")]
    [InlineData("application/vnd.kubernetes.protobuf,application/json", "application/vnd.kubernetes.protobuf")]
    [InlineData("application/json;q=0.5,application/yaml;q=0.9", "application/yaml")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json")]
    [InlineData("application/cbor,application/json", "application/json")]
    [InlineData("application/json;as=Table;v=v1beta1;g=meta.k8s.io", "application/json")]
    [InlineData("application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/yaml", "application/yaml")]
    public async Task The_best_of_what_is_accepted_is_answered(string? accept, string type)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Get(Namespace, accept);
        reply.Status.ShouldBe(200);
        reply.Answer.ContentType.ShouldBe(type);
    }

    [Theory]
    [InlineData(Namespace, "text/html", "application/json, application/yaml, application/vnd.kubernetes.protobuf")]
    [InlineData(Namespace, "application/cbor", "application/json, application/yaml, application/vnd.kubernetes.protobuf")]
    [InlineData(Namespace, "application/json;as=Table;v=v2;g=meta.k8s.io", "application/json, application/yaml, application/vnd.kubernetes.protobuf")]
    [InlineData("/api/v1/namespaces?watch=1", "application/yaml", "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch")]
    public async Task What_nobody_can_write_is_not_acceptable(string path, string accept, string accepted)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Get(path, accept);
        reply.Status.ShouldBe(406);
        reply.Json["reason"]!.GetValue<string>().ShouldBe("NotAcceptable");
        reply.Message.ShouldBe("only the following media types are accepted: " + accepted);
    }

    [Fact]
    public async Task Yaml_is_what_people_read_and_what_is_read_again()
    {
        await using var server = await TestServer.Start();
        const string path = Namespace + "/configmaps";
        await server.Made(path, """{"metadata":{"name":"y","labels":{"n":"1","yes":"true"}},"data":{"a":"","b":"x: y","c":"line\nother","d":"-","e":"2026-01-01","f":"0x1f","g":"é #1","h":"- a","i":" pad ","j":"tab\tbed","k":"12:30:45","l":"ends\n","m":"null","n":"two\n\n"}}""");
        var yaml = (await server.Get(path + "/y", "application/yaml")).Text;
        yaml.ShouldStartWith("apiVersion: v1\ndata:\n  a: \"\"\n  b: \"x: y\"\n  c: |-\n    line\n    other\n");
        yaml.ShouldContain("  labels:\n    \"n\": \"1\"\n    \"yes\": \"true\"\n");
        yaml.ShouldContain("  managedFields:\n  - apiVersion: v1\n    fieldsType: FieldsV1\n    fieldsV1:\n      f:data:\n        .: {}\n");
        var again = await server.Send("PUT", path + "/y", yaml, "application/yaml");
        again.Status.ShouldBe(200, again.Text);
        JsonNode.DeepEquals(again.Json["data"], (await server.Get(path + "/y")).Json["data"]).ShouldBeTrue();
        again.Json["data"]!["n"]!.GetValue<string>().ShouldBe("two\n\n");
        again.Json["data"]!["i"]!.GetValue<string>().ShouldBe(" pad ");
    }

    [Fact]
    public async Task A_refusal_speaks_the_language_of_the_client()
    {
        await using var server = await TestServer.Start();
        (await server.Get(Namespace + "/pods/no", "application/yaml")).Text.ShouldContain("reason: NotFound\nstatus: Failure\n");
        var binary = (await server.Get(Namespace + "/pods/no", "application/vnd.kubernetes.protobuf")).Answer;
        ProtobufCodec.Decode(binary.Body.Span).Object!["reason"]!.GetValue<string>().ShouldBe("NotFound");
        (await server.Get(Namespace + "/pods/no?pretty=true")).Text.ShouldStartWith("{\n  \"kind\": \"Status\",");
        (await server.Get("/apis/nobody/v1/things", "application/vnd.kubernetes.protobuf")).Answer.ContentType.ShouldBe("application/vnd.kubernetes.protobuf");
        (await server.Get(Namespace + "/pods/no", "text/html")).Json["code"]!.GetValue<int>().ShouldBe(406);
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/apis")]
    [InlineData("/apis/apps")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/api/v1")]
    public async Task Discovery_is_written_for_people_and_programs(string path)
    {
        await using var server = await TestServer.Start();
        (await server.Get(path)).Text.ShouldStartWith("{\"kind\":\"API");
        (await server.Get(path + "?pretty=1")).Text.ShouldStartWith("{\n  \"kind\": \"API");
        (await server.Get(path, "application/yaml")).Text.ShouldContain("kind: API");
    }

    [Fact]
    public async Task The_index_of_paths_names_groups_and_checks()
    {
        await using var server = await TestServer.Start();
        var paths = (await server.Get("/")).Json["paths"]!.AsArray().Select(p => p!.GetValue<string>()).ToList();
        foreach (var path in (string[])["/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/readyz/ping", "/livez", "/openapi/v2", "/version"]) paths.ShouldContain(path);
        paths.ShouldBe(paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_check_that_cannot_be_excluded_is_told()
    {
        await using var server = await TestServer.Start();
        (await server.Get("/readyz?verbose&exclude=ping&exclude=pong")).Text.ShouldBe("[+]ping excluded: ok\nwarn: some health checks cannot be excluded: no matches for \"pong\"\nreadyz check passed\n");
        (await server.Get("/livez/ping")).Text.ShouldBe("ok");
        (await server.Get("/livez/pong")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_unknown_includeObject_is_refused()
    {
        await using var server = await TestServer.Start();
        var reply = await server.Get(Namespace + "/pods?includeObject=Some", "application/json;as=Table;v=v1;g=meta.k8s.io");
        reply.Status.ShouldBe(406);
        reply.Message.ShouldBe("unrecognized includeObject value: \"Some\"");
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/endpoints", "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")]
    [InlineData("/api/v1/componentstatuses", "v1 ComponentStatus is deprecated in v1.19+")]
    public async Task Kinds_that_are_on_their_way_out_say_so(string path, string warning)
    {
        await using var server = await TestServer.Start();
        (await server.Get(path)).Answer.Warnings.ShouldBe([warning]);
        (await server.Get(Namespace)).Answer.Warnings.ShouldBeEmpty();
    }
}
