using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core;

namespace Kennel.Objects.Kinds.Batch;

/// <summary>A Job selects its own pods by its uid, so that two Jobs never share any, unless its user says <c>manualSelector</c>.</summary>
static class JobSelector
{
    const string Prefix = "batch.kubernetes.io/";
    const string Uid = "controller-uid";
    const string Name = "job-name";

    public static void Generate(JsonObject job, JsonObject spec)
    {
        var (uid, name) = (job.Obj("metadata").Text("uid") ?? "", job.Obj("metadata").Text("name") ?? "");
        var labels = spec.Make("template").Make("metadata").Make("labels");
        labels.Lack(Name, name);
        labels.Lack(Prefix + Name, name);
        labels.Lack(Uid, uid);
        labels.Lack(Prefix + Uid, uid);
        spec.Make("selector").Make("matchLabels").Lack(Prefix + Uid, uid);
    }

    /// <summary>Jobs of before the labels had a prefix stay without.</summary>
    public static bool HasPrefixedLabels(JsonObject? spec) =>
        spec.Obj("template").Obj("metadata").Obj("labels") is var labels && labels.Has(Prefix + Name) && labels.Has(Prefix + Uid);

    /// <summary>What was generated is there, and nothing of the user's contradicts it.</summary>
    public static void Check(JsonObject o, bool prefixed, Errors errors)
    {
        var (spec, meta) = (o.Obj("spec"), o.Obj("metadata"));
        if (spec.Bool("manualSelector") == true || spec.Obj("selector") is not { } selector) return;
        var (uid, name) = (meta.Text("uid") ?? "", meta.Text("name") ?? "");
        if (uid.Length == 0) errors.Required("metadata.uid");
        var expected = new JsonObject { [Uid] = uid, [Name] = name };
        if (prefixed) (expected[Prefix + Uid], expected[Prefix + Name]) = (uid, name);
        foreach (var (key, value) in expected) HasLabel(spec.Obj("template").Obj("metadata").Obj("labels"), key, value.AsText()!, errors);
        if (!Labels.Match(selector, expected)) errors.Invalid("spec.selector", selector, "`selector` not auto-generated");
    }

    static void HasLabel(JsonObject? labels, string key, string value, Errors errors)
    {
        var at = ((At)"spec")["template"]["metadata"]["labels"];
        if (labels.Text(key) is not { } found) errors.Required(at.Key(key), $"must be '{value}'");
        else if (found != value) errors.Invalid(at.Key(key), labels, $"must be '{value}'");
    }

    public static void CheckMatch(JsonObject? spec, Errors errors)
    {
        if (spec.Obj("selector") is not { } selector)
        {
            errors.Required("spec.selector");
            return;
        }
        Labels.CheckSelector(selector, "spec.selector", errors);
        if (spec.Obj("template").Obj("metadata").Obj("labels") is var labels && !Labels.Match(selector, labels))
            errors.Invalid("spec.template.metadata.labels", labels ?? [], TemplateRules.Mismatch);
    }
}
