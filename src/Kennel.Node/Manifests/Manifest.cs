using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Decoding;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;

namespace Kennel.Node.Manifests;

/// <summary>A pod that a node has from a file of its own, and what stands for it at the API.</summary>
/// <param name="Pod">Its uid is made of the file's content: another content is another pod.</param>
/// <param name="Mirror">The object to create at the API, without an owner.</param>
/// <param name="Hash">What tells this version from others, in the mirror's annotation.</param>
public sealed record Manifest(Pod Pod, JsonObject Mirror, string Hash)
{
    public const string MirrorKey = "kubernetes.io/config.mirror";
    const string HashKey = "kubernetes.io/config.hash", SourceKey = "kubernetes.io/config.source", SeenKey = "kubernetes.io/config.seen";

    public static bool IsStatic(Pod? pod) => pod?.Metadata.Annotations.GetValueOrDefault(SourceKey) == "file" && !IsMirror(pod);

    public static bool IsMirror(Pod? pod) => pod?.Metadata.Annotations.ContainsKey(MirrorKey) == true;

    /// <summary>Reads a file; a refusal names what is wrong with it.</summary>
    public static (Manifest? Manifest, string? Problem) Read(string file, byte[] content, string node)
    {
        try
        {
            var type = Catalog.BuiltIn.OfKind("", "v1", "Pod")!;
            var decoded = Decode.Object(Encoding.UTF8.GetBytes(ManifestText.ToJson(Encoding.UTF8.GetString(content)).ToJsonString()), type.Schema);
            if (decoded.Refusal is { } unreadable) return (null, $"{file}: {unreadable.Message}");
            var pod = decoded.Object!;
            if (pod["kind"]?.GetValue<string>() != "Pod") return (null, $"{file}: a Pod is expected");
            var hash = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{node}\n{file}\n"), .. content]))[..32];
            Name(pod, node, hash);
            var rules = KindRules.For(type);
            rules.Default(pod);
            pod["spec"]!["nodeName"] = node;
            if (rules.Validate(pod) is { Count: > 0 } errors) return (null, $"{file}: {string.Join(", ", errors)}");
            return (Of(pod, hash), null);
        }
        catch (Exception broken) when (broken is FormatException or InvalidOperationException or YamlDotNet.Core.YamlException)
        {
            return (null, $"{file}: {broken.Message}");
        }
    }

    static void Name(JsonObject pod, string node, string hash)
    {
        if (pod["metadata"] is not JsonObject meta) pod["metadata"] = meta = [];
        meta["name"] = $"{meta["name"]?.GetValue<string>()}-{node}";
        meta["namespace"] ??= "default";
        if (meta["annotations"] is not JsonObject annotations) meta["annotations"] = annotations = [];
        (annotations[HashKey], annotations[SourceKey]) = (hash, "file");
        annotations.Remove(SeenKey);
    }

    static Manifest Of(JsonObject pod, string hash)
    {
        var mirror = (JsonObject)pod.DeepClone();
        mirror["metadata"]!["annotations"]![MirrorKey] = hash;
        var own = Json.Read<Pod>(Encoding.UTF8.GetBytes(pod.ToJsonString()));
        return new(own with { Metadata = own.Metadata with { Uid = hash } }, mirror, hash);
    }
}
