using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.GarbageCollection;

/// <summary>A live look at owners that a cache doesn't have: a cache of one kind may lag behind that of another.</summary>
public sealed record OwnersGone(ImmutableArray<Owner> Owners) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel) => Look(Owners, api, cancel);

    internal static async ValueTask<string?> Look(ImmutableArray<Owner> owners, IApi api, CancellationToken cancel)
    {
        foreach (var owner in owners)
        {
            var answer = await api.Send(new("GET", owner.Resource!.Path(owner.Key.Namespace, owner.Key.Name)), cancel);
            if (answer.Status == 404) continue;
            if (!answer.Succeeded) return $"owner {owner.Resource.Kind} {owner.Key} could not be read: status {answer.Status}";
            if (Json.Read<AnyObject>(answer.Body.Span).Metadata.Uid == owner.Reference.Uid) return $"owner {owner.Resource.Kind} {owner.Key} is there after all";
        }
        return null;
    }
}

/// <summary>Deletes an object whose owners are gone or wait for it, if it still is as it was seen.</summary>
/// <param name="Absent">Owners to look at live before.</param>
public sealed record DeleteOwned(IObject Object, string Policy, ImmutableArray<Owner> Absent) : Step.Own
{
    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        if (await OwnersGone.Look(Absent, api, cancel) is { } there) return there;
        var meta = Object.Metadata;
        var options = new DeleteOptions
        {
            ApiVersion = "v1",
            Kind = "DeleteOptions",
            PropagationPolicy = Policy,
            Preconditions = new() { Uid = meta.Uid, ResourceVersion = meta.ResourceVersion },
        };
        var answer = await api.Send(new("DELETE", Object.Resource.Path(meta.Namespace, meta.Name), Json.Write(options)), cancel);
        // A conflict is tried again too: most changes of an object don't bring it here, and it would be forgotten.
        return answer.Succeeded || answer.Status == 404 ? null : $"{Object.Resource.Kind} {ObjectKey.Of(Object)} could not be deleted: status {answer.Status}";
    }
}
