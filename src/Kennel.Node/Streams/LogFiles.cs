using System.IO.Compression;

namespace Kennel.Node.Streams;

/// <summary>A container's log on the disk: the file, and those that rotation moved aside (<c>0.log.20261120-161656.048</c>, gzipped but the newest).</summary>
internal static class LogFiles
{
    private const int BlockBytes = 64 << 10;

    /// <summary>The oldest first, the one that is written to last. Files that rotation is just making are left out.</summary>
    public static IReadOnlyList<string> Of(string logFile)
    {
        var folder = Path.GetDirectoryName(logFile)!;
        if (!Directory.Exists(folder))
        {
            return [];
        }
        var rotated = Directory.GetFiles(folder, Path.GetFileName(logFile) + ".*")
            .Where(path => path.Length > logFile.Length && !path.EndsWith(".tmp", StringComparison.Ordinal)).ToList(); // "0.log.*" matches 0.log too
        rotated.Sort(StringComparer.Ordinal);
        return File.Exists(logFile) ? [.. rotated, logFile] : rotated;
    }

    public static FileStream OpenPlain(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);

    public static Stream Open(string path) =>
        path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(OpenPlain(path), CompressionMode.Decompress) : OpenPlain(path);

    /// <summary>Where the last so many lines begin: the file to start in, and the byte in it.</summary>
    public static async Task<(int File, long Offset)> Tail(IReadOnlyList<string> files, long lines, CancellationToken cancel)
    {
        for (var i = files.Count - 1; i >= 0; i--)
        {
            var starts = await LastLineStarts(files[i], lines, cancel);
            if (starts.Found >= lines)
            {
                return (i, starts.Offset);
            }
            lines -= starts.Found;
        }
        return (0, 0);
    }

    /// <summary>How many of the wanted lines the file has, and where the first of them begins. The ends of a ring of line starts.</summary>
    private static async Task<(long Found, long Offset)> LastLineStarts(string path, long lines, CancellationToken cancel)
    {
        if (lines == 0)
        {
            return (0, await Length(path, cancel));
        }
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
        {
            await using var plain = OpenPlain(path);
            return await Backwards(plain, lines, cancel);
        }
        var total = await Count(path, long.MaxValue, cancel);
        return total.Lines <= lines ? (total.Lines, 0) : (lines, (await Count(path, total.Lines - lines, cancel)).Bytes);
    }

    private static async Task<(long Found, long Offset)> Backwards(FileStream file, long lines, CancellationToken cancel)
    {
        var block = new byte[BlockBytes];
        long found = 0;
        var end = file.Length;
        var position = end;
        while (position > 0)
        {
            var size = (int)Math.Min(BlockBytes, position);
            position -= size;
            file.Position = position;
            await file.ReadExactlyAsync(block.AsMemory(0, size), cancel);
            for (var i = size - 1; i >= 0; i--)
            {
                // The last byte's line end closes the last line and doesn't begin another.
                if (block[i] == (byte)'\n' && position + i < end - 1 && ++found == lines)
                {
                    return (found, position + i + 1);
                }
            }
        }
        return end == 0 ? (0, 0) : (found + 1, 0);
    }

    private static async Task<(long Lines, long Bytes)> Count(string path, long most, CancellationToken cancel)
    {
        await using var stream = Open(path);
        var block = new byte[BlockBytes];
        long lines = 0, bytes = 0;
        int read;
        while ((read = await stream.ReadAsync(block, cancel)) > 0)
        {
            for (var i = 0; i < read; i++, bytes++)
            {
                if (block[i] == (byte)'\n' && ++lines == most)
                {
                    return (lines, bytes + 1);
                }
            }
        }
        return (lines, bytes);
    }

    private static async Task<long> Length(string path, CancellationToken cancel) =>
        path.EndsWith(".gz", StringComparison.Ordinal) ? (await Count(path, long.MaxValue, cancel)).Bytes : new FileInfo(path).Length;
}
