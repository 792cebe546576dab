using System.Formats.Tar;
using Kennel.Node.Volumes;

namespace Kennel.Node.Images;

/// <summary>A folder as an image layer: sorted, owned by root, without times, so that the same files give the same digest.</summary>
public static class LayerTar
{
    private static readonly LinuxHost s_host = new();

    public static async Task WriteFolder(Stream target, string rootFolder, CancellationToken cancel)
    {
        var root = Path.GetFullPath(rootFolder);
        await using var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        await WriteChildren(tar, root, "", cancel);
    }

    private static async Task WriteChildren(TarWriter tar, string folder, string prefix, CancellationToken cancel)
    {
        var children = new DirectoryInfo(folder).GetFileSystemInfos();
        Array.Sort(children, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var child in children)
        {
            var name = prefix + child.Name;
            if (child.LinkTarget is { } link)
            {
                await Write(tar, new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = link }, cancel);
            }
            else if (child is DirectoryInfo)
            {
                await Write(tar, new PaxTarEntry(TarEntryType.Directory, name + "/") { Mode = child.UnixFileMode }, cancel);
                await WriteChildren(tar, child.FullName, name + "/", cancel);
            }
            else if (s_host.Kind(child.FullName) is PathKind.File) // a fifo, a socket or a device has nothing to read, and a runtime makes its own
            {
                await using var data = File.OpenRead(child.FullName);
                await Write(tar, new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = child.UnixFileMode, DataStream = data }, cancel);
            }
        }
    }

    private static Task Write(TarWriter tar, PaxTarEntry entry, CancellationToken cancel)
    {
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.Uid = 0;
        entry.Gid = 0;
        return tar.WriteEntryAsync(entry, cancel);
    }
}
