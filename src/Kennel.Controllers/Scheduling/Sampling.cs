namespace Kennel.Controllers.Scheduling;

/// <summary>How many nodes that fit are enough to choose among: a large cluster isn't searched to its end for every pod. As upstream.</summary>
public static class Sampling
{
    const int Least = 100;
    const int LeastPercent = 5;

    public static int Enough(int nodes)
    {
        if (nodes < Least) return nodes;
        var percent = Math.Max(LeastPercent, 50 - nodes / 125);
        return Math.Max(Least, nodes * percent / 100);
    }
}
