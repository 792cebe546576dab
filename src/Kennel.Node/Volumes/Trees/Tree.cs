namespace Kennel.Node.Volumes.Trees;

/// <summary>
/// Whole directories: copied, emptied, removed. The driver of local volumes: a clone, a snapshot, and a volume restored from a snapshot are
/// copies. Files share their blocks where the file system can (reflink), and are copied without their holes where it can't.
/// </summary>
/// <remarks>A copy of a directory that is written to meanwhile holds each file as it was at some moment; stop the writer for one moment of all.</remarks>
public static class Tree
{
    /// <summary>Copies a directory with owners, modes, times, symbolic and hard links, and special files. The copy is there as a whole or not at all.</summary>
    /// <param name="to">Nothing, or the copy of an earlier call, which stays.</param>
    /// <exception cref="IOException">The source is no directory, or the disk refused; nothing of the copy is left then.</exception>
    public static void Copy(string from, string to, CancellationToken cancel)
    {
        if (Entry.TryAt(to) is not null) return;
        if (!Entry.At(from).IsFolder) throw new IOException($"copy {from}: not a directory");
        var partial = to + ".partial";
        Remove(partial);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            new TreeCopy(cancel).Folder(from, partial);
            if (Posix.Rename(partial, to) != 0) throw Entry.Failed("rename", to);
        }
        catch
        {
            Remove(partial);
            throw;
        }
    }

    /// <summary>Removes everything in a directory, and nothing else: links go, what they point to stays. Not there is fine.</summary>
    public static void Scrub(string path)
    {
        if (!Directory.Exists(path)) return;
        var real = Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        if (Path.GetFullPath(real) == "/") throw new IOException("scrub /: that is the whole machine");
        foreach (var entry in Directory.GetFileSystemEntries(real)) Remove(entry);
    }

    /// <summary>Removes a file or a directory with everything in it. Not there is fine.</summary>
    public static void Remove(string path)
    {
        if (Entry.TryAt(path) is not { } entry) return;
        if (entry.IsFolder) Directory.Delete(path, recursive: true);
        else File.Delete(path);
    }
}
