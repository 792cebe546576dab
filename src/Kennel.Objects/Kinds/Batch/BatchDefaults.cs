using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Batch;

static class BatchDefaults
{
    public static void Job(JsonObject spec)
    {
        if (!spec.Has("completions") && !spec.Has("parallelism"))
        {
            spec["completions"] = 1L;
            spec["parallelism"] = 1L;
        }
        spec.Lack("parallelism", 1L);
        spec.LackText("podReplacementPolicy", spec.Has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
    }
}
