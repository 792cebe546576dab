using System.Text;
using System.Text.Json.Nodes;
using Kennel.Node.Manifests;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>
/// The pods of the files in <c>manifests/</c>: they run whatever the API says, and even while it is away. For each a mirror stands at the API,
/// which shows its status; whoever deletes that deletes an image of the pod, and gets another.
/// </summary>
sealed class StaticPods(Shared shared)
{
    const int MaxBytes = 1 << 20;

    readonly SortedDictionary<string, Manifest> _known = new(StringComparer.Ordinal);
    readonly SortedDictionary<ObjectKey, Pod> _mirrors = [];
    readonly Lock _lock = new();
    readonly SortedDictionary<string, string> _complaints = new(StringComparer.Ordinal);

    string Folder => $"{shared.Options.DataFolder}/manifests";

    /// <summary>Those that came and those that went since the last look. A file that can't be read is told once, and changes nothing.</summary>
    public (List<Pod> Came, List<string> Went) Read()
    {
        var found = new SortedDictionary<string, Manifest>(StringComparer.Ordinal);
        foreach (var file in shared.Parts.Host.List(Folder).Where(IsManifest))
        {
            if (shared.Parts.Host.ReadTail($"{Folder}/{file}", MaxBytes) is not { } content) continue;
            var (manifest, problem) = Manifest.Read(file, content, shared.Options.Node);
            if (manifest is not null) found.TryAdd(manifest.Hash, manifest);
            if (problem is not null && _complaints.GetValueOrDefault(file) != problem) shared.Parts.Log($"node {shared.Options.Node}: static pod {problem}");
            _complaints[file] = problem ?? "";
        }
        var came = found.Where(f => !_known.ContainsKey(f.Key)).Select(f => f.Value.Pod).ToList();
        var went = _known.Keys.Where(k => !found.ContainsKey(k)).ToList();
        foreach (var hash in went) _known.Remove(hash);
        foreach (var (hash, manifest) in found) _known.TryAdd(hash, manifest);
        return (came, went);
    }

    /// <summary>A mirror of this node came, changed, or went.</summary>
    public void Saw(Pod? before, Pod? after)
    {
        lock (_lock)
        {
            if (after is not null) _mirrors[ObjectKey.Of(after)] = after;
            else if (before is not null) _mirrors.Remove(ObjectKey.Of(before));
        }
    }

    /// <summary>The uid of the pod that a mirror stands for.</summary>
    public static string? Of(Pod mirror) => mirror.Metadata.Annotations.GetValueOrDefault(Manifest.MirrorKey);

    /// <summary>Makes mirrors that are missing and removes those of nothing.</summary>
    public async Task Mirror(CancellationToken cancel)
    {
        List<Pod> there;
        lock (_lock) there = [.. _mirrors.Values];
        if (_known.Count == 0 && there.Count == 0) return;
        foreach (var mirror in there)
            if (mirror.Metadata.DeletionTimestamp is not null || Of(mirror) is not { } hash || !_known.ContainsKey(hash)) await Remove(mirror, cancel);
        if (_known.Values.All(m => there.Exists(t => Of(t) == m.Hash && t.Metadata.DeletionTimestamp is null))) return;
        var owner = await shared.Lookup.Get<Objects.Core.Node>("", shared.Options.Node, cancel);
        foreach (var manifest in _known.Values)
            if (owner is not null && !there.Exists(m => Of(m) == manifest.Hash && m.Metadata.DeletionTimestamp is null)) await Make(manifest, owner, cancel);
    }

    async ValueTask Make(Manifest manifest, Objects.Core.Node owner, CancellationToken cancel)
    {
        var mirror = (JsonObject)manifest.Mirror.DeepClone();
        mirror["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = owner.Metadata.Name, ["uid"] = owner.Metadata.Uid, ["controller"] = true,
        });
        var answer = await shared.Parts.Api.Send(new("POST", Pod.Resource.Path(manifest.Pod.Metadata.Namespace), Encoding.UTF8.GetBytes(mirror.ToJsonString())), cancel);
        if (!answer.Succeeded && answer.Status != 409)
            shared.Parts.Log($"mirror of static pod {manifest.Pod.Metadata.Name}: the server answered {answer.Status}: {Encoding.UTF8.GetString(answer.Body.Span)}");
    }

    async ValueTask Remove(Pod mirror, CancellationToken cancel)
    {
        var body = $$$"""{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0,"preconditions":{"uid":"{{{mirror.Metadata.Uid}}}"}}""";
        await shared.Parts.Api.Send(new("DELETE", Pod.Resource.Path(mirror.Metadata.Namespace, mirror.Metadata.Name), Encoding.UTF8.GetBytes(body)), cancel);
    }

    static bool IsManifest(string name) => !name.StartsWith('.') && (name.EndsWith(".yaml", StringComparison.Ordinal) || name.EndsWith(".yml", StringComparison.Ordinal) || name.EndsWith(".json", StringComparison.Ordinal));
}
