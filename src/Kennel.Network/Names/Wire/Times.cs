using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Kennel.Network.Names.Wire;

/// <summary>How long an answer may be remembered, and where in it that is written.</summary>
/// <param name="Seconds">The shortest time of its records; of "no such name" and "nothing of this type" what its SOA record says.</param>
/// <param name="At">Where each record's time stands.</param>
public sealed record Times(uint Seconds, ImmutableArray<int> At)
{
    /// <summary>Null when the bytes can't be read, or nobody may remember them: failures, answers that were cut, and "no such name" without a SOA record.</summary>
    public static Times? Of(ReadOnlySpan<byte> answer)
    {
        const int Cut = 0x02;
        if (answer.Length < Reader.HeaderBytes || (answer[2] & Cut) != 0 || (ResponseCode)(answer[3] & 15) is not (ResponseCode.NoError or ResponseCode.NameError)) return null;
        var at = Reader.HeaderBytes;
        for (var i = Count(answer, 4); i > 0; i--)
            if (!Reader.SkipQuestion(answer, ref at)) return null;
        var (answers, all) = (Count(answer, 6), Count(answer, 6) + Count(answer, 8) + Count(answer, 10));
        var places = ImmutableArray.CreateBuilder<int>(Math.Min(all, 64));
        uint? seconds = null;
        for (var i = 0; i < all; i++)
        {
            if (Reader.Header(answer, ref at) is not { } header) return null;
            if (header.Type == RecordType.Opt) continue;
            places.Add(header.Start - 6);
            var time = header.Ttl;
            if (header.Type == RecordType.Soa && answers == 0 && at - header.Start >= 4) time = Math.Min(time, BinaryPrimitives.ReadUInt32BigEndian(answer[(at - 4)..]));
            else if (i >= answers) continue;
            seconds = Math.Min(seconds ?? uint.MaxValue, time);
        }
        return seconds is { } known ? new(known, places.ToImmutable()) : null;
    }

    static int Count(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
