namespace Kennel.Node.Volumes;

/// <summary>The <c>type</c> of a hostPath: what must be there, or is made.</summary>
static class HostPathCheck
{
    public static void Ensure(IHost host, string path, string? type)
    {
        var kind = host.Kind(path);
        switch (type)
        {
            case null or "": return;
            case "DirectoryOrCreate" when kind is PathKind.Missing: host.MakeFolder(path, 0b111_101_101); return;
            case "FileOrCreate" when kind is PathKind.Missing: CreateFile(host, path); return;
            case "DirectoryOrCreate" or "Directory": Need(kind is PathKind.Folder, path, "a directory"); return;
            case "FileOrCreate" or "File": Need(kind is PathKind.File, path, "a file"); return;
            case "Socket": Need(kind is PathKind.Socket, path, "a socket file"); return;
            case "CharDevice": Need(kind is PathKind.CharDevice, path, "a character device"); return;
            case "BlockDevice": Need(kind is PathKind.BlockDevice, path, "a block device"); return;
            default: throw new VolumeException($"{type} is an invalid volume type");
        }
    }

    static void CreateFile(IHost host, string path)
    {
        if (host.Kind(Path.GetDirectoryName(path) ?? "/") is not PathKind.Folder) throw new VolumeException($"open {path}: no such file or directory");
        host.WriteFile(path, [], 0b110_100_100);
    }

    static void Need(bool fits, string path, string what)
    {
        if (!fits) throw new VolumeException($"hostPath type check failed: {path} is not {what}");
    }
}
