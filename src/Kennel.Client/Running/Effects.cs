using System.Text;
using System.Text.Json;
using Kennel.Client.Caching;
using Kennel.Objects;
using Kennel.Objects.Meta;

namespace Kennel.Client.Running;

/// <summary>Carries one step out over the API.</summary>
sealed class Effects(IApi api, Caches caches)
{
    public async ValueTask<Effect> Apply(Step step, CancellationToken cancel)
    {
        try
        {
            return step switch
            {
                Step.Create s => await Create(s, cancel),
                Step.Update s => await Replace(s.Object, null, cancel),
                Step.UpdateStatus s => await Replace(s.Object, "status", cancel),
                Step.Patch s => await Patch(s, cancel),
                Step.Delete s => await Delete(s, cancel),
                Step.Post s => await Post(s, cancel),
                Step.Say => Effect.Nothing,
                Step.Own s => await s.Apply(api, cancel) is { } why ? new(false, 0, "", why) : Effect.Nothing,
                _ => throw new InvalidOperationException($"a step {step.GetType().Name} is not known"),
            };
        }
        catch (ApiUnavailableException gone)
        {
            return new(false, 0, "", gone.Message);
        }
    }

    async ValueTask<Effect> Create(Step.Create s, CancellationToken cancel)
    {
        var resource = s.Object.Resource;
        var answer = await api.Send(new("POST", resource.Path(s.Object.Metadata.Namespace), Json.Write(s.Object)), cancel);
        if (!answer.Succeeded)
            return Refused(answer) is { Status: 409, Reason: "AlreadyExists" } there && s.AlreadyThereIsFine ? Effect.Nothing : Refused(answer);
        var (name, revision) = Identity(answer.Body.Span);
        return new(true, answer.Status, Landed: new(resource, new(s.Object.Metadata.Namespace ?? "", name ?? s.Object.Metadata.Name ?? ""), revision, null, false));
    }

    async ValueTask<Effect> Replace(IObject o, string? subresource, CancellationToken cancel)
    {
        var key = ObjectKey.Of(o);
        var before = Cached(o.Resource, key);
        var answer = await api.Send(new("PUT", Path(o.Resource, key, subresource), Json.Write(o)), cancel);
        return Written(answer, o.Resource, key, before);
    }

    async ValueTask<Effect> Patch(Step.Patch s, CancellationToken cancel)
    {
        var before = Cached(s.Resource, s.Key);
        var answer = await api.Send(new("PATCH", Path(s.Resource, s.Key, s.Subresource), Encoding.UTF8.GetBytes(s.Json), "application/merge-patch+json"), cancel);
        return Written(answer, s.Resource, s.Key, before);
    }

    async ValueTask<Effect> Delete(Step.Delete s, CancellationToken cancel)
    {
        var before = Cached(s.Resource, s.Key);
        var options = new DeleteOptions
        {
            ApiVersion = "v1",
            Kind = "DeleteOptions",
            GracePeriodSeconds = s.GraceSeconds,
            PropagationPolicy = s.Propagation,
            Preconditions = s.Uid is null ? null : new() { Uid = s.Uid },
        };
        var answer = await api.Send(new("DELETE", Path(s.Resource, s.Key, null), Json.Write(options)), cancel);
        if (answer.Status != 404 && !answer.Succeeded) return Refused(answer);
        return new(true, answer.Status, Landed: new(s.Resource, s.Key, 0, before, true));
    }

    async ValueTask<Effect> Post(Step.Post s, CancellationToken cancel)
    {
        var before = Cached(s.Resource, s.Key);
        var answer = await api.Send(new("POST", Path(s.Resource, s.Key, s.Subresource), Json.Write(s.Body)), cancel);
        return answer.Succeeded ? new(true, answer.Status, Landed: new(s.Resource, s.Key, 0, before, false)) : Refused(answer);
    }

    static Effect Written(ApiAnswer answer, ResourceId resource, ObjectKey key, IObject? before) =>
        answer.Succeeded ? new(true, answer.Status, Landed: new(resource, key, Identity(answer.Body.Span).Revision, before, false)) : Refused(answer);

    static string Path(ResourceId resource, ObjectKey key, string? subresource) =>
        resource.Path(key.Namespace, key.Name) + (subresource is null ? "" : "/" + subresource);

    IObject? Cached(ResourceId resource, ObjectKey key) => caches.Find(resource)?.Find(key);

    static Effect Refused(ApiAnswer answer)
    {
        try
        {
            var status = Json.Read<Status>(answer.Body.Span);
            return new(false, answer.Status, status.Reason ?? "", status.Message ?? $"the server answered {answer.Status}");
        }
        catch (JsonException)
        {
            return new(false, answer.Status, "", $"the server answered {answer.Status}");
        }
    }

    /// <summary>Name and revision out of an answer, without reading the rest of it into types.</summary>
    static (string? Name, long Revision) Identity(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Json.Depth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
        while (Wire.NextProperty(ref reader))
        {
            var metadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (!metadata) { reader.Skip(); continue; }
            var meta = ObjectMeta.Read(ref reader);
            return (meta.Name, Cache.RevisionOf(meta.ResourceVersion));
        }
        return default;
    }
}
