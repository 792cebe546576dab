using System.Buffers.Binary;
using System.Text;

namespace Kennel.Objects.Protobuf;

/// <summary>Writes the protobuf wire format into a growing buffer.</summary>
sealed class WireWriter(int capacity = 1024)
{
    byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public byte[] ToArray() => _buffer.AsSpan(0, Length).ToArray();

    Span<byte> Room(int size)
    {
        if (_buffer.Length - Length < size) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + size));
        return _buffer.AsSpan(Length, size);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void Tag(int number, int type) => Varint((ulong)(number << 3 | type));

    public void Varint(ulong value)
    {
        var room = Room(10);
        var at = 0;
        while (value >= 0x80)
        {
            room[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        room[at++] = (byte)value;
        Length += at;
    }

    public void Int(int number, long value)
    {
        Tag(number, WireReader.Varint);
        Varint((ulong)value);
    }

    public void Double(int number, double value)
    {
        Tag(number, WireReader.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);
        Length += 8;
    }

    public void Bytes(int number, ReadOnlySpan<byte> value)
    {
        Tag(number, WireReader.Delimited);
        Varint((ulong)value.Length);
        Raw(value);
    }

    public void Text(int number, string value)
    {
        Tag(number, WireReader.Delimited);
        var size = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)size);
        Encoding.UTF8.GetBytes(value, Room(size));
        Length += size;
    }

    /// <summary>Begins a message whose length isn't known yet; one byte is kept for it.</summary>
    public int Begin(int number)
    {
        Tag(number, WireReader.Delimited);
        Room(1);
        return Length++;
    }

    /// <summary>Writes the length at <paramref name="start"/>, moving the message when that takes more than a byte.</summary>
    public void End(int start)
    {
        var size = Length - start - 1;
        var extra = 0;
        for (var rest = size >> 7; rest > 0; rest >>= 7) extra++;
        if (extra > 0)
        {
            Room(extra);
            _buffer.AsSpan(start + 1, size).CopyTo(_buffer.AsSpan(start + 1 + extra));
        }
        var at = start;
        var value = (uint)size;
        while (value >= 0x80)
        {
            _buffer[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[at] = (byte)value;
        Length += extra;
    }
}
