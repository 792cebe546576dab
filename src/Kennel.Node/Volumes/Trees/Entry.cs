using System.Runtime.InteropServices;

namespace Kennel.Node.Volumes.Trees;

/// <summary>What stands at a path, links not followed.</summary>
/// <param name="Mode">Type and permissions as in <c>st_mode</c>.</param>
sealed record Entry(int Mode, uint Links, uint User, uint Group, (ulong Device, ulong Inode) Identity, ulong DeviceNumber)
{
    const int Types = 0xF000;

    public bool IsFolder => (Mode & Types) == 0x4000;

    public bool IsFile => (Mode & Types) == 0x8000;

    public bool IsLink => (Mode & Types) == 0xA000;

    public int Permissions => Mode & 0xFFF;

    /// <exception cref="IOException">It can't be looked at.</exception>
    public static Entry At(string path) => TryAt(path) ?? throw Failed("stat", path);

    /// <summary>Null when nothing is there.</summary>
    public static Entry? TryAt(string path)
    {
        const int Here = -100, NoFollow = 0x100, Basic = 0x7ff;
        var s = new byte[256]; // struct statx
        if (Posix.Stat(Here, path, NoFollow, Basic, s) != 0) return null;
        var device = Pair(s, 136);
        return new(BitConverter.ToUInt16(s, 28), BitConverter.ToUInt32(s, 16), BitConverter.ToUInt32(s, 20), BitConverter.ToUInt32(s, 24), (device, BitConverter.ToUInt64(s, 32)), Pair(s, 128));
    }

    public static IOException Failed(string call, string path) => new($"{call} {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    /// <summary>Major and minor number, packed as <c>dev_t</c>.</summary>
    static ulong Pair(byte[] s, int at)
    {
        ulong major = BitConverter.ToUInt32(s, at), minor = BitConverter.ToUInt32(s, at + 4);
        return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xffUL) << 12) | ((major & ~0xfffUL) << 32);
    }
}
