using System.Buffers.Binary;
using Kennel.Network.Names.Wire;

namespace Kennel.Network.Names;

/// <summary>
/// Answers of other resolvers, kept for as long as their records say, and not longer than half a minute. Invariant: never more than twice
/// <see cref="Most"/>; when there are more, the older half is forgotten.
/// </summary>
public sealed class Remembered(TimeProvider time)
{
    const int Most = 5000;
    const uint LongestSeconds = 30;

    readonly Lock _gate = new();
    Dictionary<string, Kept> _young = new(StringComparer.Ordinal);
    Dictionary<string, Kept> _old = new(StringComparer.Ordinal);

    /// <summary>What two questions have in common that have the same answer: everything but their ids and capitals.</summary>
    public static string KeyOf(ReadOnlySpan<byte> query, int questionBytes, bool udp) => string.Create(query.Length - 1, new Asked(query, questionBytes, udp), static (key, asked) =>
    {
        key[0] = asked.Udp ? 'u' : 't';
        var nameEnd = Reader.HeaderBytes + asked.QuestionBytes - Reader.TypeAndClassBytes;
        for (var i = 2; i < asked.Query.Length; i++)
            key[i - 1] = (char)(i >= Reader.HeaderBytes && i < nameEnd ? Reader.Lower(asked.Query[i]) : asked.Query[i]);
    });

    /// <summary>The answer to a question, with the question's own id and capitals and with times that have run on; null when none is kept.</summary>
    public byte[]? Find(string key, ReadOnlySpan<byte> query, int questionBytes)
    {
        Kept? kept;
        lock (_gate)
            if (!_young.TryGetValue(key, out kept) && !_old.TryGetValue(key, out kept)) return null;
        var now = time.GetUtcNow();
        if (now >= kept.Until) return null;
        var answer = (byte[])kept.Answer.Clone();
        query[..2].CopyTo(answer);
        query.Slice(Reader.HeaderBytes, questionBytes).CopyTo(answer.AsSpan(Reader.HeaderBytes));
        var passed = (uint)Math.Max(0, (now - kept.Since).TotalSeconds);
        foreach (var at in kept.Times.At)
        {
            var left = BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(at));
            BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(at), left > passed ? left - passed : 0);
        }
        return answer;
    }

    /// <summary>Keeps an answer if it may be kept.</summary>
    public void Keep(string key, ReadOnlySpan<byte> answer)
    {
        if (Times.Of(answer) is not { Seconds: > 0 } times) return;
        var now = time.GetUtcNow();
        var kept = new Kept(answer.ToArray(), times, now, now.AddSeconds(Math.Min(times.Seconds, LongestSeconds)));
        lock (_gate)
        {
            _young[key] = kept;
            if (_young.Count < Most) return;
            (_old, _young) = (_young, new(StringComparer.Ordinal));
        }
    }

    sealed record Kept(byte[] Answer, Times Times, DateTimeOffset Since, DateTimeOffset Until);

    readonly ref struct Asked(ReadOnlySpan<byte> query, int questionBytes, bool udp)
    {
        public readonly ReadOnlySpan<byte> Query = query;
        public readonly int QuestionBytes = questionBytes;
        public readonly bool Udp = udp;
    }
}
