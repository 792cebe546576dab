using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Namespaces;

/// <summary>Deletes what a namespace holds; when a live look finds nothing left, takes its finalizer away.</summary>
public sealed record Empty(Namespace Space, ImmutableArray<ResourceId> Kinds) : Step.Own
{
    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        var left = false;
        foreach (var kind in Kinds)
        {
            var collection = kind.Path(Space.Metadata.Name);
            if (await Any(api, collection, cancel) is not { } any) return $"{kind.Plural} of namespace {Space.Metadata.Name} could not be listed";
            if (!any) continue;
            var answer = await api.Send(new("DELETE", collection), cancel);
            if (!answer.Succeeded) return $"{kind.Plural} of namespace {Space.Metadata.Name} could not be deleted: status {answer.Status}";
            left |= await Any(api, collection, cancel) != false;
        }
        return left ? null : await Finalize(api, cancel);
    }

    /// <summary>Whether a collection has anything in it; null when it can't be told. A kind that isn't served holds nothing.</summary>
    static async ValueTask<bool?> Any(IApi api, string collection, CancellationToken cancel)
    {
        var answer = await api.Send(new("GET", collection + "?limit=1"), cancel);
        if (answer.Status is 404 or 405) return false;
        return answer.Succeeded ? Volumes.Listed.Items<GarbageCollection.AnyObject>(answer.Body.Span).Count > 0 : null;
    }

    async ValueTask<string?> Finalize(IApi api, CancellationToken cancel)
    {
        var spec = Space.Spec!;
        var done = Space with { Spec = spec with { Finalizers = [.. spec.Finalizers.Where(f => f != NamespaceController.Finalizer)] } };
        var answer = await api.Send(new("PUT", Namespace.Resource.Path(name: Space.Metadata.Name) + "/finalize", Json.Write(done)), cancel);
        return answer.Succeeded || answer.Status is 404 or 409 ? null : $"namespace {Space.Metadata.Name} could not be finalized: status {answer.Status}";
    }
}
