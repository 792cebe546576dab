using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Protobuf;
using Kennel.Objects.Schemas;

namespace Kennel.Server.Tests;

/// <summary>Requests that nobody sane sends: of any kind, on any path, with any query, in any content type, cut and bent. A failing seed prints the request that it failed at.</summary>
public sealed class FuzzTests
{
    const int Tries = 700;

    static readonly string[] s_types =
    [
        "", "application/json", "application/json; charset=utf-8", "application/yaml", "application/vnd.kubernetes.protobuf", "application/merge-patch+json", "application/json-patch+json",
        "application/strategic-merge-patch+json", "application/apply-patch+yaml", "application/apply-patch+cbor", "application/cbor", "text/plain", "*/*", ";;;", "application/x-www-form-urlencoded", "ünïcode/ß",
    ];

    static readonly string[] s_accepts =
    [
        "", "*/*", "application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "application/json;as=Table;v=v1;g=meta.k8s.io", "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json", "application/json;as=;v=;g=", ",,,", "text/html", ";q=7", "application/json;q=nan", "application/json;stream=watch", new string('a', 5000),
    ];

    static readonly string[] s_queries =
    [
        "limit=1", "limit=-1", "limit=99999999999999999999", "limit=x", "continue=abc", "continue=%ff", "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6OTksInN0YXJ0IjoieCJ9", "resourceVersion=0", "resourceVersion=1",
        "resourceVersion=999999999", "resourceVersion=-1", "resourceVersion=x", "resourceVersionMatch=Exact", "resourceVersionMatch=NotOlderThan", "resourceVersionMatch=x", "labelSelector=a%3Db", "labelSelector=a%20in%20(",
        "labelSelector=%21%21", "labelSelector=,,,", "labelSelector=a%3D%00", "fieldSelector=metadata.name%3Dx", "fieldSelector=metadata.name%21%3Dx", "fieldSelector=%5C", "fieldSelector=spec.nodeName%3Dn", "fieldSelector=a%3Db%3Dc",
        "fieldSelector=metadata.name%3D..%2F..", "watch=1", "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1", "watch=1&resourceVersion=1", "sendInitialEvents=x", "timeoutSeconds=1",
        "timeoutSeconds=-1", "timeoutSeconds=99999999999", "dryRun=All", "dryRun=x", "fieldManager=m", "fieldManager=m&force=1", "force=maybe", "fieldValidation=Strict", "fieldValidation=x", "pretty=1", "pretty=x",
        "includeObject=None", "includeObject=x", "gracePeriodSeconds=0", "gracePeriodSeconds=-7", "gracePeriodSeconds=x", "propagationPolicy=Foreground", "propagationPolicy=x", "orphanDependents=x", "=", "&&&", "%", "%zz=1", "a=%e0%80%80",
        "container=x", "command=x&stdin=1", "ports=99999", "ports=x", "path=..%2f..", "tailLines=-1",
    ];

    static readonly string[] s_names = ["a", "web", "default", "kube-system", "..", ".", "%2e%2e", "a%2Fb", "%00", "%ff%fe", "A", "", "watch", "namespaces", "ü", new('n', 300), "a:b", "https:a:1", "%25", "a b"];

    static readonly byte[][] s_objects = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>More of them with <c>FUZZ_SEEDS=100</c>; one of them with <c>SEED=123</c>.</summary>
    public static TheoryData<int> Seeds => Environment.GetEnvironmentVariable("SEED") is { } one
        ? [int.Parse(one)]
        : [.. Enumerable.Range(11, int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEEDS") ?? "4"))];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Whatever_comes_gets_an_answer_that_says_what_is_wrong(int seed)
    {
        var random = new Random(seed);
        await using var server = await TestServer.Start();
        var seen = new SortedDictionary<int, int>();
        for (var i = 0; i < Tries; i++)
        {
            var request = Request(random);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var response = await server.Pipeline.Handle(request, patience.Token);
            if (response is Watching watching) await Look(watching);
            if (response is not Answer answer) continue;
            var told = $"seed {seed}, request {i}: {request.Method} {request.Path}?{request.Query} [{request.ContentType}] [{request.Accept}]\n{Encoding.UTF8.GetString(request.Body.Span)}\n{Encoding.UTF8.GetString(answer.Body.Span)}";
            (answer.Status is < 500 or 501 or 504).ShouldBeTrue(told); // not served yet, and a revision that lies in the future
            if (answer.Status >= 400 && answer.ContentType.StartsWith("application/json", StringComparison.Ordinal)) Judge(answer, told);
            seen[answer.Status] = seen.GetValueOrDefault(answer.Status) + 1;
        }
        foreach (var code in (int[])[200, 400, 404, 405, 406, 415, 422]) seen.Keys.ShouldContain(code, string.Join(", ", seen)); // it reaches every room
        (await server.Get("/api/v1/namespaces/default")).Status.ShouldBe(200);
    }

    static void Judge(Answer answer, string told)
    {
        var status = JsonNode.Parse(answer.Body.Span)!.AsObject();
        (status["kind"]?.GetValue<string>(), status["status"]?.GetValue<string>(), status["code"]?.GetValue<int>()).ShouldBe(("Status", "Failure", answer.Status), told);
        (status["reason"]?.GetValue<string>()).ShouldNotBeNullOrEmpty(told);
        (status["message"]?.GetValue<string>()).ShouldNotBeNullOrEmpty(told);
    }

    /// <summary>The beginning of a watch; some say nothing for long.</summary>
    static async Task Look(Watching watching)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        await foreach (var batch in watching.Batches.WithCancellation(enough.Token))
            foreach (var frame in batch) JsonDocument.Parse(frame.Object).Dispose();
    }

    static ApiRequest Request(Random random)
    {
        var catalog = Catalog.BuiltIn.All;
        var type = catalog[random.Next(catalog.Length)];
        var original = s_objects[random.Next(s_objects.Length)];
        if (random.Next(3) > 0) type = TypeOf(original) ?? type;
        var method = One(random, "GET", "GET", "POST", "POST", "PUT", "PATCH", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "");
        var path = Path_(random, type);
        var query = string.Join('&', Enumerable.Range(0, random.Next(4)).Select(_ => One(random, s_queries)));
        var content = method == "PATCH" && random.Next(3) > 0 ? s_types[random.Next(5, 9)] : One(random, s_types);
        return ApiRequest.To(method, $"{path}?{query}", User.Loopback) with
        {
            Body = method is "GET" or "HEAD" && random.Next(5) > 0 ? default : Bent(content.Contains("protobuf") ? ProtobufCodec.Encode(original) ?? original : original, random),
            ContentType = content, Accept = random.Next(2) == 0 ? null : One(random, s_accepts), UserAgent = One(random, "fuzz/1", "curl/8", "", new string('u', 500)), Id = "fuzz",
        };
    }

    static ResourceType? TypeOf(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var version = document.RootElement.GetProperty("apiVersion").GetString()!.Split('/');
        return Catalog.BuiltIn.OfKind(version.Length == 1 ? "" : version[0], version[^1], document.RootElement.GetProperty("kind").GetString()!);
    }

    static string Path_(Random random, ResourceType type)
    {
        var root = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        var path = new StringBuilder(root);
        if (type.Namespaced && random.Next(8) > 0) path.Append("/namespaces/").Append(random.Next(5) > 0 ? "default" : One(random, s_names));
        path.Append('/').Append(random.Next(20) > 0 ? type.Plural : One(random, s_names));
        if (random.Next(3) > 0) path.Append('/').Append(random.Next(2) == 0 ? One(random, "a", "default") : One(random, s_names));
        if (random.Next(4) == 0) path.Append('/').Append(type.Subresources.Count > 0 && random.Next(3) > 0 ? type.Subresources[random.Next(type.Subresources.Count)].Name : One(random, s_names));
        return random.Next(30) == 0 ? One(random, "/", "//", "/api", "/apis/", "/openapi/v2", "/openapi/v3/apis/x/y", "/readyz/%ff", "/metrics", "/version", "*", "/%", root + "/" + new string('/', 50)) : path.ToString();
    }

    /// <summary>A body as it was, cut, bent, turned inside out, or something else.</summary>
    static byte[] Bent(byte[] body, Random random)
    {
        var bent = (byte[])body.Clone();
        switch (random.Next(9))
        {
            case 0: return bent[..random.Next(bent.Length)];
            case 1:
                for (var n = random.Next(1, 20); n > 0; n--) bent[random.Next(bent.Length)] = (byte)random.Next(256);
                return bent;
            case 2: return [.. bent, .. bent];
            case 3: return Encoding.UTF8.GetBytes(One(random, "", "null", "7", "\"x\"", "[]", "{}", "[[[[", "{\"metadata\":7}", "{\"metadata\":{\"name\":[]}}", "\ufeff{}", "{\"a\":\"\ud800\"}", "- op", "---\n---\n", "&a [*a]", "a: !!binary x", "a: \"\\ud800\"", "{\"kind\":{}}"));
            case 4: return Encoding.UTF8.GetBytes(new string(random.Next(2) == 0 ? '[' : '{', 10_000));
            case 5: return Encoding.UTF8.GetBytes($"{{\"metadata\":{{\"name\":\"a\",\"labels\":{string.Concat(Enumerable.Repeat("{\"a\":", 10_000))}1{new string('}', 10_000)}}}}}");
            case 6: return Encoding.UTF8.GetBytes($"{{\"{new string('k', 200_000)}\":1,\"metadata\":{{\"name\":\"{new string('n', 100_000)}\"}}}}");
            case 7: return Encoding.UTF8.GetBytes(One(random,
                """[{"op":"add","path":"/spec","value":null}]""", """[{"op":"copy","from":"","path":"/metadata/a"}]""", """[{"op":"remove","path":""}]""", """[{"op":"replace","path":"","value":7}]""", """[{"op":"move","from":"/metadata","path":"/metadata/x"}]""",
                """{"$patch":"delete"}""", """{"metadata":{"$patch":"replace"}}""", """{"metadata":null,"kind":null}""", """{"metadata":{"resourceVersion":7,"uid":"x"}}""", """{"metadata":{"managedFields":[{"fieldsV1":7}]}}""", """{"metadata":{"creationTimestamp":"yesterday"}}"""));
            default: return bent;
        }
    }

    static string One(Random random, params ReadOnlySpan<string> among) => among[random.Next(among.Length)];
}
