using System.Buffers.Text;

namespace Kennel.Store.Memory;

/// <summary>The revision inside a value.</summary>
internal static class Stamp
{
    private const int LongestRevision = 19;

    /// <summary>A copy of the value with the digits of the revision inserted at an offset; −1 for none.</summary>
    public static byte[] Copy(ReadOnlySpan<byte> value, int at, long revision)
    {
        if (at < 0) return value.ToArray();
        Span<byte> digits = stackalloc byte[LongestRevision];
        Utf8Formatter.TryFormat(revision, digits, out var length);
        var stamped = GC.AllocateUninitializedArray<byte>(value.Length + length);
        value[..at].CopyTo(stamped);
        digits[..length].CopyTo(stamped.AsSpan(at));
        value[at..].CopyTo(stamped.AsSpan(at + length));
        return stamped;
    }

    /// <summary>Refuses an offset outside of the value before anything is done with it.</summary>
    public static void Check(Write write)
    {
        var length = (write.Value ?? write.Last)?.Length ?? int.MaxValue;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(write.StampAt, length, nameof(write));
        ArgumentOutOfRangeException.ThrowIfNegative(write.Expected, nameof(write));
        ArgumentException.ThrowIfNullOrEmpty(write.Key, nameof(write));
    }
}
