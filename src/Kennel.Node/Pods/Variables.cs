using System.Text;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>A container's environment, in order: what <c>envFrom</c> and <c>env</c> say, then services that don't clash with them.</summary>
sealed class Variables(Lookup lookup, Func<string, IReadOnlyDictionary<string, string>> services, IReadOnlyDictionary<string, string> allocatable)
{
    /// <exception cref="VolumeException">Something it names isn't there; the message is the status's.</exception>
    public async ValueTask<List<KeyValuePair<string, string>>> Of(Observed o, Container container, CancellationToken cancel)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var order = new List<string>();
        void Set(string name, string value)
        {
            if (values.TryAdd(name, value)) order.Add(name);
            else values[name] = value;
        }
        var known = services(o.Pod!.Metadata.Namespace ?? "");
        foreach (var from in container.EnvFrom)
            foreach (var (key, value) in await All(o, from, cancel)) Set(from.Prefix + key, value);
        foreach (var env in container.Env)
        {
            var value = env.ValueFrom is { } source ? await One(o, container, source, cancel)
                : Expand.Text(env.Value ?? "", name => values.GetValueOrDefault(name) ?? known.GetValueOrDefault(name));
            if (value is not null) Set(env.Name, value);
        }
        var result = order.ConvertAll(name => KeyValuePair.Create(name, values[name]));
        result.AddRange(known.Where(p => !values.ContainsKey(p.Key)));
        return result;
    }

    async ValueTask<IEnumerable<KeyValuePair<string, string>>> All(Observed o, EnvFromSource from, CancellationToken cancel)
    {
        var space = o.Pod!.Metadata.Namespace ?? "";
        if (from.ConfigMapRef is { } map)
        {
            var found = await lookup.Get<ConfigMap>(space, map.Name ?? "", cancel);
            return found is not null ? Sorted(found.Data) : map.Optional == true ? [] : throw new VolumeException($"configmap \"{map.Name}\" not found");
        }
        if (from.SecretRef is { } secret)
        {
            var found = await lookup.Get<Secret>(space, secret.Name ?? "", cancel);
            return found is not null ? Sorted(found.Data).Select(p => KeyValuePair.Create(p.Key, Decoded(p.Value)))
                : secret.Optional == true ? [] : throw new VolumeException($"secret \"{secret.Name}\" not found");
        }
        return [];
    }

    async ValueTask<string?> One(Observed o, Container container, EnvVarSource source, CancellationToken cancel)
    {
        var space = o.Pod!.Metadata.Namespace ?? "";
        if (source.FieldRef is { } field) return PodFields.Value(o, field.FieldPath) ?? throw new VolumeException($"unsupported fieldPath: {field.FieldPath}");
        if (source.ResourceFieldRef is { } resource) return PodFields.Resource(o.Spec, resource, container.Name, allocatable);
        if (source.ConfigMapKeyRef is { } map)
        {
            var found = await lookup.Get<ConfigMap>(space, map.Name ?? "", cancel);
            if (found is null) return map.Optional == true ? null : throw new VolumeException($"configmap \"{map.Name}\" not found");
            return found.Data.GetValueOrDefault(map.Key) ?? (map.Optional == true ? null : throw new VolumeException($"couldn't find key {map.Key} in ConfigMap {space}/{map.Name}"));
        }
        if (source.SecretKeyRef is { } secret)
        {
            var found = await lookup.Get<Secret>(space, secret.Name ?? "", cancel);
            if (found is null) return secret.Optional == true ? null : throw new VolumeException($"secret \"{secret.Name}\" not found");
            if (found.Data.GetValueOrDefault(secret.Key) is { } text) return Decoded(text);
            return secret.Optional == true ? null : throw new VolumeException($"couldn't find key {secret.Key} in Secret {space}/{secret.Name}");
        }
        throw new VolumeException("this kind of valueFrom is not supported by this node");
    }

    static IEnumerable<KeyValuePair<string, string>> Sorted(IReadOnlyDictionary<string, string> map) => map.OrderBy(p => p.Key, StringComparer.Ordinal);

    static string Decoded(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
