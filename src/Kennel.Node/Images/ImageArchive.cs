using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kennel.Node.Runtime;

namespace Kennel.Node.Images;

/// <summary>What an image archive says is in it.</summary>
/// <param name="Names">Full names of its images.</param>
/// <param name="BaseName">For OCI layouts that only name a tag: the repository we give them, after the file.</param>
/// <param name="Gzipped">The whole file is.</param>
public sealed partial record ImageArchive(IReadOnlyList<string> Names, string? BaseName, bool Gzipped = false)
{
    private const int MaximumIndexBytes = 4 << 20;

    /// <exception cref="RuntimeException">InvalidArchive</exception>
    public static async Task<ImageArchive> Read(string path, CancellationToken cancel)
    {
        try
        {
            var documents = await Documents(path, cancel);
            var archive = documents.TryGetValue("manifest.json", out var docker) ? OfDocker(docker)
                : documents.TryGetValue("index.json", out var oci) ? OfOci(oci, path)
                : throw Invalid(path, "it has neither manifest.json (docker save) nor index.json (OCI layout)");
            return archive.Names.Count > 0 ? archive with { Gzipped = await IsGzipped(path, cancel) } : throw Invalid(path, "its images have no names; save them by name: docker save NAME:TAG");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or JsonException)
        {
            throw Invalid(path, unreadable is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : unreadable.Message, unreadable);
        }
    }

    private static ImageArchive OfDocker(JsonElement manifest) => new(
        [.. manifest.EnumerateArray().SelectMany(image => Array(image, "RepoTags")).Select(tag => ImageReference.Normalise(tag.GetString()!))
            .Distinct().Order(StringComparer.Ordinal)], null);

    private static ImageArchive OfOci(JsonElement index, string path)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        string? baseName = null;
        foreach (var manifest in Array(index, "manifests"))
        {
            var full = Annotation(manifest, "io.containerd.image.name");
            var short_ = Annotation(manifest, "org.opencontainers.image.ref.name");
            if ((full ?? short_) is { } name && (full is not null || name.Contains('/') || name.Contains(':')))
            {
                names.Add(ImageReference.Normalise(name));
            }
            else if (short_ is not null)
            {
                baseName ??= "docker.io/library/" + NotAllowed().Replace(Path.GetFileName(path).ToLowerInvariant().Split('.')[0], "-").Trim('-');
                names.Add(ImageReference.Normalise($"{baseName}:{short_}"));
            }
        }
        return new ImageArchive([.. names], baseName);
    }

    private static async Task<Dictionary<string, JsonElement>> Documents(string path, CancellationToken cancel)
    {
        var found = new Dictionary<string, JsonElement>();
        await using var file = File.OpenRead(path);
        await using var tar = new TarReader(await IsGzipped(path, cancel) ? new GZipStream(file, CompressionMode.Decompress) : file);
        while (found.Count < 2 && await tar.GetNextEntryAsync(cancellationToken: cancel) is { } entry)
        {
            var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (name is "manifest.json" or "index.json" && entry.DataStream is { } data && entry.Length <= MaximumIndexBytes)
            {
                using var document = await JsonDocument.ParseAsync(data, cancellationToken: cancel);
                found[name] = document.RootElement.Clone();
            }
        }
        return found;
    }

    /// <summary>The same archive, not gzipped.</summary>
    public static async Task Unzip(string path, string target, CancellationToken cancel)
    {
        await using var source = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        await using var plain = File.Create(target);
        await source.CopyToAsync(plain, cancel);
    }

    private static async Task<bool> IsGzipped(string path, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        var magic = new byte[2];
        return await file.ReadAtLeastAsync(magic, 2, throwOnEndOfStream: false, cancel) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    }

    private static IEnumerable<JsonElement> Array(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string? Annotation(JsonElement manifest, string name) =>
        manifest.TryGetProperty("annotations", out var all) && all.ValueKind == JsonValueKind.Object && all.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static RuntimeException Invalid(string path, string why, Exception? inner = null) =>
        new("InvalidArchive", $"{path} is not an image archive: {why}", inner);

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotAllowed();
}
