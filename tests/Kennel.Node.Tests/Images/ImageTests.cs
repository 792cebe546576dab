using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Kennel.Node.Images;
using Kennel.Node.Runtime;
using Kennel.Node.Tests.Containers;

namespace Kennel.Node.Tests.Images;

public sealed class ImageTests(ContainerdFixture containerd) : IClassFixture<ContainerdFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest")]
    [InlineData("busybox:1", "docker.io/library/busybox:1")]
    [InlineData("khannedy/nodejs-stateful:latest", "docker.io/khannedy/nodejs-stateful:latest")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx:latest")]
    [InlineData("index.docker.io/library/nginx", "docker.io/library/nginx:latest")]
    [InlineData("localhost:5000/a/b", "localhost:5000/a/b:latest")]
    [InlineData("localhost/a", "localhost/a:latest")]
    [InlineData("quay.io/a_b/c-d__e:V1.2", "quay.io/a_b/c-d__e:V1.2")]
    [InlineData("a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "docker.io/library/a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void An_image_name_is_completed_as_registries_know_it(string short_, string full) => ImageReference.Normalise(short_).ShouldBe(full);

    [Theory]
    [InlineData("", "invalid reference format")]
    [InlineData("a b", "invalid reference format")]
    [InlineData("a:", "invalid reference format")]
    [InlineData("Nginx", "invalid reference format: repository name must be lowercase")]
    public void A_name_that_is_none_is_refused_in_upstreams_words(string name, string why)
    {
        var refusal = Should.Throw<RuntimeException>(() => ImageReference.Normalise(name));
        refusal.Reason.ShouldBe("InvalidImageName");
        refusal.Message.ShouldBe($"Failed to apply default image tag \"{name}\": couldn't parse image name \"{name}\": {why}");
    }

    [ContainerFact]
    public async Task An_image_is_found_by_its_short_name_and_a_missing_one_is_none()
    {
        var image = (await containerd.Runtime.Image("kennel.test/busybox:1", None)).ShouldNotBeNull();
        image.Id.ShouldStartWith("sha256:");
        image.Tags.ShouldContain(BusyboxImage.Tag);
        image.Size.ShouldBeGreaterThan(0);
        (await containerd.Runtime.Image(image.Id, None))!.Id.ShouldBe(image.Id);
        (await containerd.Runtime.Image("khannedy/nodejs-stateful:latest", None)).ShouldBeNull();
        (await containerd.Runtime.Images.List(None)).ShouldAllBe(one => !one.Tags.Contains(PauseImage.Name));
    }

    [ContainerFact]
    public async Task An_image_that_no_registry_has_says_what_the_registry_said()
    {
        var refusal = await Should.ThrowAsync<RuntimeException>(() => containerd.Runtime.PullImage("127.0.0.1:1/nobody/home:1", null, None));
        refusal.Reason.ShouldBe("ErrImagePull");
        refusal.Message.ShouldStartWith("rpc error: code = Unknown desc = failed to pull and unpack image \"127.0.0.1:1/nobody/home:1\": failed to resolve reference");
        refusal.Message.ShouldContain("connection refused");
    }

    [Fact]
    public async Task What_cant_be_read_as_a_file_stays_out_of_a_layer()
    {
        var root = Directory.CreateTempSubdirectory("kennel-layer-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(root, "file"), "content");
            using (var made = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(root, "fifo")])) await made.WaitForExitAsync();
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
            socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(root, "socket")));
            using var layer = new MemoryStream();
            await LayerTar.WriteFolder(layer, root, None).WaitAsync(TimeSpan.FromSeconds(30));
            layer.Position = 0;
            await using var tar = new TarReader(layer);
            (await tar.GetNextEntryAsync())!.Name.ShouldBe("file");
            (await tar.GetNextEntryAsync()).ShouldBeNull();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [ContainerFact]
    public async Task Archives_of_docker_save_are_loaded_gzipped_or_not()
    {
        var layer = Path.Combine(containerd.Options.DataDirectory, "layer.tar");
        await using (var file = File.Create(layer))
        {
            var root = Directory.CreateDirectory(Path.Combine(containerd.Options.DataDirectory, "root")).FullName;
            await File.WriteAllTextAsync(Path.Combine(root, "hello"), "world");
            await LayerTar.WriteFolder(file, root, None);
        }
        var saved = Path.Combine(containerd.Options.DataDirectory, "saved.tar.gz");
        await DockerSave(saved, layer, "khannedy/nodejs-stateful:latest");

        (await containerd.Runtime.Images.ImportAsync(saved, None)).ShouldBe(["docker.io/khannedy/nodejs-stateful:latest"]);
        (await containerd.Runtime.Image("khannedy/nodejs-stateful", None)).ShouldNotBeNull();
        await containerd.Runtime.Images.Remove("docker.io/khannedy/nodejs-stateful:latest", None);
        (await containerd.Runtime.Image("khannedy/nodejs-stateful", None)).ShouldBeNull();
    }

    [ContainerFact]
    public async Task A_file_that_is_no_image_archive_is_refused_with_the_reason()
    {
        var file = Path.Combine(containerd.Options.DataDirectory, "notes.txt");
        await File.WriteAllTextAsync(file, new string('x', 2000));
        (await Should.ThrowAsync<RuntimeException>(() => containerd.Runtime.Images.ImportAsync(file, None))).Message.ShouldStartWith($"{file} is not an image archive: ");
        (await Should.ThrowAsync<RuntimeException>(() => containerd.Runtime.Images.ImportAsync("/none", None))).Message.ShouldBe("/none is not an image archive: there is no such file");
    }

    [Fact]
    public async Task The_same_files_give_the_same_archive()
    {
        var folder = Directory.CreateTempSubdirectory("kennel-archive-").FullName;
        await PauseImage.Write(Path.Combine(folder, "a.tar"), None);
        await PauseImage.Write(Path.Combine(folder, "b.tar"), None);
        (await File.ReadAllBytesAsync(Path.Combine(folder, "a.tar"))).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(folder, "b.tar")));
        (await ImageArchive.Read(Path.Combine(folder, "a.tar"), None)).Names.ShouldBe([PauseImage.Name]);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task DockerSave(string path, string layer, string tag)
    {
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(layer)));
        var config = new JsonObject
        {
            ["architecture"] = ImageConfig.ThisArchitecture, ["os"] = "linux", ["config"] = new JsonObject(),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray($"sha256:{digest}") },
        };
        var manifest = new JsonArray(new JsonObject { ["Config"] = "config.json", ["RepoTags"] = new JsonArray(tag), ["Layers"] = new JsonArray("layer/layer.tar") });
        await using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        await using var tar = new TarWriter(gzip);
        foreach (var (name, data) in new (string, byte[])[]
                 {
                     ("layer/layer.tar", await File.ReadAllBytesAsync(layer)), ("config.json", Encoding.UTF8.GetBytes(config.ToJsonString())),
                     ("manifest.json", Encoding.UTF8.GetBytes(manifest.ToJsonString())),
                 })
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(data) });
        }
    }
}
