using System.Buffers.Binary;
using System.Net;

namespace Kennel.Server.Admission;

/// <summary>
/// The addresses of a service range. The first one is the API's own. Addresses of the lower band are handed out only when nothing else is left,
/// so that addresses that people choose, which are mostly low, are seldom taken.
/// </summary>
sealed class IpAllocator
{
    readonly uint _first;
    readonly uint _count;
    readonly uint _band;
    readonly Random _random;
    readonly HashSet<uint> _taken = [];

    public IpAllocator(IPNetwork range, Random random)
    {
        var size = 1L << (32 - range.PrefixLength);
        (Range, _random) = (range, random);
        _first = BinaryPrimitives.ReadUInt32BigEndian(range.BaseAddress.GetAddressBytes()) + 1;
        _count = (uint)Math.Max(0, size - 2); // without the network's and the broadcast address
        _band = (uint)Math.Min(Math.Max(16, size / 16), 256);
        if (_band >= _count) _band = 0;
    }

    public IPNetwork Range { get; }

    public bool Contains(IPAddress address) => Index(address) is { } i && i < _count;

    /// <summary>False when it is taken already.</summary>
    public bool Take(IPAddress address)
    {
        lock (_taken) return Index(address) is { } i && i < _count && _taken.Add(i);
    }

    /// <summary>Null when the range is full.</summary>
    public IPAddress? Take()
    {
        lock (_taken) return (Free(_band, _count) ?? Free(0, _band)) is { } i && _taken.Add(i) ? Address(i) : null;
    }

    public void Release(IPAddress address)
    {
        lock (_taken) if (Index(address) is { } i) _taken.Remove(i);
    }

    uint? Free(uint from, uint to)
    {
        if (from >= to) return null;
        uint start;
        lock (_random) start = from + (uint)_random.NextInt64(to - from);
        for (var i = start; i < to; i++) if (!_taken.Contains(i)) return i;
        for (var i = from; i < start; i++) if (!_taken.Contains(i)) return i;
        return null;
    }

    uint? Index(IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
        ? unchecked(BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()) - _first)
        : null;

    IPAddress Address(uint index)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, _first + index);
        return new IPAddress(bytes);
    }
}
