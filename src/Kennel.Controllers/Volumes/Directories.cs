using Kennel.Client;
using Kennel.Client.Running;

namespace Kennel.Controllers.Volumes;

/// <summary>
/// The directories of local volumes: the driver. Real on a machine; for simulated nodes nothing has to happen. Everything may be done
/// again and again; each answers null, or why it failed.
/// </summary>
public interface IDirectories
{
    /// <summary>Makes a directory that everyone may write to (pods run as any user). Already there is fine.</summary>
    ValueTask<string?> Create(string path, CancellationToken cancel);

    /// <summary>
    /// Makes a directory as a copy of another: a clone, a snapshot of a volume, or a volume restored from a snapshot. It is there as a whole
    /// or not at all; already there is fine. Owners, modes, times, links and holes are kept.
    /// </summary>
    ValueTask<string?> Copy(string from, string to, CancellationToken cancel) => new("this driver makes no copies");

    /// <summary>Removes everything in a directory and leaves the directory. Not there is fine.</summary>
    ValueTask<string?> Scrub(string path, CancellationToken cancel) => new("this driver scrubs nothing");

    /// <summary>Removes a directory with everything in it. Gone already is fine.</summary>
    ValueTask<string?> Remove(string path, CancellationToken cancel);
}

/// <summary>A step on the disk; when it fails, its message begins with <see cref="Trouble"/>.</summary>
public abstract record DirectoryStep : Step.Own
{
    public const string Trouble = "on the disk: ";

    public sealed override async ValueTask<string?> Apply(IApi api, CancellationToken cancel) => await Act(cancel) is { } why ? Trouble + why : null;

    protected abstract ValueTask<string?> Act(CancellationToken cancel);
}

public sealed record CreateDirectory(IDirectories Directories, string Path) : DirectoryStep
{
    protected override ValueTask<string?> Act(CancellationToken cancel) => Directories.Create(Path, cancel);
}

public sealed record CopyDirectory(IDirectories Directories, string From, string To) : DirectoryStep
{
    protected override ValueTask<string?> Act(CancellationToken cancel) => Directories.Copy(From, To, cancel);
}

public sealed record ScrubDirectory(IDirectories Directories, string Path) : DirectoryStep
{
    protected override ValueTask<string?> Act(CancellationToken cancel) => Directories.Scrub(Path, cancel);
}

public sealed record RemoveDirectory(IDirectories Directories, string Path) : DirectoryStep
{
    protected override ValueTask<string?> Act(CancellationToken cancel) => Directories.Remove(Path, cancel);
}

/// <summary>Directories for nodes that hold no data.</summary>
public sealed class NoDirectories : IDirectories
{
    public ValueTask<string?> Create(string path, CancellationToken cancel) => default;

    public ValueTask<string?> Copy(string from, string to, CancellationToken cancel) => default;

    public ValueTask<string?> Scrub(string path, CancellationToken cancel) => default;

    public ValueTask<string?> Remove(string path, CancellationToken cancel) => default;
}
