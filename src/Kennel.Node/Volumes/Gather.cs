using System.Text;
using Kennel.Node.Pods;
using Kennel.Objects.Core;

namespace Kennel.Node.Volumes;

/// <summary>Collects the files of configMap, secret, downwardAPI and projected volumes.</summary>
sealed class Gather(Lookup lookup, Tokens tokens, IReadOnlyDictionary<string, string> allocatable)
{
    const int DefaultMode = 0b110_100_100;

    public async ValueTask<List<PayloadFile>> ConfigMap(Pod pod, string name, IReadOnlyList<KeyToPath> items, int? mode, bool optional, CancellationToken cancel)
    {
        var map = await lookup.Get<ConfigMap>(pod.Metadata.Namespace ?? "", name, cancel);
        if (map is null) return optional ? [] : throw new VolumeException($"configmap \"{name}\" not found");
        var data = map.Data.ToDictionary(p => p.Key, p => Encoding.UTF8.GetBytes(p.Value), StringComparer.Ordinal);
        foreach (var (key, value) in map.BinaryData) data[key] = Convert.FromBase64String(value);
        return Pick(data, items, mode, optional, "configmap");
    }

    public async ValueTask<List<PayloadFile>> Secret(Pod pod, string name, IReadOnlyList<KeyToPath> items, int? mode, bool optional, CancellationToken cancel)
    {
        var secret = await lookup.Get<Secret>(pod.Metadata.Namespace ?? "", name, cancel);
        if (secret is null) return optional ? [] : throw new VolumeException($"secret \"{name}\" not found");
        return Pick(secret.Data.ToDictionary(p => p.Key, p => Convert.FromBase64String(p.Value), StringComparer.Ordinal), items, mode, optional, "secret");
    }

    public List<PayloadFile> Downward(Observed o, IReadOnlyList<DownwardAPIVolumeFile> items, int? mode)
    {
        var files = new List<PayloadFile>();
        foreach (var item in items)
        {
            var text = item.FieldRef is { } field ? PodFields.Value(o, field.FieldPath)
                : item.ResourceFieldRef is { } resource ? PodFields.Resource(o.Spec, resource, resource.ContainerName ?? "", allocatable) : "";
            files.Add(new(item.Path, Encoding.UTF8.GetBytes(text ?? throw new VolumeException($"unsupported fieldPath: {item.FieldRef?.FieldPath}")), item.Mode ?? mode ?? DefaultMode));
        }
        return files;
    }

    public async ValueTask<List<PayloadFile>> Projected(Observed o, ProjectedVolumeSource source, CancellationToken cancel)
    {
        var pod = o.Pod!;
        var mode = source.DefaultMode;
        var files = new SortedDictionary<string, PayloadFile>(StringComparer.Ordinal);
        foreach (var s in source.Sources)
        {
            var more = s switch
            {
                { ConfigMap: { } c } => await ConfigMap(pod, c.Name ?? "", c.Items, mode, c.Optional == true, cancel),
                { Secret: { } c } => await Secret(pod, c.Name ?? "", c.Items, mode, c.Optional == true, cancel),
                { DownwardAPI: { } d } => Downward(o, d.Items, mode),
                { ServiceAccountToken: { } t } => [new(t.Path, await tokens.For(pod, t, o.Now, cancel), mode ?? DefaultMode)],
                _ => throw new VolumeException("this projected source is not supported by this node"),
            };
            foreach (var file in more) files[file.Path] = file;
        }
        return [.. files.Values];
    }

    static List<PayloadFile> Pick(Dictionary<string, byte[]> data, IReadOnlyList<KeyToPath> items, int? mode, bool optional, string kind)
    {
        if (items.Count == 0) return [.. data.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new PayloadFile(p.Key, p.Value, mode ?? DefaultMode))];
        var files = new List<PayloadFile>();
        foreach (var item in items)
        {
            if (data.TryGetValue(item.Key, out var content)) files.Add(new(item.Path, content, item.Mode ?? mode ?? DefaultMode));
            else if (!optional) throw new VolumeException($"{(kind == "secret" ? "references non-existent secret key" : "configmap references non-existent config key")}: {item.Key}");
        }
        return files;
    }
}
