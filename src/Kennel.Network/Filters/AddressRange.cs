using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kennel.Network.Filters;

/// <summary>Ranges of addresses as people write them.</summary>
static class AddressRange
{
    /// <summary><c>10.1.2.3/8</c> as the range that it means, <c>10.0.0.0/8</c>; null when it isn't one of IPv4.</summary>
    public static string? Of(string text)
    {
        var parts = text.Trim().Split('/');
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out var address) || address.AddressFamily != AddressFamily.InterNetwork) return null;
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > 32) return null;
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < 32; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return $"{new IPAddress(bytes)}/{length.ToString(CultureInfo.InvariantCulture)}";
    }
}
