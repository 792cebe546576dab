namespace Kennel.Controllers.Scheduling.Scores;

/// <summary>Processor and memory with the pod on the node.</summary>
static class Usage
{
    /// <summary>How much stays free, 0 to 100.</summary>
    public static long Free(Demand demand, Room room)
    {
        var (sum, count) = (0L, 0);
        void Count(long all, long used)
        {
            if (all == 0) return;
            sum += used > all ? 0 : (long)((Int128)(all - used) * 100 / all);
            count++;
        }
        Count(room.Allocatable.Cpu, room.Weight.Cpu + demand.Weight.Cpu);
        Count(room.Allocatable.Memory, room.Weight.Memory + demand.Weight.Memory);
        return count == 0 ? 0 : sum / count;
    }

    /// <summary>How evenly both are used, 0 to 100.</summary>
    public static long Balance(Demand demand, Room room)
    {
        var (all, used) = (room.Allocatable, room.Used);
        if (all.Cpu == 0 || all.Memory == 0) return 100;
        var apart = Part(used.Cpu + demand.Requests.Cpu, all.Cpu) - Part(used.Memory + demand.Requests.Memory, all.Memory);
        return (long)((1 - Math.Abs(apart / 2)) * 100);
    }

    static double Part(long used, long all) => Math.Min(1, (double)used / all);
}
