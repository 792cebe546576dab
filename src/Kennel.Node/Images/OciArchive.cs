using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Node.Images;

/// <summary>Writes an OCI image archive of one layer: what <c>docker load</c>, <c>ctr images import</c> and <c>kennel image load</c> read.</summary>
public static class OciArchive
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private const string Config = "application/vnd.oci.image.config.v1+json";
    private const string Layer = "application/vnd.oci.image.layer.v1.tar";
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch; // the same input gives the same digest, whenever it is made

    /// <summary>Writes an image whose file system is the folder's; everything in it belongs to root.</summary>
    public static async Task WriteFolder(string archivePath, string rootFolder, ImageConfig config, CancellationToken cancel)
    {
        var layer = archivePath + ".layer";
        try
        {
            await using (var file = File.Create(layer))
            {
                await LayerTar.WriteFolder(file, rootFolder, cancel);
            }
            await WriteLayer(archivePath, layer, config, cancel);
        }
        finally
        {
            File.Delete(layer);
        }
    }

    /// <summary>Writes an image whose file system is an uncompressed tar.</summary>
    public static async Task WriteLayer(string archivePath, string layerTarPath, ImageConfig config, CancellationToken cancel)
    {
        var (layerDigest, layerSize) = await Digest(layerTarPath, cancel);
        var image = Bytes(Document(config, layerDigest));
        var manifest = Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Manifest,
            ["config"] = Descriptor(Config, Digest(image), image.Length),
            ["layers"] = new JsonArray(Descriptor(Layer, layerDigest, layerSize)),
        });
        await using var stream = File.Create(archivePath);
        await using var tar = new TarWriter(stream, TarEntryFormat.Ustar);
        await Add(tar, "oci-layout", Bytes(new JsonObject { ["imageLayoutVersion"] = "1.0.0" }), cancel);
        await Add(tar, "index.json", Bytes(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray([.. config.Names.Select(name => Named(ImageReference.Normalise(name), manifest, config))]) }), cancel);
        await Add(tar, BlobName(Digest(manifest)), manifest, cancel);
        await Add(tar, BlobName(Digest(image)), image, cancel);
        await using var layer = File.OpenRead(layerTarPath);
        await tar.WriteEntryAsync(Entry(BlobName(layerDigest), layer), cancel);
    }

    private static JsonObject Named(string name, byte[] manifest, ImageConfig config)
    {
        var entry = Descriptor(Manifest, Digest(manifest), manifest.Length);
        entry["platform"] = new JsonObject { ["architecture"] = config.Architecture, ["os"] = "linux" };
        entry["annotations"] = new JsonObject
        {
            ["io.containerd.image.name"] = name,
            ["org.opencontainers.image.ref.name"] = name[(name.LastIndexOf(':') + 1)..],
        };
        return entry;
    }

    private static JsonObject Document(ImageConfig config, string layerDigest)
    {
        var run = new JsonObject { ["Env"] = Strings(config.Environment) };
        if (config.Entrypoint.Count > 0)
        {
            run["Entrypoint"] = Strings(config.Entrypoint);
        }
        if (config.Command.Count > 0)
        {
            run["Cmd"] = Strings(config.Command);
        }
        foreach (var (key, value) in new[] { ("WorkingDir", config.WorkingDirectory), ("User", config.User), ("StopSignal", config.StopSignal ?? "") })
        {
            if (value.Length > 0)
            {
                run[key] = value;
            }
        }
        return new JsonObject
        {
            ["created"] = Epoch.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["architecture"] = config.Architecture,
            ["os"] = "linux",
            ["config"] = run,
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(layerDigest) },
            ["history"] = new JsonArray(new JsonObject { ["created_by"] = "kennel" }),
        };
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private static JsonObject Descriptor(string type, string digest, long size) => new() { ["mediaType"] = type, ["digest"] = digest, ["size"] = size };

    private static byte[] Bytes(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString(JsonSerializerOptions.Default));

    private static string Digest(byte[] blob) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(blob));

    private static async Task<(string Digest, long Size)> Digest(string path, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        return ("sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)), file.Length);
    }

    private static string BlobName(string digest) => "blobs/" + digest.Replace(':', '/');

    private static async Task Add(TarWriter tar, string name, byte[] bytes, CancellationToken cancel)
    {
        using var data = new MemoryStream(bytes);
        await tar.WriteEntryAsync(Entry(name, data), cancel);
    }

    private static UstarTarEntry Entry(string name, Stream data) => new(TarEntryType.RegularFile, name)
    {
        DataStream = data,
        ModificationTime = Epoch,
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
    };
}
