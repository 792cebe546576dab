namespace Kennel.Node.Pressure;

/// <summary>
/// Below what the node counts as short of something. Memory is upstream's; of a disk it is upstream's share or so many bytes, whichever is
/// less: 10 % of a laptop's disk are plenty.
/// </summary>
/// <param name="MemoryBytes">That programs could still get.</param>
/// <param name="DiskShare">Of the file system that holds the pods and images, free for ordinary users.</param>
/// <param name="InodeShare">Of its files, free.</param>
/// <param name="ImageShare">Below this, unused images go.</param>
public sealed record Thresholds(long MemoryBytes, double DiskShare, long DiskBytes, double InodeShare, double ImageShare, long ImageBytes)
{
    public static readonly Thresholds Default = new(100L << 20, 0.10, 2L << 30, 0.05, 0.15, 10L << 30);

    public long Disk(long total) => Math.Min((long)(total * DiskShare), DiskBytes);

    /// <summary>Where the collection of images begins; it ends a third above.</summary>
    public long Images(long total) => Math.Min((long)(total * ImageShare), ImageBytes);
}

/// <summary>A file system.</summary>
/// <param name="Available">Bytes for ordinary users.</param>
/// <param name="Files">0 where the file system doesn't count them.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct DiskSpace(long Total, long Available, long Files, long FilesFree);
