namespace Kennel.Node.Streams;

/// <summary>Copies a container's log, rotated files included, and goes on with what is appended when asked to follow.</summary>
internal static class LogReader
{
    /// <param name="running">Whether the container may still write: following ends when it doesn't and all is read.</param>
    public static async Task Copy(
        string logFile, LogOptions options, Stream target, Func<bool> running, TimeProvider time, CancellationToken cancel)
    {
        var output = new LogOutput(target, options);
        using var changes = options.Follow ? new FileChanges(logFile, time) : null; // before the reading: nothing between is missed
        var files = LogFiles.Of(logFile);
        var (first, offset) = options.TailLines is { } lines ? await LogFiles.Tail(files, lines, cancel) : (0, 0);
        for (var i = first; i < files.Count && !output.Full; i++)
        {
            var newest = i == files.Count - 1 && files[i] == logFile;
            if (newest && options.Follow)
            {
                await Follow(logFile, offset, output, changes!, running, cancel);
                return;
            }
            await CopyOne(files[i], offset, output, cancel);
            offset = 0;
        }
        await output.Flush(cancel);
        if (options.Follow && !output.Full && (files.Count == 0 || files[^1] != logFile))
        {
            await Follow(logFile, 0, output, changes!, running, cancel);
        }
    }

    private static async Task CopyOne(string path, long offset, LogOutput output, CancellationToken cancel)
    {
        try
        {
            await using var stream = LogFiles.Open(path);
            await Skip(stream, offset, cancel);
            await Drain(new LineReader(stream), output, cancel);
        }
        catch (FileNotFoundException)
        {
            // rotated away between listing and opening
        }
    }

    private static async Task Follow(
        string logFile, long offset, LogOutput output, FileChanges changes, Func<bool> running, CancellationToken cancel)
    {
        while (!output.Full)
        {
            if (!File.Exists(logFile)) // just moved away, or not made yet
            {
                if (!running())
                {
                    return;
                }
                await output.Flush(cancel);
                await changes.Next(cancel);
                continue;
            }
            await using var stream = LogFiles.OpenPlain(logFile);
            stream.Position = Math.Min(offset, stream.Length);
            offset = 0;
            if (!await FollowOne(stream, logFile, output, changes, running, cancel))
            {
                return;
            }
        }
        await output.Flush(cancel);
    }

    /// <summary>Returns true when the file was rotated and a new one is there; false when the container has ended.</summary>
    private static async Task<bool> FollowOne(
        FileStream stream, string logFile, LogOutput output, FileChanges changes, Func<bool> running, CancellationToken cancel)
    {
        var ownName = new FileInfo($"/proc/self/fd/{stream.SafeFileHandle.DangerousGetHandle()}");
        var lines = new LineReader(stream);
        while (true)
        {
            var alive = running(); // asked before the reading: what was written before the end is read
            var replaced = IsWritten(logFile) && Moved(ownName, logFile);
            await Drain(lines, output, cancel);
            await output.Flush(cancel);
            if (output.Full || replaced)
            {
                return !output.Full;
            }
            if (!alive)
            {
                return false;
            }
            await changes.Next(cancel);
        }
    }

    /// <summary>
    /// Whether the file of that name has been written to. containerd makes the new file before it stops writing to the old one: only a first line in
    /// the new file says that the old one has its last.
    /// </summary>
    private static bool IsWritten(string logFile) => new FileInfo(logFile) is { Exists: true, Length: > 0 };

    private static async Task Drain(LineReader lines, LogOutput output, CancellationToken cancel)
    {
        while (!output.Full && await lines.Next(cancel) is { } line)
        {
            await output.Write(line, cancel);
        }
    }

    /// <summary>Whether our open file isn't the one of that name any more: the kernel tells an open file's present name.</summary>
    private static bool Moved(FileInfo ownName, string logFile)
    {
        ownName.Refresh();
        var now = ownName.LinkTarget;
        return now is not null && now != Path.GetFullPath(logFile) && (now.EndsWith(" (deleted)", StringComparison.Ordinal) || Path.GetFileName(now) != Path.GetFileName(logFile));
    }

    private static async Task Skip(Stream stream, long offset, CancellationToken cancel)
    {
        if (stream.CanSeek)
        {
            stream.Position = offset;
            return;
        }
        var block = new byte[32 << 10];
        while (offset > 0)
        {
            var read = await stream.ReadAsync(block.AsMemory(0, (int)Math.Min(block.Length, offset)), cancel);
            if (read == 0)
            {
                return;
            }
            offset -= read;
        }
    }
}
