namespace Kennel.Server.Admission;

/// <summary>The node ports. As with addresses, the lower band is handed out last.</summary>
sealed class PortAllocator(Random random)
{
    public const int First = 30000;
    public const int Last = 32767;

    /// <summary>min(max(16, size / 32), 128).</summary>
    const int Band = 86;

    readonly HashSet<int> _taken = [];

    public static bool Contains(int port) => port is >= First and <= Last;

    /// <summary>False when it is taken already.</summary>
    public bool Take(int port)
    {
        lock (_taken) return _taken.Add(port);
    }

    /// <summary>Null when all are taken.</summary>
    public int? Take()
    {
        lock (_taken) return (Free(First + Band, Last + 1) ?? Free(First, First + Band)) is { } port && _taken.Add(port) ? port : null;
    }

    public void Release(int port)
    {
        lock (_taken) _taken.Remove(port);
    }

    int? Free(int from, int to)
    {
        int start;
        lock (random) start = random.Next(from, to);
        for (var i = start; i < to; i++) if (!_taken.Contains(i)) return i;
        for (var i = from; i < start; i++) if (!_taken.Contains(i)) return i;
        return null;
    }
}
