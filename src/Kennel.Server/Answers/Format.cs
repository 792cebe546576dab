using Kennel.Objects.Refusals;
using Kennel.Objects.Tables;
using Kennel.Server.Routing;

namespace Kennel.Server.Answers;

enum Shape { Object, Table, Metadata }

/// <summary>How an answer is to be written.</summary>
sealed record Format(Shape Shape, bool Protobuf, bool JsonAccepted, bool Pretty, IncludeObject Include)
{
    public static readonly Format Plain = new(Shape.Object, Protobuf: false, JsonAccepted: true, Pretty: false, IncludeObject.Metadata);

    const string MetaGroup = "meta.k8s.io";

    static readonly Refusal s_nothing = Refusal.NotAcceptable(
        "only the following media types are accepted: application/json, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");

    /// <summary>The first form in the Accept header that we have.</summary>
    public static Result<Format> Of(ApiRequest request, RequestQuery query)
    {
        var format = Plain with { Pretty = WantsPretty(request, query), Include = Included(query["includeObject"]) };
        if (string.IsNullOrEmpty(request.Accept) || request.Accept == "application/json") return format;
        Format? found = null;
        foreach (var range in request.Accept.Split(','))
        {
            if (Read(range) is not var (shape, protobuf)) continue;
            found ??= format with { Shape = shape, Protobuf = protobuf, JsonAccepted = !protobuf };
            if (!protobuf && shape == found.Shape) found = found with { JsonAccepted = true };
        }
        return found is null ? s_nothing : found;
    }

    static (Shape Shape, bool Protobuf)? Read(string range)
    {
        var parts = range.Split(';', StringSplitOptions.TrimEntries);
        bool? protobuf = parts[0] switch
        {
            "application/json" or "*/*" or "application/*" => false,
            "application/vnd.kubernetes.protobuf" => true,
            _ => null,
        };
        if (protobuf is not { } binary) return null;
        string? form = null, group = null, version = null;
        foreach (var part in parts.AsSpan(1))
        {
            if (part.StartsWith("as=")) form = part[3..];
            else if (part.StartsWith("g=")) group = part[2..];
            else if (part.StartsWith("v=")) version = part[2..];
        }
        return (form, group, version) switch
        {
            (null, _, _) => (Shape.Object, binary),
            ("Table", MetaGroup, "v1") => (Shape.Table, binary),
            ("PartialObjectMetadata" or "PartialObjectMetadataList", MetaGroup, "v1") => (Shape.Metadata, binary),
            _ => null,
        };
    }

    /// <summary>Upstream's rule: when asked, and for people who look with a browser or curl.</summary>
    static bool WantsPretty(ApiRequest request, RequestQuery query) => query["pretty"] is { } asked
        ? asked is not ("false" or "0")
        : request.UserAgent is { } agent && (agent.StartsWith("curl") || agent.StartsWith("Wget") || agent.StartsWith("Mozilla/5.0"));

    static IncludeObject Included(string? text) => text switch
    {
        "None" => IncludeObject.None,
        "Object" => IncludeObject.Object,
        _ => IncludeObject.Metadata,
    };
}
