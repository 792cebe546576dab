using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kennel.Node.Volumes;

/// <summary>The file calls that .NET has no words for. All answer 0 for success but <c>RealPath</c>, which answers memory to free.</summary>
static partial class Posix
{
    const StringMarshalling Utf8 = StringMarshalling.Utf8;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = Utf8)]
    public static partial int Stat(int at, string path, int flags, uint mask, byte[] result);

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true, StringMarshalling = Utf8)]
    public static partial int StatFileSystem(string path, byte[] result);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = Utf8)]
    public static partial nint RealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    public static partial void Free(nint memory);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = Utf8)]
    public static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = Utf8)]
    public static partial int RemoveFolder(string path);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = Utf8)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = Utf8)]
    public static partial int MakeNode(string path, uint mode, nuint device);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = Utf8)]
    public static partial int HardLink(string from, string to);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, nuint request, SafeFileHandle argument);

    /// <summary>Answers the offset, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = Utf8)]
    public static partial int Mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = Utf8)]
    public static partial int Unmount(string target, int flags);
}
