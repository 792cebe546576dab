namespace Kennel.Server.Http;

/// <summary>So many at a time; the rest is turned away and not queued.</summary>
sealed class Limiter(int most)
{
    int _inside;

    public bool Enter()
    {
        if (Interlocked.Increment(ref _inside) <= most) return true;
        Interlocked.Decrement(ref _inside);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inside);
}
