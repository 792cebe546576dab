using Microsoft.Win32.SafeHandles;

namespace Kennel.Node.Volumes.Trees;

/// <summary>One copy of a directory. It remembers files with several names, so that they have them in the copy too.</summary>
sealed class TreeCopy(CancellationToken cancel)
{
    readonly Dictionary<(ulong, ulong), string> _copied = [];

    public void Folder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.EnumerateFileSystemEntries(from))
        {
            cancel.ThrowIfCancellationRequested();
            One(path, Path.Combine(to, Path.GetFileName(path)));
        }
        Dress(from, to, Entry.At(from)); // after its content: a folder may be read-only, and making files changes its time
    }

    void One(string from, string to)
    {
        if (Entry.TryAt(from) is not { } entry) return; // gone meanwhile
        if (entry.IsFolder) Folder(from, to);
        else if (entry.Links > 1 && _copied.TryGetValue(entry.Identity, out var first)) Link(first, to);
        else
        {
            if (entry.IsLink) File.CreateSymbolicLink(to, new FileInfo(from).LinkTarget!);
            else if (entry.IsFile) Content(from, to);
            else if (Posix.MakeNode(to, (uint)entry.Mode, (nuint)entry.DeviceNumber) != 0) throw Entry.Failed("mknod", to);
            Dress(from, to, entry);
            if (entry.Links > 1) _copied[entry.Identity] = to;
        }
    }

    static void Link(string first, string to)
    {
        if (Posix.HardLink(first, to) != 0) throw Entry.Failed("link", to);
    }

    /// <summary>Owner before mode, since a change of owner takes set-id bits away.</summary>
    static void Dress(string from, string to, Entry entry)
    {
        if (Posix.ChangeOwner(to, entry.User, entry.Group) != 0) throw Entry.Failed("chown", to);
        if (entry.IsLink) return;
        if (Posix.ChangeMode(to, (uint)entry.Permissions) != 0) throw Entry.Failed("chmod", to);
        if (entry.IsFolder) Directory.SetLastWriteTimeUtc(to, Directory.GetLastWriteTimeUtc(from));
        else if (entry.IsFile) File.SetLastWriteTimeUtc(to, File.GetLastWriteTimeUtc(from));
    }

    void Content(string from, string to)
    {
        using var source = File.OpenHandle(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = File.OpenHandle(to, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        if (!Reflink(source, copy)) Extents(source, copy);
    }

    /// <summary>Both files share their blocks until one is written to. False where the file system can't.</summary>
    static bool Reflink(SafeFileHandle source, SafeFileHandle copy)
    {
        const uint FileClone = 0x40049409; // FICLONE
        return Posix.Control(copy, FileClone, source) == 0;
    }

    /// <summary>Copies what is there and leaves holes where there are holes.</summary>
    void Extents(SafeFileHandle source, SafeFileHandle copy)
    {
        const int Data = 3, Hole = 4; // SEEK_DATA, SEEK_HOLE
        var length = RandomAccess.GetLength(source);
        var buffer = new byte[1 << 20];
        for (long at = 0; at < length;)
        {
            var begin = Posix.Seek(source, at, Data);
            if (begin < 0) break; // nothing but a hole is left
            var end = Posix.Seek(source, begin, Hole);
            if (end < 0) end = length;
            for (at = begin; at < end;)
            {
                cancel.ThrowIfCancellationRequested();
                var read = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)), at);
                if (read == 0) break; // it has become shorter
                RandomAccess.Write(copy, buffer.AsSpan(0, read), at);
                at += read;
            }
            if (at < end) break;
        }
        RandomAccess.SetLength(copy, length);
    }
}
