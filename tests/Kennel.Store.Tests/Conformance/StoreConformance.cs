using System.Text;

namespace Kennel.Store.Tests.Conformance;

/// <summary>What every engine has to do. An engine's test class derives from it and says how to open one.</summary>
public abstract partial class StoreConformance : IAsyncLifetime
{
    /// <summary>For what should happen at once, on a machine that is busy with other things.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected ManualTime Time { get; } = new();

    protected IStore Store { get; private set; } = null!;

    /// <summary>A new, empty store.</summary>
    protected abstract ValueTask<IStore> Open(TimeProvider time);

    public virtual async Task InitializeAsync() => Store = await Open(Time);

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    protected static string Show(Change change) =>
        $"{change.Kind} {change.Entry.Key}={Text(change.Entry.Value)}@{change.Entry.Modified} was {(change.Previous is { } previous ? Text(previous.Value) : "nothing")}";

    protected static string Show(Page page) => string.Join(' ', page.Entries.Select(entry => $"{entry.Key}={Text(entry.Value)}"));

    /// <summary>Writes that must succeed.</summary>
    protected async Task<Entry> Put(string key, string value, long expected = -1)
    {
        if (expected < 0) expected = (await Store.Get(key))?.Modified ?? 0;
        var outcome = await Store.Write(new Write(key, expected, Bytes(value)));
        outcome.Succeeded.ShouldBeTrue();
        return outcome.Entry!;
    }

    protected async Task<Entry> Delete(string key)
    {
        var outcome = await Store.Write(new Write(key, (await Store.Get(key))!.Modified, null));
        outcome.Succeeded.ShouldBeTrue();
        return outcome.Entry!;
    }

    /// <summary>Reads a watch until it has so many changes, and shows them.</summary>
    protected async Task<List<string>> Watched(string prefix, long after, int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        var seen = new List<string>();
        await foreach (var batch in Store.Watch(prefix, after, limit.Token))
        {
            seen.AddRange(batch.Changes.Select(Show));
            if (seen.Count >= count) break;
        }

        return seen;
    }
}
