using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Batch;

sealed class JobRules(ResourceType type) : KindRules(type)
{
    const int LongestManager = 63;

    public override DeletionPropagation DefaultPropagation => DeletionPropagation.Orphan;

    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } = [("status.successful", "0")];

    public override string? Field(JsonElement o, string path) =>
        path == "status.successful" ? Walk.Text(o, "status.succeeded") ?? "0" : base.Field(o, path);

    protected override void DefaultMore(JsonObject o) => JobDefaults.Apply(o);

    public override void PrepareForCreate(JsonObject o, Occasion when)
    {
        base.PrepareForCreate(o, when);
        if (o.Obj("spec") is not { } spec || spec.Bool("manualSelector") == true) return;
        var inherits = Same.Values(o.Obj("metadata").Obj("labels"), spec.Obj("template").Obj("metadata").Obj("labels"));
        JobSelector.Generate(o, spec);
        if (inherits) o.Obj("metadata")!.Remove("labels");
        JobDefaults.LabelsOfTemplate(o, spec);
    }

    protected override void Check(JsonObject o, Errors errors) => Check(o, errors, prefixedLabels: true);

    static void Check(JsonObject o, Errors errors, bool prefixedLabels)
    {
        JobSelector.Check(o, prefixedLabels, errors);
        CheckSpec(o.Obj("spec"), "spec", errors);
        JobSelector.CheckMatch(o.Obj("spec"), errors);
        HostnamesFit(o, errors);
    }

    /// <summary>Pods of an Indexed Job are called after it, up to the last index.</summary>
    static void HostnamesFit(JsonObject o, Errors errors)
    {
        var (name, completions) = (o.Obj("metadata").Text("name") ?? "", o.Obj("spec").Int("completions") ?? 0);
        if (o.Obj("spec").Text("completionMode") != "Indexed" || completions <= 0) return;
        var longest = $"{name}-{completions - 1}";
        if (Names.Label(longest) is not null) errors.Invalid("metadata.name", name, $"will not able to create pod with invalid DNS label: {longest}");
    }

    /// <summary>The spec of a Job, or of the Jobs that a CronJob makes.</summary>
    public static void CheckSpec(JsonObject? spec, At at, Errors errors)
    {
        foreach (var count in (ReadOnlySpan<string>)["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes"])
            errors.NotNegative(at[count], spec.Int(count));
        if (spec.Has("maxFailedIndexes") && !spec.Has("backoffLimitPerIndex")) errors.Required(at["backoffLimitPerIndex"], "when maxFailedIndexes is specified");
        ManagedBy(spec.Text("managedBy"), at["managedBy"], errors);
        CompletionRules.Check(spec, at, errors);
        if (spec.Obj("podFailurePolicy") is { } failures) FailurePolicyRules.Check(failures, spec!, at["podFailurePolicy"], errors);
        SuccessPolicyRules.Check(spec, at["successPolicy"], errors);
        Replacement(spec, at["podReplacementPolicy"], errors);
        TemplateRules.Check(spec.Obj("template"), at["template"], errors);
        Restarts(spec, at["template"]["spec"]["restartPolicy"], errors);
    }

    static void ManagedBy(string? who, At at, Errors errors)
    {
        if (who is null) return;
        if (who.Length == 0) errors.Required(at);
        else if (who.Split('/', 2) is not [{ Length: > 0 } host, { Length: > 0 }]) errors.Invalid(at, who, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        else errors.Unless(Names.Subdomain(host), at, host);
        if (who.Length > LongestManager) errors.TooLong(at, LongestManager);
    }

    static void Replacement(JsonObject? spec, At at, Errors errors)
    {
        if (spec.Text("podReplacementPolicy") is not { } policy) return;
        if (spec.Has("podFailurePolicy"))
        {
            if (policy != "Failed") errors.NotSupported(at, policy, "Failed");
        }
        else if (policy is not ("Failed" or "TerminatingOrFailed")) errors.NotSupported(at, policy, "Failed", "TerminatingOrFailed");
    }

    static void Restarts(JsonObject? spec, At at, Errors errors)
    {
        var policy = spec.Obj("template").Obj("spec").Text("restartPolicy");
        if (policy is null or "" or "Always") errors.Required(at, "valid values: \"OnFailure\", \"Never\"");
        else if (policy is not ("OnFailure" or "Never")) errors.NotSupported(at, policy, "OnFailure", "Never");
        else if (policy != "Never" && spec.Has("podFailurePolicy")) errors.Invalid(at, policy, "only \"Never\" is supported when podFailurePolicy is specified");
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status") JobStatusRules.Check(o, old, errors);
        if (subresource == "status") return;
        var (spec, was) = (o.Obj("spec"), old.Obj("spec"));
        Check(o, errors, JobSelector.HasPrefixedLabels(was));
        CompletionRules.CheckUpdate(spec, was, errors);
        errors.Unchanged("spec.selector", spec.Node("selector"), was.Node("selector"));
        SuspendedTemplate.CheckUpdate(spec, old, errors);
        foreach (var field in (ReadOnlySpan<string>)["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"])
            errors.Unchanged(((At)"spec")[field], spec.Node(field), was.Node(field));
    }

    public override IReadOnlyList<string> Warnings(JsonObject o) =>
        [.. BatchWarnings.Name(o), .. BatchWarnings.Spec(o.Obj("spec"), "spec")];
}
