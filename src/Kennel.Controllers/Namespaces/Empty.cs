using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Namespaces;

/// <summary>
/// Deletes what a namespace holds, pods before everything else; tells what is left, and when a live look finds nothing left, takes the
/// finalizer away.
/// </summary>
public sealed record Empty(Namespace Space, ImmutableArray<ResourceId> Kinds, DateTimeOffset Now) : Step.Own
{
    /// <summary>Objects looked at for the finalizers that hold them; of more only the number is told.</summary>
    const int Looked = 500;

    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        var left = new Remaining();
        foreach (var kind in Kinds.Where(k => k == Pod.Resource)) await Clear(api, kind, left, cancel);
        // What pods need (policies, claims, secrets) stays as long as they run.
        if (left.IsEmpty)
            foreach (var kind in Kinds.Where(k => k != Pod.Resource)) await Clear(api, kind, left, cancel);
        var now = Space;
        if (!left.IsEmpty || Space.Spec!.Finalizers.Count > 1 || Space.Metadata.Finalizers.Count > 0)
        {
            var (told, why) = await Tell(api, left, cancel);
            if (told is null) return why;
            now = told;
        }
        if (left.IsEmpty) return await Finalize(api, now, cancel);
        return left.Failures.Count == 0 ? null : string.Join(", ", left.Failures);
    }

    async ValueTask Clear(IApi api, ResourceId kind, Remaining left, CancellationToken cancel)
    {
        var collection = kind.Path(Space.Metadata.Name);
        if (await Look(api, kind, collection + "?limit=1", left, cancel) is not { Count: > 0 }) return;
        var answer = await api.Send(new("DELETE", collection), cancel);
        if (!answer.Succeeded) left.Fail($"{kind.Plural} could not be deleted: {Told(answer)}");
        if (await Look(api, kind, $"{collection}?limit={Looked}", left, cancel) is { Count: > 0 } found) left.Add(kind, found.Count, found.Items);
    }

    /// <summary>How many there are, and the first of them; null when it can't be told. A kind that isn't served holds nothing.</summary>
    static async ValueTask<(long Count, IReadOnlyList<ObjectMeta> Items)?> Look(IApi api, ResourceId kind, string path, Remaining left, CancellationToken cancel)
    {
        var answer = await api.Send(new("GET", path), cancel);
        if (answer.Status is 404 or 405) return (0, []);
        if (answer.Succeeded) return Listing.Read(answer.Body.Span);
        left.Fail($"{kind.Plural} could not be listed: {Told(answer)}");
        return null;
    }

    /// <returns>The namespace as it is now; null and why when it could not be told (a lost race is no failure: the change brings it here again).</returns>
    async ValueTask<(Namespace? Now, string? Why)> Tell(IApi api, Remaining left, CancellationToken cancel)
    {
        var before = Space.Status ?? NamespaceStatus.Empty;
        var status = Conditions.Of(before, left, Now);
        if (status == before) return (Space, null);
        var answer = await api.Send(new("PUT", Namespace.Resource.Path(name: Space.Metadata.Name) + "/status", Json.Write(Space with { Status = status })), cancel);
        if (answer.Succeeded) return (Json.Read<Namespace>(answer.Body.Span), null);
        return (null, answer.Status is 404 or 409 ? null : $"the status of namespace {Space.Metadata.Name} could not be written: {Told(answer)}");
    }

    static async ValueTask<string?> Finalize(IApi api, Namespace space, CancellationToken cancel)
    {
        var spec = space.Spec!;
        var done = space with { Spec = spec with { Finalizers = [.. spec.Finalizers.Where(f => f != NamespaceController.Finalizer)] } };
        var answer = await api.Send(new("PUT", Namespace.Resource.Path(name: space.Metadata.Name) + "/finalize", Json.Write(done)), cancel);
        return answer.Succeeded || answer.Status is 404 or 409 ? null : $"namespace {space.Metadata.Name} could not be finalized: {Told(answer)}";
    }

    static string Told(ApiAnswer answer) => Listing.Message(answer.Body.Span) ?? $"status {answer.Status}";
}
