using Kennel.Client.Running;
using Kennel.Node.Agent;
using Kennel.Objects;

namespace Kennel.Cli.Waits;

/// <summary>One object that can't go on, and who says so.</summary>
/// <param name="By">A controller's name, or <c>node worker-1</c>.</param>
/// <param name="Resource">The plural of the object's kind; empty for what is no object.</param>
/// <param name="For">What it waits for, as it stands behind "waiting for": <c>web-1 to become Ready: …</c>.</param>
/// <param name="Failures">Failed tries in a row.</param>
/// <param name="RetryAt">When it is tried again, or null when it isn't known.</param>
sealed record Wait(string By, string Resource, ObjectKey Key, string For, int Failures, DateTimeOffset Since, DateTimeOffset? RetryAt = null)
{
    public static Wait Of(Waiting w) =>
        new(w.Controller, Subjects.Of(w.Controller, w.Key), w.Key, Sentence(w.For, w.Problem), w.Failures, w.Since);

    public static Wait Of(PodWaiting w) => new($"node {w.Node}", "pods", w.Pod, w.For, 0, w.Since, w.RetryAt);

    static string Sentence(string? what, string? problem) =>
        what is null ? $"another try: {problem}" : problem is null ? what : $"{what}; the last try failed: {problem}";
}
