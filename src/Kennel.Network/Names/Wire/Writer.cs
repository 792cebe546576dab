using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Kennel.Network.Names.Wire;

/// <summary>Messages to bytes.</summary>
public static class Writer
{
    // More than this isn't sent over UDP even to those who would take it: it would be cut into fragments on the way.
    const int MostPayloadBytes = 1232;
    const int Internet = 1;

    /// <summary>
    /// An answer to a question. One that is too long is sent with as many of its records as there is room for and says so: the asker comes again over
    /// TCP, or does with what it got.
    /// </summary>
    public static byte[] Write(Query query, Reply reply, bool udp)
    {
        var room = udp ? Math.Min(query.PayloadBytes, MostPayloadBytes) : ushort.MaxValue;
        var whole = Build(query, reply, truncated: false);
        if (whole.Length <= room) return whole;
        // What comes along unasked goes first.
        var bare = Build(query, reply with { Additional = [] }, truncated: false);
        if (bare.Length <= room) return bare;
        var (fits, least) = (0, reply.Answers.Length);
        while (fits + 1 < least)
        {
            var half = (fits + least) / 2;
            if (Build(query, Cut(reply, half), truncated: true).Length <= room) fits = half;
            else least = half;
        }
        return Build(query, Cut(reply, fits), truncated: true);
    }

    static Reply Cut(Reply reply, int answers) => reply with { Answers = reply.Answers[..answers], Authority = [], Additional = [] };

    /// <summary>A refusal to bytes that could not be read: all that is known of them is an id.</summary>
    public static byte[] Malformed(ReadOnlySpan<byte> bytes)
    {
        var message = new byte[Reader.HeaderBytes];
        bytes[..2].CopyTo(message);
        (message[2], message[3]) = (0x80, (byte)ResponseCode.FormatError);
        return message;
    }

    /// <summary>A question of our own, for a resolver.</summary>
    public static byte[] Ask(int id, Question question)
    {
        var to = new List<byte>(64);
        Words(to, id, 0x0100, 1, 0, 0, 0);
        Name(to, question.Name);
        Words(to, (int)question.Type, Internet);
        return [.. to];
    }

    static byte[] Build(Query query, Reply reply, bool truncated)
    {
        var to = new List<byte>(256);
        var flags = 0x8000 | query.Opcode << 11 | (reply.Authoritative ? 0x0400 : 0) | (truncated ? 0x0200 : 0) | (query.RecursionDesired ? 0x0100 : 0) | 0x0080 | ((int)reply.Code & 15);
        Words(to, query.Id, flags, 1, reply.Answers.Length, reply.Authority.Length, reply.Additional.Length + (query.Version is null ? 0 : 1));
        to.AddRange(query.Echo.Span);
        foreach (var record in reply.Answers.Concat(reply.Authority).Concat(reply.Additional)) Record(to, record, query.Question.Name);
        if (query.Version is not null)
        {
            to.Add(0);
            Words(to, (int)RecordType.Opt, MostPayloadBytes, (int)reply.Code >> 4 << 8, 0, 0);
        }
        return [.. to];
    }

    static void Record(List<byte> to, Record record, string asked)
    {
        // The name that was asked for stands right behind the header.
        if (record.Name == asked) Words(to, 0xC000 | Reader.HeaderBytes);
        else Name(to, record.Name);
        Words(to, (int)record.Data.Type, Internet, (int)(record.TtlSeconds >> 16), (int)(record.TtlSeconds & 0xFFFF));
        var size = to.Count;
        Words(to, 0);
        Body(to, record.Data);
        var length = to.Count - size - 2;
        (to[size], to[size + 1]) = ((byte)(length >> 8), (byte)length);
    }

    static void Body(List<byte> to, Data data)
    {
        switch (data)
        {
            case Data.Address a:
                to.AddRange(a.Value.GetAddressBytes());
                break;
            case Data.Cname c:
                Name(to, c.Target);
                break;
            case Data.Ptr p:
                Name(to, p.Target);
                break;
            case Data.Srv s:
                Words(to, s.Priority, s.Weight, s.Port);
                Name(to, s.Target);
                break;
            case Data.Txt t:
                to.Add((byte)Math.Min(t.Text.Length, 255));
                foreach (var c in t.Text.Take(255)) to.Add((byte)c);
                break;
            case Data.Soa s:
                Name(to, s.Server);
                Name(to, s.Mailbox);
                // Serial, then refresh, retry and expire, which only matter to secondary servers.
                foreach (var number in (ImmutableArray<uint>)[s.Serial, 7200, 1800, 86400, s.Minimum]) Words(to, (int)(number >> 16), (int)(number & 0xFFFF));
                break;
            default:
                throw new InvalidOperationException($"records of type {data.Type} are not written");
        }
    }

    static void Name(List<byte> to, string name)
    {
        var label = new List<byte>(16);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '.') Label(to, label);
            else label.Add((byte)(name[i] == '\\' && i + 1 < name.Length ? name[++i] : name[i]));
        }
        Label(to, label);
        to.Add(0);
    }

    static void Label(List<byte> to, List<byte> label)
    {
        if (label.Count == 0) return;
        to.Add((byte)Math.Min(label.Count, 63));
        to.AddRange(label.Take(63));
        label.Clear();
    }

    static void Words(List<byte> to, params ReadOnlySpan<int> words)
    {
        Span<byte> two = stackalloc byte[2];
        foreach (var word in words)
        {
            BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)word);
            to.AddRange(two);
        }
    }
}
