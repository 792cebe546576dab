using System.Text;

namespace Kennel.Server.Tests;

/// <summary>Options in the query, and tokens and revisions that are none.</summary>
public sealed class OptionTests
{
    const string Maps = "/api/v1/namespaces/default/configmaps";

    [Theory]
    [InlineData("POST", "", "dryRun=Some", """CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All" """)]
    [InlineData("POST", "", "fieldValidation=Loose", """CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Loose": supported values: "", "Ignore", "Strict", "Warn" """)]
    [InlineData("POST", "", "fieldManager=a%01b", """CreateOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\u0001b": should only contain printable characters """)]
    [InlineData("PUT", "/a", "dryRun=Some", """UpdateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All" """)]
    [InlineData("PATCH", "/a", "force=true", """PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch """)]
    [InlineData("DELETE", "/a", "dryRun=Some", """DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All" """)]
    [InlineData("DELETE", "/a", "propagationPolicy=Away", """DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Away": supported values: "Foreground", "Background", "Orphan", "nil" """)]
    public async Task Options_that_mean_nothing_are_refused_before_anything_happens(string method, string name, string query, string message)
    {
        await using var server = await TestServer.Start();
        await server.Made(Maps, """{"metadata":{"name":"a"}}""");
        var reply = await server.Send(method, $"{Maps}{name}?{query}", method == "DELETE" ? null : """{"metadata":{"name":"a"}}""", method == "PATCH" ? "application/merge-patch+json" : null);
        reply.Status.ShouldBe(422, reply.Text);
        reply.Reason.ShouldBe("Invalid");
        reply.Message.ShouldBe(message.TrimEnd());
    }

    [Fact]
    public async Task A_manager_has_a_name_of_at_most_128_bytes()
    {
        await using var server = await TestServer.Start();
        (await server.Post($"{Maps}?fieldManager={new string('m', 128)}", """{"metadata":{"name":"a"}}""")).Status.ShouldBe(201);
        (await server.Post($"{Maps}?fieldManager={new string('m', 129)}", """{"metadata":{"name":"b"}}""")).Message.ShouldBe("CreateOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be more than 128 bytes");
    }

    [Fact]
    public async Task An_apply_says_who_applies_and_only_declared_fields()
    {
        await using var server = await TestServer.Start();
        const string apply = "application/apply-patch+yaml";
        var nobody = await server.Send("PATCH", Maps + "/a", "{apiVersion: v1, kind: ConfigMap}", apply);
        (nobody.Status, nobody.Message).ShouldBe((422, "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"));
        var unknown = await server.Send("PATCH", Maps + "/a?fieldManager=m", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}, dat: {a: b}}", apply);
        (unknown.Status, unknown.Message).ShouldBe((400, "failed to create typed patch object (default/a; /v1, Kind=ConfigMap): .dat: field not declared in schema"));
        (await server.Get(Maps + "/a")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_is_sent_with_a_delete_must_be_its_options()
    {
        await using var server = await TestServer.Start();
        await server.Made(Maps, """{"metadata":{"name":"a"}}""");
        (await server.Delete(Maps + "/a", """{"kind":"Pod","apiVersion":"v1"}""")).Status.ShouldBe(400);
        (await server.Delete(Maps + "/a?gracePeriodSeconds=soon")).Message.ShouldBe("strconv.ParseInt: parsing \"soon\": invalid syntax");
        (await server.Delete(Maps + "/a", """{"kind":"DeleteOptions","apiVersion":"apps/v1","what":1}""")).Status.ShouldBe(200);
    }

    public static TheoryData<string> Forged =>
    [
        "abc", "!", "", "%00", Token(""), Token("7"), Token("{}"), Token("[]"), Token("\"\\ud800\""), Token("""{"v":"v1","rv":3,"start":"a"}"""), Token("""{"v":"meta.k8s.io/v1","rv":0,"start":"a"}"""),
        Token("""{"v":"meta.k8s.io/v1","rv":-2,"start":"a"}"""), Token("""{"v":"meta.k8s.io/v1","rv":1.5,"start":"a"}"""), Token("""{"v":"meta.k8s.io/v1","rv":99999999999999999999,"start":"a"}"""),
        Token("""{"v":"meta.k8s.io/v1","rv":3,"start":""}"""), Token("""{"v":"meta.k8s.io/v1","rv":3,"start":"../x"}"""), Token("""{"v":"meta.k8s.io/v1","rv":3,"start":"/x"}"""),
        Token("""{"v":"meta.k8s.io/v1","rv":3,"start":7}"""), Token("""{"v":7,"rv":3,"start":"a"}"""), Token("""{"v":"meta.k8s.io/v1","rv":3,"start":"\ud800"}"""), new string('a', 100_000),
    ];

    [Theory, MemberData(nameof(Forged))]
    public async Task A_forged_token_is_no_token(string token)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Get($"{Maps}?limit=1&continue={token}");
        if (token.Length == 0) reply.Status.ShouldBe(200);
        else
        {
            reply.Status.ShouldBe(400, reply.Text);
            reply.Message.ShouldStartWith("invalid continue token: continue key is not valid: ");
        }
    }

    [Fact]
    public async Task A_token_of_the_future_is_too_large()
    {
        await using var server = await TestServer.Start();
        var reply = await server.Get($"{Maps}?limit=1&continue={Token("""{"v":"meta.k8s.io/v1","rv":999999,"start":"a"}""")}");
        (reply.Status, reply.Reason).ShouldBe((504, "Timeout"));
    }

    [Theory]
    [InlineData("limit=many", "strconv.ParseInt: parsing \"many\": invalid syntax")]
    [InlineData("timeoutSeconds=soon", "strconv.ParseInt: parsing \"soon\": invalid syntax")]
    [InlineData("watch=1&timeoutSeconds=soon", "strconv.ParseInt: parsing \"soon\": invalid syntax")]
    [InlineData("fieldSelector=spec.x%3D1", "\"spec.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    public async Task A_query_that_cannot_be_read_is_a_bad_request(string query, string message)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Get($"{Maps}?{query}");
        (reply.Status, reply.Message).ShouldBe((400, message));
        (await server.Get(Maps + "?limit=-1")).Status.ShouldBe(200); // as upstream: no limit
    }

    [Fact]
    public async Task Details_are_empty_for_what_is_no_object()
    {
        await using var server = await TestServer.Start();
        (await server.Get("/apis/nobody/v1/things")).Json["details"]!.AsObject().Count.ShouldBe(0);
        (await server.Post(Maps, """{"metadata":{}}""")).Json["details"]!.AsObject().ContainsKey("name").ShouldBeFalse();
    }

    [Theory]
    [InlineData("watch=True&timeoutSeconds=1", true)]
    [InlineData("watch=1", true)]
    [InlineData("watch", true)]
    [InlineData("watch=False", false)]
    [InlineData("watch=0", false)]
    public async Task Booleans_are_read_however_a_language_writes_them(string query, bool watching)
    {
        await using var server = await TestServer.Start();
        (await server.Pipeline.Handle(ApiRequest.To("GET", $"{Maps}?{query}", User.Loopback)) is Watching).ShouldBe(watching);
    }

    static string Token(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
