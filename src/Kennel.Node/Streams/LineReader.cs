namespace Kennel.Node.Streams;

/// <summary>Whole lines from a file that may still grow: a line without its end is kept until the rest has come.</summary>
internal sealed class LineReader(Stream stream)
{
    private const int LongestLine = 1 << 20; // containerd cuts at 16 KiB; anything longer was not written by it
    private byte[] _buffer = new byte[32 << 10];
    private int _start, _end;

    /// <summary>The next line without its end, valid until the next call; null when there is no whole line (yet).</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> Next(CancellationToken cancel)
    {
        var looked = _start;
        while (true)
        {
            var at = _buffer.AsSpan(looked, _end - looked).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, looked + at - _start);
                _start = looked + at + 1;
                return line;
            }
            var kept = _end - _start;
            MakeRoom();
            looked = _start + kept;
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancel);
            if (read == 0)
            {
                return null;
            }
            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestLine)
            {
                throw new InvalidDataException($"a log line is longer than {LongestLine} bytes");
            }
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
