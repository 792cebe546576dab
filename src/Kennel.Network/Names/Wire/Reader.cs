using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Kennel.Network.Names.Wire;

/// <summary>Bytes to messages. Whatever comes in, it answers null or a message and never throws.</summary>
public static class Reader
{
    public const int HeaderBytes = 12;

    /// <summary>What follows the name of a question.</summary>
    internal const int TypeAndClassBytes = 4;

    /// <summary>What an asker takes over UDP when it doesn't say.</summary>
    public const int PlainPayloadBytes = 512;

    const int Internet = 1;
    const int MostNameBytes = 255;

    // A name may point to a name that points on; more than this is a loop or an attack.
    const int MostPointers = 16;

    /// <summary>A question; null when the bytes aren't one.</summary>
    public static Query? ReadQuery(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || (bytes[2] & 0x80) != 0 || Word(bytes, 4) != 1) return null;
        var at = HeaderBytes;
        if (Name(bytes, ref at) is not { } name || at + 4 > bytes.Length) return null;
        var question = new Question(name, (RecordType)Word(bytes, at));
        var internet = Word(bytes, at + 2) == Internet;
        at += 4;
        var echo = bytes[HeaderBytes..at].ToArray();
        if (!Extension(bytes, at, out var payload, out var version)) return null;
        return new(Word(bytes, 0), (bytes[2] >> 3) & 15, (bytes[2] & 1) != 0, question, internet, echo, payload, version);
    }

    /// <summary>The addresses and aliases of an answer with this id; null when the bytes aren't such an answer.</summary>
    public static (ResponseCode Code, ImmutableArray<Record> Answers)? ReadReply(ReadOnlySpan<byte> bytes, int id)
    {
        if (bytes.Length < HeaderBytes || Word(bytes, 0) != id || (bytes[2] & 0x80) == 0) return null;
        var at = HeaderBytes;
        for (var i = Word(bytes, 4); i > 0; i--)
        {
            if (!SkipQuestion(bytes, ref at)) return null;
        }
        var answers = ImmutableArray.CreateBuilder<Record>();
        for (var i = Word(bytes, 6); i > 0; i--)
        {
            if (Header(bytes, ref at) is not { } header) return null;
            var (name, type, ttl, start) = header;
            if (DataOf(bytes, type, start, at) is { } data) answers.Add(new(name, data, ttl));
        }
        return ((ResponseCode)(bytes[3] & 15), answers.ToImmutable());
    }

    /// <summary>Goes behind a question.</summary>
    internal static bool SkipQuestion(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (Name(bytes, ref at) is null || at + 4 > bytes.Length) return false;
        at += 4;
        return true;
    }

    static Data? DataOf(ReadOnlySpan<byte> bytes, RecordType type, int start, int end)
    {
        var at = start;
        return type switch
        {
            RecordType.A when end - start == 4 => new Data.Address(new IPAddress(bytes[start..end])),
            RecordType.Aaaa when end - start == 16 => new Data.Address(new IPAddress(bytes[start..end])),
            RecordType.Cname => Name(bytes, ref at) is { } target ? new Data.Cname(target) : null,
            _ => null,
        };
    }

    /// <summary>Passes over the records behind the question and finds the one that says how much the asker takes.</summary>
    static bool Extension(ReadOnlySpan<byte> bytes, int at, out int payload, out int? version)
    {
        (payload, version) = (PlainPayloadBytes, null);
        for (var i = Word(bytes, 6) + Word(bytes, 8) + Word(bytes, 10); i > 0; i--)
        {
            var before = at;
            if (Header(bytes, ref at) is not { } header) return false;
            if (header.Type != RecordType.Opt) continue;
            // The class of this record is a size.
            var name = before;
            _ = Name(bytes, ref name);
            // Twice is once too often (RFC 6891).
            if (version is not null) return false;
            (payload, version) = (Math.Max(PlainPayloadBytes, Word(bytes, name + 2)), (int)(header.Ttl >> 16) & 0xFF);
        }
        return true;
    }

    /// <summary>Name, type, time to live and where the data begins; <paramref name="at"/> goes behind the data.</summary>
    internal static (string Name, RecordType Type, uint Ttl, int Start)? Header(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (Name(bytes, ref at) is not { } name || at + 10 > bytes.Length) return null;
        var type = (RecordType)Word(bytes, at);
        var ttl = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]);
        var start = at + 10;
        at = start + Word(bytes, at + 8);
        return at > bytes.Length ? null : (name, type, ttl, start);
    }

    /// <summary>A name in lower case; a dot or a backslash inside a label is written with a backslash before it.</summary>
    static string? Name(ReadOnlySpan<byte> bytes, ref int at)
    {
        var text = new StringBuilder();
        var (here, end, pointers, length) = (at, -1, 0, 0);
        while (true)
        {
            if (here >= bytes.Length) return null;
            var size = bytes[here];
            if ((size & 0xC0) == 0xC0)
            {
                if (here + 1 >= bytes.Length || ++pointers > MostPointers) return null;
                if (end < 0) end = here + 2;
                here = (size & 0x3F) << 8 | bytes[here + 1];
                continue;
            }
            if ((size & 0xC0) != 0) return null;
            here++;
            if (size == 0) break;
            if (here + size > bytes.Length || (length += size + 1) > MostNameBytes) return null;
            if (text.Length > 0) text.Append('.');
            foreach (var b in bytes.Slice(here, size)) Append(text, b);
            here += size;
        }
        at = end < 0 ? here : end;
        return text.ToString();
    }

    static void Append(StringBuilder text, byte b)
    {
        if (b is (byte)'.' or (byte)'\\') text.Append('\\');
        text.Append((char)Lower(b));
    }

    internal static byte Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b;

    static int Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
