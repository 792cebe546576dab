namespace Kennel.Node.Volumes;

/// <summary>The machine's files and mounts. Modes are octal as in chmod; ids of -1 stay as they are. Failures are <see cref="IOException"/>.</summary>
public interface IHost
{
    /// <summary>What is at a path, links followed.</summary>
    PathKind Kind(string path);

    /// <summary>The path with all its links resolved; null when nothing is there.</summary>
    string? RealPath(string path);

    /// <summary>Makes a folder with this mode and those above it with 0755; one that is there stays as it is.</summary>
    void MakeFolder(string path, int mode);

    /// <summary>Writes a file anew; its folder must be there.</summary>
    void WriteFile(string path, ReadOnlySpan<byte> content, int mode);

    /// <summary>The last <paramref name="limit"/> bytes of a file, or null when there is none.</summary>
    byte[]? ReadTail(string path, int limit);

    /// <summary>Makes a symbolic link, or atomically puts it in an old link's place.</summary>
    void Link(string path, string target);

    /// <summary>Where a symbolic link points, or null when it is none.</summary>
    string? LinkTarget(string path);

    /// <summary>Names in a folder in ordinal order; empty when there is none.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Removes a file or a whole folder without following links. Nothing there is fine. Refuses while something is mounted below.</summary>
    void Remove(string path);

    /// <summary>Removes an empty folder; false when it can't be.</summary>
    bool RemoveEmptyFolder(string path);

    /// <summary>Owner and mode of one path, links not followed.</summary>
    void SetOwner(string path, long user, long group);

    void SetMode(string path, int mode);

    int Mode(string path);

    /// <summary>Group id of one path.</summary>
    long Group(string path);

    void MountMemory(string target, string options);

    /// <summary>Unmounts; nothing mounted there is fine.</summary>
    void Unmount(string target);

    /// <summary>The file system of a path; null where nobody can say.</summary>
    Pressure.DiskSpace? Disk(string path);

    /// <summary>What files at and below a path take up, without what is mounted there; 0 when there are none.</summary>
    long UsedBytes(string path);

    /// <summary>Mount points at or below a path, deepest first.</summary>
    IReadOnlyList<string> MountsBelow(string path);
}

public enum PathKind { Missing, File, Folder, Socket, CharDevice, BlockDevice, Other }
