namespace Kennel.Node.Figuring;

/// <summary>What a cgroup, or the machine, has used at a moment.</summary>
/// <param name="CpuNanoseconds">Since it was made; grows.</param>
/// <param name="WorkingSetBytes">Memory without what the kernel would give back at once.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct Usage(DateTimeOffset At, long CpuNanoseconds, long WorkingSetBytes)
{
    /// <summary>Processor time in billionths of a core between an earlier moment and this one.</summary>
    public long NanoCoresSince(Usage before)
    {
        var nanoseconds = (At - before.At).TotalMilliseconds * 1e6;
        return nanoseconds <= 0 ? 0 : (long)Math.Max(0, (CpuNanoseconds - before.CpuNanoseconds) / nanoseconds * 1e9);
    }
}
