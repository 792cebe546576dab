using System.Globalization;

namespace Kennel.Node.Streams;

/// <summary>One line of a CRI log: <c>2026-11-20T16:16:56.160480941Z stdout F text</c>.</summary>
/// <param name="Timestamp">As it stands in the file, with nanoseconds.</param>
/// <param name="Content">Without the line's end.</param>
/// <param name="Partial">More of the same line follows in the next entry.</param>
internal readonly record struct LogLine(ReadOnlyMemory<byte> Timestamp, ReadOnlyMemory<byte> Content, bool Partial)
{
    /// <summary>Null for a line that isn't one: it is left out, as upstream does.</summary>
    public static LogLine? Parse(ReadOnlyMemory<byte> line)
    {
        var first = line.Span.IndexOf((byte)' ');
        if (first <= 0)
        {
            return null;
        }
        var afterTime = line[(first + 1)..];
        var second = afterTime.Span.IndexOf((byte)' ');
        if (second <= 0 || !(afterTime.Span[..second].SequenceEqual("stdout"u8) || afterTime.Span[..second].SequenceEqual("stderr"u8)))
        {
            return null;
        }
        var afterStream = afterTime[(second + 1)..];
        var third = afterStream.Span.IndexOf((byte)' ');
        var tags = third < 0 ? afterStream : afterStream[..third];
        var content = third < 0 ? ReadOnlyMemory<byte>.Empty : afterStream[(third + 1)..];
        return tags.Length == 0 ? null : new LogLine(line[..first], content, tags.Span[0] == (byte)'P');
    }

    /// <summary>Whether it was written before then. An unreadable time counts as new.</summary>
    public bool IsBefore(DateTimeOffset then) =>
        DateTimeOffset.TryParse(System.Text.Encoding.ASCII.GetString(Timestamp.Span), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && time < then;
}
