using Kennel.Objects.Refusals;
using Kennel.Objects.Tables;
using Kennel.Server.Routing;

namespace Kennel.Server.Answers;

enum Shape { Object, Table, Metadata }

enum Media { Json, Yaml, Protobuf }

/// <summary>How an answer is to be written.</summary>
/// <param name="JsonAccepted">JSON will do for what has no form in the media type that is wanted most.</param>
sealed record Format(Shape Shape, Media Media, bool JsonAccepted, bool Pretty, IncludeObject Include)
{
    public static readonly Format Plain = new(Shape.Object, Media.Json, JsonAccepted: true, Pretty: false, IncludeObject.Metadata);

    const string MetaGroup = "meta.k8s.io";

    static readonly Refusal s_nothing = Refusal.NotAcceptable(
        "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf");

    static readonly Refusal s_noStream = Refusal.NotAcceptable(
        "only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");

    public bool Protobuf => Media == Media.Protobuf;

    /// <summary>What a client wants most of what we have; 406 when it wants none of it.</summary>
    public static Result<Format> Of(ApiRequest request, RequestQuery query)
    {
        var format = Plain;
        if (WantsPretty(request, query)) format = format with { Pretty = true };
        if (query["includeObject"] is { Length: > 0 } wanted)
        {
            if (Included(wanted) is not { } include) return Refusal.NotAcceptable($"unrecognized includeObject value: \"{wanted}\"");
            format = format with { Include = include };
        }
        if (string.IsNullOrEmpty(request.Accept) || request.Accept == Encode.Json) return format;
        var watching = query.Flag("watch");
        Format? found = null;
        foreach (var range in MediaRange.Parse(request.Accept))
        {
            if (Read(range) is not var (shape, media)) continue;
            // YAML can't be streamed.
            if (watching && media == Media.Yaml && found is null) return s_noStream;
            found ??= format with { Shape = shape, Media = media, JsonAccepted = media != Media.Protobuf };
            if (media == Media.Json && shape == found.Shape) found = found with { JsonAccepted = true };
        }
        return found is not null ? found : watching ? s_noStream : s_nothing;
    }

    /// <summary>For what is said when things went wrong, whatever was asked for.</summary>
    public static Format ForStatus(ApiRequest request, RequestQuery query) =>
        Of(request, query) is { Refusal: null } of ? of.Value with { Shape = Shape.Object } : Plain with { Pretty = WantsPretty(request, query) };

    static (Shape Shape, Media Media)? Read(MediaRange range)
    {
        if (MediaOf(range) is not { } media) return null;
        return (range["as"], range["g"], range["v"]) switch
        {
            (null, _, _) => (Shape.Object, media),
            ("Table", MetaGroup, "v1" or "v1beta1") when media != Media.Protobuf => (Shape.Table, media),
            ("PartialObjectMetadata" or "PartialObjectMetadataList", MetaGroup, "v1" or "v1beta1") => (Shape.Metadata, media),
            _ => null,
        };
    }

    static Media? MediaOf(MediaRange range) => (range.Type, range.Subtype) switch
    {
        ("application", "json" or "*") or ("*", "*") => Media.Json,
        ("application", "yaml") => Media.Yaml,
        ("application", "vnd.kubernetes.protobuf") => Media.Protobuf,
        _ => null,
    };

    /// <summary>Upstream's rule: when asked, and for people who look with a browser or curl.</summary>
    static bool WantsPretty(ApiRequest request, RequestQuery query) => query["pretty"] is { Length: > 0 } asked
        ? asked is "1" or "t" or "T" or "true" or "TRUE" or "True"
        : request.UserAgent is { } agent && (agent.StartsWith("curl") || agent.StartsWith("Wget") || agent.StartsWith("Mozilla/5.0"));

    static IncludeObject? Included(string text) => text switch
    {
        "None" => IncludeObject.None,
        "Object" => IncludeObject.Object,
        "Metadata" => IncludeObject.Metadata,
        _ => null,
    };
}
