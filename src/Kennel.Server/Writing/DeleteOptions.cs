using System.Globalization;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Bodies;

namespace Kennel.Server.Writing;

/// <summary>How to delete: from the body, or from the query when there is no body.</summary>
sealed record DeleteOptions(long? GraceSeconds, string Propagation, bool? OrphanDependents, string Uid, string ResourceVersion, bool DryRun)
{
    public static Result<DeleteOptions> Of(Call call)
    {
        JsonObject? body = null;
        long? grace = null;
        if (call.Query["gracePeriodSeconds"] is { Length: > 0 } said && (grace = Number(said)) is null)
            return Refusal.BadRequest($"strconv.ParseInt: parsing \"{said}\": invalid syntax");
        if (!call.Request.Body.IsEmpty)
        {
            var schema = call.Parts.Catalog.SchemaOf("", "v1", "DeleteOptions") ?? call.Parts.Catalog.Definition("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");
            var text = Body.Text(call.Request);
            if (text.Refusal is { } unreadable) return unreadable;
            if (SaidKind.Of(text.Value.Span).Kind is { Length: > 0 } kind and not "DeleteOptions")
                return Refusal.BadRequest($"decoded object cannot be converted to DeleteOptions: the kind in the data is {kind}");
            var decoded = Objects.Decoding.Decode.Object(text.Value.Span, schema);
            if (decoded.Refusal is { } wrong) return wrong;
            body = decoded.Object;
        }
        var preconditions = body.Object("preconditions");
        var options = new DeleteOptions(
            body.Number("gracePeriodSeconds") ?? grace,
            body.Text("propagationPolicy") is { Length: > 0 } policy ? policy : call.Query["propagationPolicy"] ?? "",
            (body?["orphanDependents"] as JsonValue)?.GetValue<bool>() ?? (call.Query["orphanDependents"] is { } orphan ? Routing.RequestQuery.IsTrue(orphan) : null),
            preconditions.Text("uid"), preconditions.Text("resourceVersion"),
            call.DryRun || body?["dryRun"] is JsonArray { Count: > 0 });
        return options.Check(body?["dryRun"] is JsonArray ? [.. body.Texts("dryRun")] : [.. call.Query.All("dryRun").Where(d => d.Length > 0)]) is { } refusal ? refusal : options;
    }

    Refusal? Check(IReadOnlyList<string> dryRun)
    {
        if (dryRun.Any(d => d != "All")) return Invalid(FieldError.NotSupported("dryRun", new JsonArray([.. dryRun.Select(d => (JsonNode)d)]), "All"));
        if (Propagation is not ("" or "Foreground" or "Background" or "Orphan"))
            return Invalid(FieldError.NotSupported("propagationPolicy", Propagation, "Foreground", "Background", "Orphan", "nil"));
        return Propagation.Length > 0 && OrphanDependents is not null
            ? Invalid(FieldError.Invalid("propagationPolicy", Propagation, "orphanDependents and deletionPropagation cannot be both set"))
            : null;
    }

    static Refusal Invalid(FieldError error) => WriteOptions.Refused("DeleteOptions", [error])!;

    static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null;
}
