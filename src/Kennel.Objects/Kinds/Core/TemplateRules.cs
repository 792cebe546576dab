using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;

namespace Kennel.Objects.Kinds.Core;

/// <summary>The pod template of a workload.</summary>
static class TemplateRules
{
    public const string Mismatch = "`selector` does not match template `labels`";

    public static void Check(JsonObject? template, At at, Errors errors, IReadOnlySet<string>? claims = null, bool namesHost = true)
    {
        var meta = template.Obj("metadata");
        Labels.Check(meta.Obj("labels"), at["labels"], errors);
        ObjectMetaRules.CheckAnnotations(meta.Obj("annotations"), at["annotations"], errors);
        PodSpecRules.Check(template.Obj("spec"), at["spec"], errors, isPod: false, claims, namesHost);
        if (template.Obj("spec").List("ephemeralContainers") is { Count: > 0 })
            errors.Forbidden(at["spec"]["ephemeralContainers"], "ephemeral containers not allowed in pod template");
    }

    /// <summary>A selector of the apps group: it must be there, mean something, and mean the template's pods.</summary>
    /// <param name="unreadable">What upstream adds about a selector that can't be read as one; null when it adds nothing.</param>
    /// <returns>Whether the selector can be read; with one that can't, upstream looks no further into the template.</returns>
    public static bool CheckSelector(JsonObject? spec, string kind, string? unreadable, Errors errors)
    {
        At at = "spec";
        var selector = spec.Obj("selector");
        if (selector is null) errors.Required(at["selector"]);
        else
        {
            var before = errors.Count;
            Labels.CheckSelector(selector, at["selector"], errors);
            var readable = errors.Count == before;
            if (Labels.IsEmpty(selector)) errors.Invalid(at["selector"], selector, $"empty selector is invalid for {kind}");
            if (!readable && unreadable is not null) errors.Invalid(at["selector"], selector, unreadable);
            if (!readable) return false;
        }
        CheckMatch(spec, at["template"], errors);
        return true;
    }

    static void CheckMatch(JsonObject? spec, At at, Errors errors)
    {
        var labels = spec.Obj("template").Obj("metadata").Obj("labels");
        var selector = spec.Obj("selector");
        if (selector is null || (!Labels.IsEmpty(selector) && !Labels.Match(selector, labels)))
        {
            if (labels is null) errors.Add(Refusals.FieldError.InvalidNothing(at["metadata"]["labels"].ToString(), Mismatch));
            else errors.Invalid(at["metadata"]["labels"], labels, Mismatch);
        }
    }

    /// <summary>Pods that are kept running: they always restart, and have no deadline.</summary>
    public static void CheckKeptRunning(JsonObject? template, At at, string kind, Errors errors)
    {
        var spec = template.Obj("spec");
        if (spec.Text("restartPolicy") is { Length: > 0 } policy and not "Always") errors.NotSupported(at["spec"]["restartPolicy"], policy, "Always");
        if (spec.Has("activeDeadlineSeconds")) errors.Forbidden(at["spec"]["activeDeadlineSeconds"], $"activeDeadlineSeconds in {kind} is not Supported");
    }

    public static IReadOnlyList<string> Warnings(JsonObject? template, string at) => PodWarnings.Of(template.Obj("spec"), at);
}

/// <summary>Counts by number or by share.</summary>
static class IntOrPercent
{
    const string BadPercent = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

    public static void Check(JsonNode? value, At at, Errors errors)
    {
        if (value.AsText() is { } text)
        {
            if (Percent(text) is null) errors.Invalid(at, text, BadPercent);
        }
        else errors.NotNegative(at, value.AsInt());
    }

    public static void AtMostAll(JsonNode? value, At at, Errors errors)
    {
        if (Percent(value.AsText()) > 100) errors.Invalid(at, value, "must not be greater than 100%");
    }

    public static long? Percent(string? text) => text is { Length: > 1 and < 12 } && text[^1] == '%' && !text.AsSpan(0, text.Length - 1).ContainsAnyExceptInRange('0', '9')
        ? long.Parse(text.AsSpan(0, text.Length - 1), System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>As upstream counts: a text that is neither a share nor a number is 0, too.</summary>
    public static bool IsZero(JsonNode? value) => value.AsText() is { } text
        ? (Percent(text) ?? (long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0)) == 0
        : value.AsInt() is null or 0;
}
