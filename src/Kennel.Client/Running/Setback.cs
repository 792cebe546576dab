using Kennel.Objects;

namespace Kennel.Client.Running;

/// <summary>Why a lane rests, or did lately.</summary>
/// <param name="Count">How often in a row it failed, or was needed again soon.</param>
/// <param name="Until">The step that failed, and what is behind it, is passed over until then; a lane that only rests is passed over as a whole.</param>
/// <param name="Problem">The API's message when a step failed; null when the lane only rests.</param>
/// <param name="What">The step that failed, or null.</param>
public sealed record Setback(int Count, DateTimeOffset Until, string? Problem = null, string? What = null)
{
    /// <summary>Whether it is this step that failed: another one in its place is no second try.</summary>
    public bool Concerns(Step step) => What is not null && What == Name(step);

    /// <summary><c>Create pods default/web-1</c>.</summary>
    public static string Name(Step step) => step switch
    {
        Step.Create { Object: var o } => Name(step, o),
        Step.Update { Object: var o } => Name(step, o),
        Step.UpdateStatus { Object: var o } => Name(step, o),
        Step.Patch s => Name(step, s.Resource, s.Key),
        Step.Delete s => Name(step, s.Resource, s.Key),
        Step.Post s => Name(step, s.Resource, s.Key),
        _ => step.GetType().Name,
    };

    static string Name(Step step, IObject o) => Name(step, o.Resource, ObjectKey.Of(o));

    static string Name(Step step, ResourceId resource, ObjectKey key) => $"{step.GetType().Name} {resource.Plural} {key}";
}
