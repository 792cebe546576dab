using Kennel.Client;
using Kennel.Objects;

namespace Kennel.Node.Volumes;

/// <summary>Reads single objects for a pod, fresh from the API: a pod that starts must not see an old claim or an old configMap.</summary>
public sealed class Lookup(IApi api)
{
    /// <summary>The object, or null when there is none.</summary>
    /// <exception cref="VolumeException">The API refused.</exception>
    /// <exception cref="ApiUnavailableException">The API can't be reached.</exception>
    public async ValueTask<T?> Get<T>(string space, string name, CancellationToken cancel) where T : class, IObject<T>
    {
        var answer = await api.Send(new("GET", T.Resource.Path(space, name)), cancel);
        if (answer.Status == 404) return null;
        if (!answer.Succeeded) throw new VolumeException($"reading {T.Resource.Plural} \"{name}\": the server answered {answer.Status}");
        return Json.Read<T>(answer.Body.Span);
    }

    /// <summary>Sends a request whose answer is JSON.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> Post(string path, byte[] body, CancellationToken cancel)
    {
        var answer = await api.Send(new("POST", path, body), cancel);
        return answer.Succeeded ? answer.Body : throw new VolumeException($"{path}: the server answered {answer.Status}");
    }
}
