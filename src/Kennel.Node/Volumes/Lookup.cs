using System.Text;
using Kennel.Client;
using Kennel.Objects;

namespace Kennel.Node.Volumes;

/// <summary>Reads single objects for a pod, fresh from the API: a pod that starts must not see an old claim or an old configMap.</summary>
/// <param name="remembers">Asks only once for each object: for a round over many pods, and to be dropped after it.</param>
public sealed class Lookup(IApi api, bool remembers = false)
{
    readonly Dictionary<string, object?> _seen = new(StringComparer.Ordinal);

    /// <summary>The object, or null when there is none.</summary>
    /// <exception cref="VolumeException">The API refused.</exception>
    /// <exception cref="ApiUnavailableException">The API can't be reached.</exception>
    public async ValueTask<T?> Get<T>(string space, string name, CancellationToken cancel) where T : class, IObject<T>
    {
        var path = T.Resource.Path(space, name);
        if (!remembers) return await Ask<T>(path, name, cancel);
        if (!_seen.TryGetValue(path, out var found)) _seen.Add(path, found = await Ask<T>(path, name, cancel));
        return (T?)found;
    }

    async ValueTask<T?> Ask<T>(string path, string name, CancellationToken cancel) where T : class, IObject<T>
    {
        var answer = await api.Send(new("GET", path), cancel);
        if (answer.Status == 404) return null;
        if (!answer.Succeeded) throw new VolumeException($"reading {T.Resource.Plural} \"{name}\": the server answered {answer.Status}");
        return Json.Read<T>(answer.Body.Span);
    }

    /// <summary>Sends a request whose answer is JSON.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> Post(string path, byte[] body, CancellationToken cancel)
    {
        var answer = await api.Send(new("POST", path, body), cancel);
        return answer.Succeeded ? answer.Body : throw new VolumeException($"{path}: the server answered {answer.Status}: {Encoding.UTF8.GetString(answer.Body.Span)}");
    }
}
