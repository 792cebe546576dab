using Kennel.Node.Images;
using Kennel.Node.Runtime.Cri;
using Kennel.Node.Runtime.Grpc;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>The images of the private containerd: looked up, pulled, loaded from archives.</summary>
public sealed class ContainerdImages
{
    private static readonly TimeSpan SeenPatience = TimeSpan.FromSeconds(30);
    private readonly CriClient _cri;
    private readonly ContainerdOptions _options;
    private readonly Tools _tools;
    private readonly TimeProvider _time;

    internal ContainerdImages(CriClient cri, ContainerdOptions options, Tools tools, TimeProvider time) =>
        (_cri, _options, _tools, _time) = (cri, options, tools, time);

    /// <summary>The image by name, digest or id, or null when it isn't here.</summary>
    /// <exception cref="RuntimeException">InvalidImageName, ImageInspectError.</exception>
    public async Task<ImageState?> Find(string reference, CancellationToken cancel)
    {
        var name = reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference : ImageReference.Normalise(reference);
        try
        {
            return await _cri.ImageStatus(name, cancel) is { Id.Length: > 0 } image ? States.Image(image) : null;
        }
        catch (GrpcException failure)
        {
            throw new RuntimeException("ImageInspectError", $"Failed to inspect image \"{reference}\": {failure.Message}", failure);
        }
    }

    /// <summary>Every image that is here, the pause image aside, sorted by name.</summary>
    public async Task<IReadOnlyList<ImageState>> List(CancellationToken cancel) =>
        [.. (await _cri.ListImages(cancel)).Where(image => !image.RepoTags.Contains(PauseImage.Name)).Select(States.Image)
            .OrderBy(image => image.Tags.FirstOrDefault() ?? image.Id, StringComparer.Ordinal)];

    /// <summary>Always asks the registry. Returns the image's id.</summary>
    /// <exception cref="RuntimeException">InvalidImageName, ErrImagePull with what the registry said.</exception>
    public async Task<string> Pull(string reference, RegistryLogin? login, CancellationToken cancel)
    {
        var request = new PullImageRequest { Image = new ImageSpec { Image = ImageReference.Normalise(reference) } };
        if (login is not null)
        {
            request.Auth = new AuthConfig { Username = login.User, Password = login.Password };
        }
        try
        {
            return await _cri.PullImage(request, cancel);
        }
        catch (GrpcException failure)
        {
            throw new RuntimeException("ErrImagePull", failure.Message, failure);
        }
    }

    public Task Remove(string reference, CancellationToken cancel) => _cri.RemoveImage(reference, cancel);

    /// <summary>Loads an archive of <c>docker save</c> or an OCI layout (also gzipped); returns the full names it brought.</summary>
    /// <exception cref="RuntimeException">InvalidArchive: the file is no image archive or can't be read.</exception>
    public async Task<IReadOnlyList<string>> ImportAsync(string archivePath, CancellationToken cancel)
    {
        var contents = await ImageArchive.Read(archivePath, cancel);
        var arguments = new List<string> { "--address", _options.Socket, "--namespace", "k8s.io", "images", "import", "--snapshotter", Snapshotter() };
        if (contents.BaseName is { } baseName)
        {
            arguments.AddRange(["--base-name", baseName]);
        }
        var plain = contents.Gzipped ? Path.Combine(_options.Root, $"import-{Path.GetRandomFileName()}") : null; // ctr reads plain tar only
        try
        {
            if (plain is not null)
            {
                await ImageArchive.Unzip(archivePath, plain, cancel);
            }
            var result = await Processes.Run(_tools.Ctr, [.. arguments, plain ?? Path.GetFullPath(archivePath)], cancel);
            if (result.ExitCode != 0)
            {
                throw new RuntimeException("InvalidArchive", $"{archivePath} can't be loaded: {result.Problem}");
            }
        }
        finally
        {
            if (plain is not null)
            {
                File.Delete(plain);
            }
        }
        foreach (var name in contents.Names)
        {
            await Seen(name, cancel);
        }
        return contents.Names;
    }

    private string Snapshotter() =>
        File.ReadAllText(_options.ConfigFile).Contains("snapshotter = \"native\"", StringComparison.Ordinal) ? "native" : "overlayfs";

    /// <summary>CRI learns of imported images by an event, a little later.</summary>
    private async Task Seen(string name, CancellationToken cancel)
    {
        var end = _time.GetUtcNow() + SeenPatience;
        while (await Find(name, cancel) is null)
        {
            if (_time.GetUtcNow() > end)
            {
                throw new RuntimeException("InvalidArchive", $"{name} was loaded but containerd doesn't offer it; is it made for another kind of processor?");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancel);
        }
    }
}
