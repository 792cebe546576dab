using System.Globalization;
using Kennel.Objects.Refusals;

namespace Kennel.Server.Reading;

/// <summary>What <c>resourceVersion</c> and <c>resourceVersionMatch</c> ask for, and upstream's words for what can't be had.</summary>
static class Revisions
{
    /// <summary>The revision in a query: null when absent, 0 for "any".</summary>
    public static Result<long?> Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return (long?)null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : new Refusal(400, "BadRequest", $"resourceVersion: Invalid value: \"{text}\": must be a number");
    }

    /// <summary>Null when the match rule fits the other parameters of a list.</summary>
    public static Refusal? Check(Call call)
    {
        var match = call.Query["resourceVersionMatch"];
        if (string.IsNullOrEmpty(match)) return null;
        if (match is not ("Exact" or "NotOlderThan"))
            return Bad(FieldError.NotSupported("resourceVersionMatch", match, "Exact", "NotOlderThan", ""));
        if (call.Query.Has("continue")) return Bad(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
        if (!call.Query.Has("resourceVersion")) return Bad(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided"));
        if (match == "Exact" && call.Query["resourceVersion"] == "0")
            return Bad(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\""));
        return null;
    }

    /// <summary>Null when the store has come as far as a client says it has.</summary>
    public static Refusal? Reached(Call call, long revision) => revision <= call.Parts.Store.Revision ? null :
        new Refusal(504, "Timeout", $"Too large resource version: {revision}, current: {call.Parts.Store.Revision}")
        {
            RetryAfterSeconds = 1,
            Causes = [new FieldError("ResourceVersionTooLarge", "", "Too large resource version")],
        };

    public static Refusal TooOld(long asked, long oldest) => Refusal.Expired($"too old resource version: {asked} ({oldest})");

    public static Refusal ListTooOld() => Refusal.Expired("The resourceVersion for the provided list is too old.");

    internal static Refusal Bad(params FieldError[] errors) =>
        new(422, "Invalid", $"ListOptions.meta.k8s.io \"\" is invalid: {(errors.Length == 1 ? errors[0].ToString() : $"[{string.Join(", ", (object[])errors)}]")}")
        { Group = "meta.k8s.io", Kind = "ListOptions", Causes = errors };
}
