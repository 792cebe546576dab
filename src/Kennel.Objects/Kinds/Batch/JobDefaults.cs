using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Batch;

/// <summary>What a Job gets that its user left out. The template of a CronJob gets none of it: its Jobs do when they are made.</summary>
static class JobDefaults
{
    /// <summary>Where each index has a limit of its own, only that one counts.</summary>
    const long NoLimit = int.MaxValue;

    public static void Apply(JsonObject job)
    {
        if (job.Obj("spec") is not { } spec) return;
        if (!spec.Has("completions") && !spec.Has("parallelism"))
        {
            spec["completions"] = 1L;
            spec["parallelism"] = 1L;
        }
        spec.Lack("parallelism", 1L);
        spec.Lack("backoffLimit", spec.Has("backoffLimitPerIndex") ? NoLimit : 6L);
        spec.Lack("completionMode", "NonIndexed");
        spec.Lack("suspend", false);
        spec.Lack("podReplacementPolicy", spec.Has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        spec.Lack("manualSelector", false);
        LabelsOfTemplate(job, spec);
    }

    /// <summary>A Job without labels has those of its pods.</summary>
    public static void LabelsOfTemplate(JsonObject job, JsonObject spec)
    {
        if (spec.Obj("template").Obj("metadata").Obj("labels") is { Count: > 0 } labels && job.Obj("metadata").Obj("labels") is not { Count: > 0 })
            job.Make("metadata")["labels"] = labels.DeepClone();
    }
}
