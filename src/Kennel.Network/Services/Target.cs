using System.Net;

namespace Kennel.Network.Services;

/// <summary>An endpoint's address and port.</summary>
public readonly record struct Target(string Address, int Port) : IComparable<Target>
{
    public int CompareTo(Target other) =>
        Number(Address).CompareTo(Number(other.Address)) is var order and not 0 ? order : Port.CompareTo(other.Port);

    public static bool operator <(Target left, Target right) => left.CompareTo(right) < 0;

    public static bool operator >(Target left, Target right) => left.CompareTo(right) > 0;

    public static bool operator <=(Target left, Target right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Target left, Target right) => left.CompareTo(right) >= 0;

    /// <summary>An address as the number that it is, so that 10.0.0.9 comes before 10.0.0.10.</summary>
    static uint Number(string address)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        return (uint)bytes[0] << 24 | (uint)bytes[1] << 16 | (uint)bytes[2] << 8 | bytes[3];
    }
}
