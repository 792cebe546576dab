using System.IO.Enumeration;
using System.Runtime.InteropServices;
using System.Text;

namespace Kennel.Node.Volumes;

/// <summary>The machine that we run on.</summary>
public sealed class LinuxHost : IHost
{
    public PathKind Kind(string path) => Stat(path, follow: true) is { } s ? KindOf(s.Mode) : PathKind.Missing;

    public string? RealPath(string path)
    {
        var found = Posix.RealPath(path, 0);
        if (found == 0) return null;
        try { return Marshal.PtrToStringUTF8(found); }
        finally { Posix.Free(found); }
    }

    public void MakeFolder(string path, int mode)
    {
        if (Directory.Exists(path)) return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } above) MakeFolder(above, 0b111_101_101);
        Directory.CreateDirectory(path);
        SetMode(path, mode);
    }

    public void WriteFile(string path, ReadOnlySpan<byte> content, int mode)
    {
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write)) file.Write(content);
        SetMode(path, mode);
    }

    public byte[]? ReadTail(string path, int limit)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.CanSeek && file.Length > limit) file.Seek(-limit, SeekOrigin.End);
            var buffer = new byte[limit];
            var count = file.ReadAtLeast(buffer, limit, throwOnEndOfStream: false);
            return buffer[..count];
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    public void Link(string path, string target)
    {
        var temporary = path + "_tmp";
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, target);
        if (Posix.Rename(temporary, path) != 0) throw Failed("rename", path);
    }

    public string? LinkTarget(string path) => new FileInfo(path).LinkTarget;

    public IReadOnlyList<string> List(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)]
        : [];

    public void Remove(string path)
    {
        if (MountsBelow(path) is [var mount, ..]) throw new IOException($"{mount} is still mounted: not removing {path}");
        if (Stat(path, follow: false) is not { } s) return;
        if (KindOf(s.Mode) is PathKind.Folder) Directory.Delete(path, recursive: true);
        else File.Delete(path);
    }

    public bool RemoveEmptyFolder(string path) => Posix.RemoveFolder(path) == 0;

    public void SetOwner(string path, long user, long group)
    {
        if (Posix.ChangeOwner(path, (uint)user, (uint)group) != 0) throw Failed("chown", path);
    }

    public void SetMode(string path, int mode)
    {
        if (Posix.ChangeMode(path, (uint)mode) != 0) throw Failed("chmod", path);
    }

    public int Mode(string path) => Stat(path, follow: false) is { } s ? s.Mode & 0xFFF : 0;

    public long Group(string path) => Stat(path, follow: false) is { } s ? s.Group : -1;

    public void MountMemory(string target, string options)
    {
        if (MountsBelow(target).Contains(target)) return;
        if (Posix.Mount("tmpfs", target, "tmpfs", 0, options) != 0) throw Failed("mount", target);
    }

    public void Unmount(string target)
    {
        const int Invalid = 22, NoEntry = 2;
        if (Posix.Unmount(target, 0) != 0 && Marshal.GetLastPInvokeError() is not (Invalid or NoEntry)) throw Failed("umount", target);
    }

    public Pressure.DiskSpace? Disk(string path)
    {
        var s = new byte[256]; // struct statvfs: bsize frsize blocks bfree bavail files ffree favail
        if (Posix.StatFileSystem(path, s) != 0) return null;
        long At(int index) => BitConverter.ToInt64(s, index * 8);
        return new(At(2) * At(1), At(4) * At(1), At(5), At(6));
    }

    public long UsedBytes(string path)
    {
        if (Statx(path, follow: false) is not { } top) return 0;
        var (sum, device) = (Blocks(top), Device(top));
        if (KindOf(BitConverter.ToUInt16(top, 28)) is not PathKind.Folder) return sum;
        // Links are counted and never followed: they may lead anywhere.
        var below = new FileSystemEnumerable<string>(path, (ref FileSystemEntry e) => e.ToFullPath(), s_everything)
        {
            ShouldRecursePredicate = (ref FileSystemEntry e) => !e.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        foreach (var entry in below)
            if (Statx(entry, follow: false) is { } s && Device(s) == device) sum += Blocks(s);
        return sum;
    }

    static readonly EnumerationOptions s_everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    static long Blocks(byte[] statx) => BitConverter.ToInt64(statx, 48) * 512;

    static long Device(byte[] statx) => BitConverter.ToInt64(statx, 136);

    public IReadOnlyList<string> MountsBelow(string path) =>
        [.. File.ReadLines("/proc/self/mountinfo").Select(line => Unescape(line.Split(' ', 6)[4]))
            .Where(m => m == path || m.StartsWith(path + "/", StringComparison.Ordinal)).OrderByDescending(m => m.Length)];

    /// <summary>mountinfo writes blanks and the like as <c>\040</c>.</summary>
    static string Unescape(string text)
    {
        if (!text.Contains('\\')) return text;
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\\' && i + 3 < text.Length) (result, i) = (result.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8)), i + 3);
            else result.Append(text[i]);
        return result.ToString();
    }

    static (int Mode, long Group)? Stat(string path, bool follow) =>
        Statx(path, follow) is { } s ? (BitConverter.ToUInt16(s, 28), BitConverter.ToUInt32(s, 24)) : null;

    static byte[]? Statx(string path, bool follow)
    {
        const int Here = -100, NoFollow = 0x100, Basic = 0x7ff;
        var buffer = new byte[256]; // struct statx
        return Posix.Stat(Here, path, follow ? 0 : NoFollow, Basic, buffer) == 0 ? buffer : null;
    }

    static PathKind KindOf(int mode) => (mode & 0xF000) switch
    {
        0x8000 => PathKind.File, 0x4000 => PathKind.Folder, 0xC000 => PathKind.Socket, 0x2000 => PathKind.CharDevice, 0x6000 => PathKind.BlockDevice, _ => PathKind.Other,
    };

    static IOException Failed(string call, string path) => new($"{call} {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
