using System.Globalization;
using Kennel.Objects.Core;

namespace Kennel.Node.Pressure;

/// <summary>Decides what a node does about a shortage: one pod at a time has to go, and only when nothing else helps. Pure.</summary>
public static class Decide
{
    /// <summary>How long a condition stays after the shortage is over, so that it doesn't come and go.</summary>
    public static readonly TimeSpan Transition = TimeSpan.FromMinutes(5);

    public static PressureDecision Node(PressureObserved o)
    {
        var memory = o.Memory is { } m && m.Available < o.Thresholds.MemoryBytes;
        var disk = o.Disk is { } d && (d.Available < o.Thresholds.Disk(d.Total) || FewFiles(o, d));
        var images = o.Disk is { } i && i.Available < o.Thresholds.Images(i.Total);
        var (memoryMet, diskMet) = (memory ? o.Now : o.MemoryMet, disk ? o.Now : o.DiskMet);
        return new(
            Holds(memoryMet, o.Now), Holds(diskMet, o.Now), memoryMet, diskMet, Collect: (images || disk) && !o.Collected, Victim(o, memory, disk),
            memory ? "memory" : disk ? FewFiles(o, o.Disk!.Value) ? "inodes" : "ephemeral-storage" : null);
    }

    static bool FewFiles(PressureObserved o, DiskSpace disk) => disk.Files > 0 && disk.FilesFree < disk.Files * o.Thresholds.InodeShare;

    static bool Holds(DateTimeOffset? met, DateTimeOffset now) => met is { } then && now - then < Transition;

    static (Pod Pod, string Message)? Victim(PressureObserved o, bool memory, bool disk)
    {
        if (o.Evicting) return null;
        if (memory) return First(o, "memory", Number(o.Thresholds.MemoryBytes), Number(o.Memory!.Value.Available), u => u.MemoryBytes, c => c.MemoryBytes);
        if (!disk || !o.Collected) return null;
        return First(o, "ephemeral-storage", Number(o.Thresholds.Disk(o.Disk!.Value.Total)), Number(o.Disk.Value.Available), u => u.DiskBytes, c => c.DiskBytes);
    }

    static (Pod Pod, string Message)? First(PressureObserved o, string resource, string threshold, string available, Func<PodUse, long> used, Func<ContainerUse, long> usedBy)
    {
        var ranked = o.Pods.Where(u => !Ranking.IsCritical(u.Pod)).ToList();
        if (ranked.Count == 0) return null;
        ranked.Sort(Ranking.By(resource, used));
        var first = ranked[0];
        var message = $"The node was low on resource: {resource}. Threshold quantity: {threshold}, available: {available}. ";
        foreach (var c in first.Containers)
            if (Ranking.Request(first.Pod, c.Name, resource) is var request && usedBy(c) > request)
                message += $"Container {c.Name} was using {Number(usedBy(c))}, request is {(request == 0 ? "0" : Number(request))}, has larger consumption of {resource}. ";
        return (first.Pod, message);
    }

    /// <summary>As upstream writes bytes: <c>123Ki</c>.</summary>
    static string Number(long bytes) => (bytes / 1024).ToString(CultureInfo.InvariantCulture) + "Ki";
}
