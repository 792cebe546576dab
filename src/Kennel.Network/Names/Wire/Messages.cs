using System.Collections.Immutable;
using System.Net;

namespace Kennel.Network.Names.Wire;

/// <summary>Types of records that we ask, answer or pass over.</summary>
public enum RecordType
{
    A = 1,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Any = 255,
}

/// <summary>How an answer ended.</summary>
public enum ResponseCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,

    /// <summary>A version of the extensions that isn't known here; its upper bits are in the OPT record.</summary>
    BadVersion = 16,
}

/// <param name="Name">Without the final dot, in lower case; the empty text is the root.</param>
public readonly record struct Question(string Name, RecordType Type);

/// <summary>A question as it came.</summary>
/// <param name="Echo">The bytes of its question section: they are sent back as they came, capitals and all.</param>
/// <param name="PayloadBytes">The longest answer that the asker takes over UDP.</param>
/// <param name="Version">Of the extensions that it speaks (EDNS): it carried an OPT record, so the answer does too. Null for none.</param>
/// <param name="Opcode">0 is a query; nothing else is answered.</param>
public sealed record Query(int Id, int Opcode, bool RecursionDesired, Question Question, bool IsInternet, ReadOnlyMemory<byte> Echo, int PayloadBytes, int? Version);

/// <summary>What a record says.</summary>
public abstract record Data(RecordType Type)
{
    public sealed record Address(IPAddress Value) : Data(Value.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? RecordType.A : RecordType.Aaaa);

    public sealed record Cname(string Target) : Data(RecordType.Cname);

    public sealed record Ptr(string Target) : Data(RecordType.Ptr);

    public sealed record Srv(int Port, string Target, int Priority = 0, int Weight = 100) : Data(RecordType.Srv);

    public sealed record Txt(string Text) : Data(RecordType.Txt);

    /// <param name="Minimum">For how many seconds "no such name" may be remembered.</param>
    public sealed record Soa(string Server, string Mailbox, uint Serial, uint Minimum) : Data(RecordType.Soa);
}

public sealed record Record(string Name, Data Data, uint TtlSeconds);

/// <summary>An answer, before it is bytes.</summary>
public sealed record Reply(ResponseCode Code, ImmutableArray<Record> Answers, ImmutableArray<Record> Authority, ImmutableArray<Record> Additional, bool Authoritative = true)
{
    public static Reply Of(ResponseCode code) => new(code, [], [], [], Authoritative: false);
}
