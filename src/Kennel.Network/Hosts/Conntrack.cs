using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Kennel.Network.Hosts;

/// <summary>The kernel's table of connections, over its netlink socket (see libnetfilter_conntrack and linux/netfilter/nfnetlink_conntrack.h).</summary>
static partial class Conntrack
{
    const int Udp = 17;
    const int HeaderBytes = 20; // a netlink message's header and nfnetlink's behind it
    const ushort Get = 1 << 8 | 1, Delete = 1 << 8 | 2, Error = 2, Done = 3;
    const ushort Request = 1, Acknowledge = 4, Dump = 0x300;

    // Attributes: the tuple of a direction, its addresses and its ports. Nested ones carry the highest bit.
    const int Original = 1, Reply = 2, Addresses = 1, Ports = 2, SourceAddress = 1, DestinationAddress = 2, Protocol = 1, SourcePort = 2, DestinationPort = 3;
    const int Nested = 0x8000;

    // Enough for the parts of a long listing; the kernel sends at most so much at once.
    const int BufferBytes = 64 * 1024;

    public static IReadOnlyList<Flow> Flows()
    {
        var flows = new List<Flow>();
        Talk(Message(Get, Request | Dump, []), part =>
        {
            if (Read(part) is { } flow) flows.Add(flow);
        });
        return flows;
    }

    public static void Forget(Flow flow)
    {
        var tuple = Attribute(Original | Nested,
        [
            .. Attribute(Addresses | Nested, [.. Attribute(SourceAddress, IPAddress.Parse(flow.Source).GetAddressBytes()), .. Attribute(DestinationAddress, IPAddress.Parse(flow.Destination).GetAddressBytes())]),
            .. Attribute(Ports | Nested, [.. Attribute(Protocol, [Udp]), .. Attribute(SourcePort, Port(flow.SourcePort)), .. Attribute(DestinationPort, Port(flow.DestinationPort))]),
        ]);
        Talk(Message(Delete, Request | Acknowledge, tuple), _ => { });
    }

    /// <summary>Sends a request and reads the parts of the answer to its end. Where the kernel has no such socket, or is silent, nothing comes.</summary>
    static void Talk(byte[] request, Action<ReadOnlySpan<byte>> part)
    {
        const int Netlink = 16, Raw = 3, CloseOnExec = 0x80000, Netfilter = 12;
        var socket = Socket(Netlink, Raw | CloseOnExec, Netfilter);
        if (socket < 0) return;
        try
        {
            if (Send(socket, request, request.Length, 0) < 0) return;
            var buffer = new byte[BufferBytes];
            while (Receive(socket, buffer, buffer.Length, 0) is > 0 and var count)
                if (Parts(buffer.AsSpan(0, (int)count), part)) return;
        }
        finally
        {
            _ = Close(socket);
        }
    }

    /// <returns>Whether this was the end.</returns>
    static bool Parts(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> part)
    {
        while (bytes.Length >= 16)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (length < 16 || length > bytes.Length) return true;
            if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) is Error or Done) return true;
            if (length > HeaderBytes) part(bytes[HeaderBytes..length]);
            bytes = bytes[Math.Min(Aligned(length), bytes.Length)..];
        }
        return false;
    }

    static Flow? Read(ReadOnlySpan<byte> attributes)
    {
        var (original, reply) = (Tuple(Find(attributes, Original)), Tuple(Find(attributes, Reply)));
        return original is { } from && reply is { } back ? new(from.Source, from.SourcePort, from.Destination, from.DestinationPort, back.Source, back.SourcePort) : null;
    }

    static (string Source, int SourcePort, string Destination, int DestinationPort)? Tuple(ReadOnlySpan<byte> tuple)
    {
        var addresses = Find(tuple, Addresses);
        var ports = Find(tuple, Ports);
        var source = Find(addresses, SourceAddress);
        var destination = Find(addresses, DestinationAddress);
        var sourcePort = Find(ports, SourcePort);
        var destinationPort = Find(ports, DestinationPort);
        if (Find(ports, Protocol) is not [Udp] || source.Length != 4 || destination.Length != 4 || sourcePort.Length != 2 || destinationPort.Length != 2) return null;
        return (new IPAddress(source).ToString(), BinaryPrimitives.ReadUInt16BigEndian(sourcePort), new IPAddress(destination).ToString(), BinaryPrimitives.ReadUInt16BigEndian(destinationPort));
    }

    static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, int type)
    {
        while (attributes.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < 4 || length > attributes.Length) return [];
            if ((BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & 0x3FFF) == type) return attributes[4..length];
            attributes = attributes[Math.Min(Aligned(length), attributes.Length)..];
        }
        return [];
    }

    static byte[] Message(ushort type, int flags, ReadOnlySpan<byte> body)
    {
        const byte InterNetwork = 2;
        var message = new byte[HeaderBytes + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), (ushort)flags);
        message[16] = InterNetwork;
        body.CopyTo(message.AsSpan(HeaderBytes));
        return message;
    }

    static byte[] Attribute(int type, ReadOnlySpan<byte> data)
    {
        var attribute = new byte[Aligned(4 + data.Length)];
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(4 + data.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), (ushort)type);
        data.CopyTo(attribute.AsSpan(4));
        return attribute;
    }

    static byte[] Port(int port) => [(byte)(port >> 8), (byte)port];

    static int Aligned(int length) => (length + 3) & ~3;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, byte[] bytes, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, byte[] bytes, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int socket);
}
