using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;

namespace Kennel.Server.Writing;

/// <summary>The options of a write as the query says them: <c>dryRun</c>, <c>fieldManager</c>, <c>fieldValidation</c>, <c>force</c>.</summary>
static class WriteOptions
{
    const int LongestManager = 128;

    /// <summary>Null when they may be said of the verb. Upstream's kinds and words.</summary>
    public static Refusal? Check(Call call)
    {
        var kind = call.Route.Verb switch { "create" => "CreateOptions", "update" => "UpdateOptions", "patch" => "PatchOptions", _ => null };
        if (kind is null || call.Request.Query.Length == 0) return kind == "PatchOptions" ? Patched(call, []) : null;
        var errors = new List<FieldError>();
        if (call.Query["fieldManager"] is { Length: > 0 } manager) Manager(manager, errors);
        DryRun(call, errors);
        if (call.Query["fieldValidation"] is { } validation and not ("" or "Ignore" or "Warn" or "Strict"))
            errors.Add(FieldError.NotSupported("fieldValidation", validation, "", "Ignore", "Strict", "Warn"));
        return kind == "PatchOptions" ? Patched(call, errors) : Refused(kind, errors);
    }

    /// <summary>A patch has two more: an apply names its manager, and only an apply may be forced.</summary>
    static Refusal? Patched(Call call, List<FieldError> errors)
    {
        if (Patch.IsApply(call))
        {
            if (!call.Query.Has("fieldManager")) errors.Insert(0, FieldError.Required("fieldManager", "is required for apply patch"));
        }
        else if (call.Query.Has("force")) errors.Insert(0, FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        return Refused("PatchOptions", errors);
    }

    static void Manager(string manager, List<FieldError> errors)
    {
        if (Encoding.UTF8.GetByteCount(manager) > LongestManager) errors.Add(FieldError.TooLong("fieldManager", LongestManager));
        foreach (var rune in manager.EnumerateRunes())
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                errors.Add(FieldError.Invalid("fieldManager", manager, "should only contain printable characters"));
                break;
            }
    }

    static void DryRun(Call call, List<FieldError> errors)
    {
        var said = call.Query.All("dryRun").Where(d => d.Length > 0).ToList();
        if (said.TrueForAll(d => d == "All")) return;
        errors.Add(FieldError.NotSupported("dryRun", new JsonArray([.. said.Select(d => (JsonNode)d)]), "All"));
    }

    internal static Refusal? Refused(string kind, IReadOnlyList<FieldError> errors) => errors.Count == 0 ? null :
        new(422, "Invalid", $"{kind}.meta.k8s.io \"\" is invalid: {(errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]")}")
        { Group = "meta.k8s.io", Kind = kind, Causes = errors };
}
