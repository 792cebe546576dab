using System.Buffers.Binary;
using System.Text;

namespace Kennel.Objects.Protobuf;

/// <summary>What is wrong with a protobuf body; becomes a 400 in <see cref="ProtobufCodec"/>.</summary>
sealed class WireException(string message) : Exception(message);

/// <summary>Reads the protobuf wire format. Every length is checked against what is there.</summary>
ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Delimited = 2;
    public const int Fixed32 = 5;

    public readonly bool AtEnd => _rest.IsEmpty;

    public (int Number, int Type) Tag()
    {
        var tag = Unsigned();
        var number = tag >> 3;
        if (number is 0 or > 536_870_911) throw new WireException("proto: illegal tag");
        return ((int)number, (int)(tag & 7));
    }

    public ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_rest.IsEmpty) throw new WireException("unexpected EOF");
            var b = _rest[0];
            _rest = _rest[1..];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
        throw new WireException("proto: integer overflow");
    }

    public long Signed() => (long)Unsigned();

    public double Double()
    {
        if (_rest.Length < 8) throw new WireException("unexpected EOF");
        var value = BinaryPrimitives.ReadDoubleLittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Unsigned();
        if (length > (ulong)_rest.Length) throw new WireException("unexpected EOF");
        var value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return value;
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public void Skip(int type)
    {
        switch (type)
        {
            case Varint:
                Unsigned();
                break;
            case Fixed64:
                Double();
                break;
            case Delimited:
                Bytes();
                break;
            case Fixed32 when _rest.Length >= 4:
                _rest = _rest[4..];
                break;
            default:
                throw new WireException($"proto: illegal wireType {type}");
        }
    }
}
