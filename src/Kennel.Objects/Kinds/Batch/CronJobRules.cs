using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Batch;

sealed class CronJobRules(ResourceType type) : KindRules(type)
{
    /// <summary>A job's name gets 11 characters of time behind the cron job's.</summary>
    const int LongestName = 52;

    public override string? NameProblem(string name, bool prefix) => name.Length > LongestName ? $"must be no more than {LongestName} characters" : Names.Subdomain(name, prefix);

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        if (spec.Text("schedule") is null or "") errors.Required(at["schedule"]);
        if (spec.Text("concurrencyPolicy") is not ("Allow" or "Forbid" or "Replace")) errors.NotSupported(at["concurrencyPolicy"], spec.Text("concurrencyPolicy") ?? "", "Allow", "Forbid", "Replace");
        foreach (var count in (ReadOnlySpan<string>)["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"]) errors.NotNegative(at[count], spec.Int(count));
        JobRules.CheckSpec(spec.Obj("jobTemplate").Obj("spec"), at["jobTemplate"]["spec"], errors);
    }
}
