using System.Globalization;
using System.Text;

namespace Kennel.Node.Streams;

/// <summary>Status line and headers of an HTTP/1.1 answer, read from a connection that stays ours afterwards.</summary>
internal sealed record ResponseHead(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    private const int MaximumBytes = 16 << 10;

    public static async Task<ResponseHead> Read(Stream stream, CancellationToken cancel)
    {
        var head = new byte[MaximumBytes];
        var length = 0;
        while (length < 4 || !head.AsSpan(length - 4, 4).SequenceEqual("\r\n\r\n"u8))
        {
            // One byte at a time: what comes after the head belongs to the session.
            if (length == MaximumBytes || await stream.ReadAsync(head.AsMemory(length, 1), cancel) == 0)
            {
                throw new IOException("the runtime's streaming server gave no HTTP answer");
            }
            length++;
        }
        var lines = Encoding.ASCII.GetString(head, 0, length - 4).Split("\r\n");
        var status = lines[0].Split(' ') is [_, var code, ..] && int.TryParse(code, CultureInfo.InvariantCulture, out var number) ? number : 502;
        return new ResponseHead(status, [.. lines.Skip(1).Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2)
            .Select(parts => KeyValuePair.Create(parts[0].Trim(), parts[1].Trim()))]);
    }

    /// <summary>The text that comes with a refusal.</summary>
    public async Task<string> Body(Stream stream, CancellationToken cancel)
    {
        var header = Headers.FirstOrDefault(pair => pair.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Value;
        var size = long.TryParse(header, CultureInfo.InvariantCulture, out var number) ? (int)Math.Clamp(number, 0, MaximumBytes) : 0;
        var body = new byte[size];
        var read = await stream.ReadAtLeastAsync(body, size, throwOnEndOfStream: false, cancel);
        return Encoding.UTF8.GetString(body, 0, read).TrimEnd();
    }
}
