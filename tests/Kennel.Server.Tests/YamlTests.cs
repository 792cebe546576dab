using System.Text;

namespace Kennel.Server.Tests;

/// <summary>YAML bodies, as upstream's parser reads them.</summary>
public sealed class YamlTests
{
    const string Maps = "/api/v1/namespaces/default/configmaps";

    [Theory]
    [InlineData("a: x", "\"x\"")]
    [InlineData("a: \"1\"", "\"1\"")]
    [InlineData("a: '2026-01-01'", "\"2026-01-01\"")]
    [InlineData("a: 2026-01-01", "\"2026-01-01\"")]
    [InlineData("a: |\n    two\n    lines", "\"two\\nlines\\n\"")]
    [InlineData("a: >-\n    one\n    line", "\"one line\"")]
    [InlineData("a: !!str 7", "\"7\"")]
    [InlineData("{a: x, b: z}", "\"x\"")]
    public async Task Text_is_text(string data, string value)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Send("POST", Maps, $"metadata:\n  name: q\ndata:\n  {data}\n", "application/yaml");
        reply.Status.ShouldBe(201, reply.Text);
        reply.Json["data"]!["a"]!.ToJsonString().ShouldBe(value);
    }

    [Theory]
    [InlineData("1", "number")]
    [InlineData("0x1f", "number")]
    [InlineData("017", "number")]
    [InlineData("1_000", "number")]
    [InlineData("1e3", "number")]
    [InlineData("yes", "bool")]
    [InlineData("off", "bool")]
    [InlineData("true", "bool")]
    [InlineData("[a]", "array")]
    [InlineData("{a: b}", "object")]
    public async Task What_is_no_text_is_refused_where_text_belongs(string value, string kind)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Send("POST", Maps, $"metadata: {{name: q}}\ndata: {{a: {value}}}\n", "application/yaml");
        (reply.Status, reply.Message).ShouldBe((400, $"ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal {kind} into Go struct field ConfigMap.data of type string"));
    }

    [Fact]
    public async Task Unknown_and_repeated_fields_are_named_with_their_path()
    {
        await using var server = await TestServer.Start();
        const string body = "metadata:\n  name: q\n  foo: 1\ndata:\n  a: \"1\"\n  a: \"2\"\nx: {}\n";
        var strict = await server.Send("POST", Maps + "?fieldValidation=Strict", body, "application/yaml");
        (strict.Status, strict.Message).ShouldBe((400, "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"metadata.foo\", duplicate field \"data.a\", unknown field \"x\""));
        var warned = await server.Send("POST", Maps + "?fieldValidation=Warn", body, "application/yaml");
        warned.Status.ShouldBe(201);
        warned.Answer.Warnings.ShouldBe(["unknown field \"metadata.foo\"", "duplicate field \"data.a\"", "unknown field \"x\""]);
        warned.Json["data"]!["a"]!.GetValue<string>().ShouldBe("2");
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("a: b: c")]
    [InlineData("? [a]\n: b")]
    [InlineData("a: &x 1\nb: *x")]
    [InlineData("%YAML 9.9\n---\na: 1")]
    [InlineData("{a: x")]
    public async Task What_is_no_yaml_is_a_bad_request(string body)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Send("POST", Maps, body, "application/yaml");
        reply.Status.ShouldBe(400, reply.Text);
    }

    [Fact]
    public async Task Text_that_is_no_unicode_is_refused()
    {
        await using var server = await TestServer.Start();
        var response = await server.Pipeline.Handle(ApiRequest.To("POST", Maps, User.Loopback) with { Body = new byte[] { (byte)'a', (byte)':', 0xff }, ContentType = "application/yaml" });
        Encoding.UTF8.GetString(((Answer)response).Body.Span).ShouldContain("yaml: invalid UTF-8 at byte 2");
    }
}
