namespace Kennel.Store.Tests.Faults;

/// <summary>Tries again when the store can't write: what was refused left no trace, so this must look like a store without faults.</summary>
internal sealed class PatientStore(IStore inner) : IStore
{
    private const int Tries = 20;

    public long Revision => inner.Revision;

    public long Compacted => inner.Compacted;

    public ValueTask<Entry?> Get(string key, CancellationToken cancel = default) => inner.Get(key, cancel);

    public ValueTask<Page> Range(RangeQuery query, CancellationToken cancel = default) => inner.Range(query, cancel);

    public ValueTask<WriteOutcome> Write(Write write, CancellationToken cancel = default) => Patiently(() => inner.Write(write, cancel));

    public IAsyncEnumerable<Batch> Watch(string prefix, long after, CancellationToken cancel = default) => inner.Watch(prefix, after, cancel);

    public async ValueTask Compact(long revision, CancellationToken cancel = default) =>
        await Patiently(async () =>
        {
            await inner.Compact(revision, cancel);
            return 0;
        });

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static async ValueTask<T> Patiently<T>(Func<ValueTask<T>> act)
    {
        for (var at = 1; ; at++)
        {
            try
            {
                return await act();
            }
            catch (StoreUnavailableException) when (at < Tries)
            {
                // again
            }
        }
    }
}
