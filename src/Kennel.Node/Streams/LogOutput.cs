namespace Kennel.Node.Streams;

/// <summary>Turns a log's entries into what a person asked to see: without prefixes, times before whole lines, never more than the limit.</summary>
internal sealed class LogOutput(Stream target, LogOptions options)
{
    private static readonly byte[] Space = " "u8.ToArray();
    private static readonly byte[] End = "\n"u8.ToArray();
    private long _left = options.LimitBytes ?? long.MaxValue;
    private bool _lineBegins = true;

    public bool Full => _left <= 0;

    public async Task Write(ReadOnlyMemory<byte> raw, CancellationToken cancel)
    {
        if (LogLine.Parse(raw) is not { } line || (options.Since is { } since && line.IsBefore(since)))
        {
            return;
        }
        if (options.Timestamps && _lineBegins)
        {
            await Put(line.Timestamp, cancel);
            await Put(Space, cancel);
        }
        await Put(line.Content, cancel);
        if (!line.Partial)
        {
            await Put(End, cancel);
        }
        _lineBegins = !line.Partial;
    }

    public Task Flush(CancellationToken cancel) => target.FlushAsync(cancel);

    private async Task Put(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var part = bytes.Length > _left ? bytes[..(int)_left] : bytes;
        _left -= part.Length;
        if (part.Length > 0)
        {
            await target.WriteAsync(part, cancel);
        }
    }
}
