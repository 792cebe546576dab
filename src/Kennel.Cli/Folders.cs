using Kennel.Controllers.Volumes;
using Kennel.Node.Volumes.Trees;

namespace Kennel.Cli;

/// <summary>The folders of provisioned volumes, on this machine.</summary>
sealed class Folders : IDirectories
{
    const UnixFileMode Everyone = (UnixFileMode)0b111_111_111;

    public ValueTask<string?> Create(string path, CancellationToken cancel) => Try(() =>
    {
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, Everyone); // pods run as any user
    });

    public ValueTask<string?> Copy(string from, string to, CancellationToken cancel) => Try(() => Tree.Copy(from, to, cancel));

    public ValueTask<string?> Scrub(string path, CancellationToken cancel) => Try(() => Tree.Scrub(path));

    public ValueTask<string?> Remove(string path, CancellationToken cancel) => Try(() => Tree.Remove(path));

    static ValueTask<string?> Try(Action change)
    {
        try
        {
            change();
            return new((string?)null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(e.Message);
        }
    }
}
