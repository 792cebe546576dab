using System.Globalization;
using System.IO.Compression;
using Kennel.Node.Runtime;

namespace Kennel.Node.Streams;

/// <summary>
/// Keeps a container's log within bounds, with the kubelet's defaults: at 10 MiB the file is moved aside and the runtime begins a new one; 5
/// files are kept, and all that were moved aside but the newest are gzipped.
/// </summary>
public sealed class LogRotation(IRuntime runtime, TimeProvider time, long maximumBytes = 10 << 20, int maximumFiles = 5)
{
    /// <summary>Looks at one log and rotates it when it is due. Call it every ten seconds for each container that runs.</summary>
    /// <returns>Whether it was rotated.</returns>
    /// <exception cref="RuntimeException">The runtime didn't begin a new file; the old one goes on.</exception>
    public async Task<bool> Rotate(string containerId, string logFile, CancellationToken cancel)
    {
        var log = new FileInfo(logFile);
        if (!log.Exists || log.Length < maximumBytes)
        {
            return false;
        }
        await Thin(logFile, cancel);
        var aside = $"{logFile}.{time.GetUtcNow().ToString("yyyyMMdd-HHmmss.fff", CultureInfo.InvariantCulture)}";
        if (File.Exists(aside) || File.Exists(aside + ".gz"))
        {
            return false; // twice within a millisecond: the next look does it, and no file is overwritten
        }
        File.Move(logFile, aside);
        try
        {
            await runtime.ReopenLog(containerId, cancel);
            return true;
        }
        catch
        {
            File.Move(aside, logFile, overwrite: false);
            throw;
        }
    }

    /// <summary>Deletes a removed container's log with all that was rotated from it.</summary>
    public static void Delete(string logFile)
    {
        foreach (var file in LogFiles.Of(logFile))
        {
            File.Delete(file);
        }
    }

    /// <summary>Makes room for one more: deletes the oldest, gzips the rest. What a crash left half gzipped is thrown away.</summary>
    private async Task Thin(string logFile, CancellationToken cancel)
    {
        foreach (var half in Directory.GetFiles(Path.GetDirectoryName(logFile)!, Path.GetFileName(logFile) + ".*.tmp"))
        {
            File.Delete(half);
        }
        var rotated = LogFiles.Of(logFile).Where(file => file != logFile).ToList();
        var surplus = rotated.Count - Math.Max(0, maximumFiles - 2); // beside the present file and the one that is about to be moved
        foreach (var old in rotated.Take(Math.Max(0, surplus)))
        {
            File.Delete(old);
        }
        foreach (var file in rotated.Skip(Math.Max(0, surplus)).Where(file => !file.EndsWith(".gz", StringComparison.Ordinal)))
        {
            await Compress(file, cancel);
        }
    }

    private static async Task Compress(string file, CancellationToken cancel)
    {
        var half = file + ".gz.tmp";
        await using (var source = LogFiles.OpenPlain(file))
        await using (var target = new GZipStream(File.Create(half), CompressionLevel.Fastest))
        {
            await source.CopyToAsync(target, cancel);
        }
        File.Move(half, file + ".gz", overwrite: true);
        File.Delete(file);
    }
}
