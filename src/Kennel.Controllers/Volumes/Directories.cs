using Kennel.Client;
using Kennel.Client.Running;

namespace Kennel.Controllers.Volumes;

/// <summary>The directories of local volumes. Real on a machine; for simulated nodes nothing has to happen.</summary>
public interface IDirectories
{
    /// <summary>Makes a directory that everyone may write to (pods run as any user). Already there is fine. Returns null, or why it failed.</summary>
    ValueTask<string?> Create(string path, CancellationToken cancel);

    /// <summary>Removes a directory with everything in it. Gone already is fine. Returns null, or why it failed.</summary>
    ValueTask<string?> Remove(string path, CancellationToken cancel);
}

public sealed record CreateDirectory(IDirectories Directories, string Path) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel) => Directories.Create(Path, cancel);
}

public sealed record RemoveDirectory(IDirectories Directories, string Path) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel) => Directories.Remove(Path, cancel);
}

/// <summary>Directories for nodes that hold no data.</summary>
public sealed class NoDirectories : IDirectories
{
    public ValueTask<string?> Create(string path, CancellationToken cancel) => default;

    public ValueTask<string?> Remove(string path, CancellationToken cancel) => default;
}
