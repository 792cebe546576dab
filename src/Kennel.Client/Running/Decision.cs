using System.Collections.Immutable;
using Kennel.Objects;

namespace Kennel.Client.Running;

/// <summary>What a pure <c>Decide</c> says: the next steps, or what it waits for and when to look again.</summary>
/// <param name="Steps">
/// Applied in order. A failed step ends its <see cref="Step.Lane"/>: that lane is tried again with a back-off of its own while the others go on.
/// A failed step without a lane ends the round, and the key is tried again with back-off.
/// </param>
/// <param name="WaitingFor">A sentence for users with the object that is waited on (<c>web-1 to become Ready: readiness probe failed</c>), or null.</param>
/// <param name="At">When to look again even if nothing changes, or null.</param>
public sealed record Decision(ImmutableArray<Step> Steps, string? WaitingFor = null, DateTimeOffset? At = null)
{
    public static readonly Decision Nothing = new([]);

    public static Decision Wait(string waitingFor, DateTimeOffset? at = null) => new([], waitingFor, at);
}

/// <summary>One effect on the API. The <see cref="Runner"/> is the only one who carries them out.</summary>
public abstract record Step
{
    /// <summary>An event to record when the step succeeded.</summary>
    public Note? Done { get; init; }

    /// <summary>An event to record when it failed; <c>{0}</c> in its message is the API's message.</summary>
    public Note? Failed { get; init; }

    /// <summary>A failure of this step doesn't stop the steps behind it; the round still counts as failed.</summary>
    public bool MayFail { get; init; }

    /// <summary>
    /// What fails together: <c>web-2</c>. Steps of a lane depend on those before them in it and on nothing of other lanes. While a lane rests, what
    /// failed in it is passed over with all behind it, whatever wakes the key. A name is remembered for as long as its setbacks count, so a name with the generation in it
    /// (<c>web-2@7</c>) starts afresh when the user has changed something. Null: the trunk, that everything behind it depends on.
    /// </summary>
    public string? Lane { get; init; }

    /// <summary>
    /// How long the lane rests after this step has succeeded, longer each time it is needed again soon: what undoes a relapse (a failed pod is
    /// deleted, its successor fails too), or what is told at a measured pace (a status). Null: not at all. Only with a <see cref="Lane"/>.
    /// </summary>
    public Backoff? Rest { get; init; }

    /// <summary>
    /// Neighbours with the same number (other than 0) are tried all, even if one of them fails; then the round ends. Numbers of the powers of
    /// two make a slow start: one that is refused costs few more refusals.
    /// </summary>
    public int Batch { get; init; }

    /// <summary>Creates an object.</summary>
    /// <param name="AlreadyThereIsFine">Answer 409 AlreadyExists counts as success.</param>
    public sealed record Create(IObject Object, bool AlreadyThereIsFine = false) : Step;

    /// <summary>Replaces an object; its resourceVersion is the expectation.</summary>
    public sealed record Update(IObject Object) : Step;

    /// <summary>Replaces an object's status subresource; its resourceVersion is the expectation.</summary>
    public sealed record UpdateStatus(IObject Object) : Step;

    /// <summary>A merge patch (RFC 7386) as JSON text, on the object or on a subresource of it.</summary>
    public sealed record Patch(ResourceId Resource, ObjectKey Key, string Json, string? Subresource = null) : Step;

    /// <summary>Deletes an object if it still is the one that was seen; gone already counts as success.</summary>
    /// <param name="Uid">Precondition, or null.</param>
    /// <param name="GraceSeconds">Overrides the object's own grace period; null leaves it.</param>
    /// <param name="Propagation">Background, Foreground or Orphan; null leaves the default.</param>
    public sealed record Delete(ResourceId Resource, ObjectKey Key, string? Uid = null, long? GraceSeconds = null, string? Propagation = null) : Step;

    /// <summary>Creates a subresource object: a Binding, an Eviction.</summary>
    public sealed record Post(ResourceId Resource, ObjectKey Key, string Subresource, IDocument Body) : Step;

    /// <summary>Only records <see cref="Done"/>.</summary>
    public sealed record Say : Step;

    /// <summary>
    /// A step of a controller's own: a live look at the API before the steps behind it may go on (a cache can lag), or an effect
    /// outside the API that the controller was handed.
    /// </summary>
    public abstract record Own : Step
    {
        /// <summary>Carries the step out. Null when it succeeded; otherwise why it did not, and the round ends like after any failed step.</summary>
        public abstract ValueTask<string?> Apply(IApi api, CancellationToken cancel);
    }
}

/// <summary>An event on an object, as <c>kubectl describe</c> shows it.</summary>
/// <param name="Regarding">The object it is about.</param>
/// <param name="Reason">One word: SuccessfulCreate, FailedScheduling.</param>
/// <param name="Warning">Type Warning; otherwise Normal.</param>
/// <param name="Message">May contain <see cref="NameOfCreated"/>.</param>
/// <param name="FieldPath">The part it is about: <c>spec.containers{main}</c>; null for the whole.</param>
/// <param name="Host">The node that tells it, or null.</param>
/// <param name="Source">The component that tells it, when it isn't the controller by its name.</param>
public sealed record Note(IObject Regarding, string Reason, string Message, bool Warning = false, string? FieldPath = null, string? Host = null, string? Source = null)
{
    /// <summary>Stands in a <see cref="Step.Done"/> message for the name that the server gave to the created object.</summary>
    public const string NameOfCreated = "{name}";
}
