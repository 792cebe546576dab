using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Documents;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Answers;
using Kennel.Server.Routing;

namespace Kennel.Server.Documents;

/// <summary>Paths that are no objects: discovery, OpenAPI, health, version, metrics. Documents are made when first asked for.</summary>
sealed class SystemPaths(Catalog catalog, Health health, Func<CancellationToken, ValueTask<byte[]>> metrics, string address, OpenIdDocuments openId)
{
    readonly Lazy<DiscoveryDocuments> _discovery = new(() => new DiscoveryDocuments(catalog));
    readonly Lazy<OpenApiDocuments> _openApi = new(() => new OpenApiDocuments(catalog));
    readonly Dictionary<string, Answer> _kept = [];

    /// <summary>Documents of other rooms by path, made at each request.</summary>
    public ConcurrentDictionary<string, Func<byte[]>> Further { get; } = new(StringComparer.Ordinal);

    public async ValueTask<ApiResponse> Handle(ApiRequest request, RequestQuery query, CancellationToken cancel)
    {
        if (request.Method is not ("GET" or "HEAD")) return Refusal.NoSuchPath();
        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["healthz" or "livez" or "readyz", ..] => health.Answer(parts, query),
            ["version"] => Json(Version.Document),
            ["metrics"] => new Answer(200, await metrics(cancel), MetricsText.ContentType),
            ["api" or "apis"] when Aggregated(request.Accept) is { } version => Hashed(request, Keep(parts[0] + version, () => new Answer(
                200, _discovery.Value.Aggregated(parts[0] == "api", version), $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList"))),
            ["api" or "apis", ..] => Written(request, query, Discovery(parts)),
            ["openapi", ..] => OpenApi(parts, request),
            _ when openId.Find(request.Path) is { } keys => keys,
            _ when Further.TryGetValue(request.Path, out var document) => Json(document()),
            [] => Json(Paths()),
            _ => Refusal.NoSuchPath(),
        };
    }

    ApiResponse Discovery(string[] parts) => parts switch
    {
        ["api"] => Json(_discovery.Value.CoreVersions(address)),
        ["api", var version] => Found(_discovery.Value.Resources("", version)),
        ["apis"] => Keep("apis", () => Json(_discovery.Value.Groups())),
        ["apis", var group] => Found(_discovery.Value.Group(group)),
        ["apis", var group, var version] => Found(_discovery.Value.Resources(group, version)),
        _ => Refusal.NoSuchPath(),
    };

    ApiResponse OpenApi(string[] parts, ApiRequest request) => parts switch
    {
        ["openapi", "v2"] => request.Accept?.Contains("protobuf", StringComparison.Ordinal) == true
            ? Hashed(request, new Answer(200, _openApi.Value.V2Protobuf(), OpenApiDocuments.V2ProtobufType))
            : Hashed(request, Json(_openApi.Value.V2())),
        ["openapi", "v3"] => Keep("openapi/v3", () => Json(_openApi.Value.Index())),
        ["openapi", "v3", "api", var version] => Document(request, _openApi.Value.V3("", version)),
        ["openapi", "v3", "apis", var group, var version] => Document(request, _openApi.Value.V3(group, version)),
        _ => Refusal.NoSuchPath(),
    };

    /// <summary>Plain discovery documents are written as objects are: in the media type that is wanted, and indented for people.</summary>
    static ApiResponse Written(ApiRequest request, RequestQuery query, ApiResponse response) =>
        response is Answer { Refusal: null } answer ? Encode.As(answer, Format.ForStatus(request, query)) ?? answer : response;

    /// <summary>The version of aggregated discovery that a client wants first.</summary>
    static string? Aggregated(string? accept)
    {
        foreach (var range in (accept ?? "").Split(','))
        {
            if (range.Contains("as=APIGroupDiscoveryList")) return range.Contains("v=v2beta1") ? "v2beta1" : range.Contains("v=v2") ? "v2" : null;
            if (range.Trim().StartsWith("application/json", StringComparison.Ordinal)) return null;
        }
        return null;
    }

    /// <summary>Clients ask by hash, so what they get never changes.</summary>
    static ApiResponse Document(ApiRequest request, OpenApiDocuments.Document? document) =>
        document is null ? Refusal.NoSuchPath() : Hashed(request, Json(document.Json), [("Cache-Control", "public, max-age=31536000, immutable")]);

    /// <summary>With the Etag by which clients ask again; without a body for those who have it.</summary>
    static Answer Hashed(ApiRequest request, Answer answer, params IEnumerable<(string, string)> more)
    {
        var tag = $"\"{OpenApiDocuments.Hash}\"";
        var hashed = request.IfNoneMatch == tag ? answer with { Status = 304, Body = default } : answer;
        return hashed with { Headers = [("Etag", tag), ("Vary", "Accept"), .. more] };
    }

    static ApiResponse Found(byte[]? json) => json is null ? Refusal.NoSuchPath() : Json(json);

    static Answer Json(ReadOnlyMemory<byte> json) => new(200, json, Encode.Json);

    Answer Keep(string name, Func<Answer> make)
    {
        lock (_kept) return _kept.TryGetValue(name, out var answer) ? answer : _kept[name] = make();
    }

    /// <summary><c>/</c>: where there is something to see.</summary>
    byte[] Paths()
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal) 
        {
            "/.well-known/openid-configuration", "/api", "/api/v1", "/apis", "/apis/", "/metrics", "/openapi/v2", "/openapi/v3", "/openapi/v3/", "/openid/v1/jwks", "/version",
        };
        foreach (var type in catalog.All.Where(t => t.Group.Length > 0)) paths.UnionWith([$"/apis/{type.Group}", $"/apis/{type.ApiVersion}"]);
        foreach (var probe in (string[])["/healthz", "/livez", "/readyz"])
        {
            paths.Add(probe);
            foreach (var check in health.Names(probe)) paths.Add($"{probe}/{check}");
        }
        return Encode.Indented(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["paths"] = new JsonArray([.. paths.Select(p => (JsonNode)p)]) }));
    }
}
