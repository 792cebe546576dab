using BenchmarkDotNet.Attributes;
using Kennel.Store;
using Kennel.Store.Memory;
using Kennel.Store.Sqlite;

namespace Kennel.Micro;

/// <summary>One write and one read of 1 KiB, in memory and durable; a range of 5000.</summary>
[MemoryDiagnoser]
public class Store
{
    readonly byte[] _value = new byte[1024];
    readonly string _folder = Directory.CreateTempSubdirectory("kennel-micro-").FullName;
    MemoryStore _memory = null!;
    IStore _durable = null!;
    long _inMemory;
    long _onDisk;

    [GlobalSetup]
    public async Task Prepare()
    {
        _memory = new MemoryStore(TimeProvider.System);
        _durable = SqliteStore.Open(_folder, TimeProvider.System, static _ => { });
        for (var i = 0; i < 5000; i++) await _memory.Write(new Write($"/range/{i:d5}", 0, _value));
        _inMemory = (await _memory.Write(new Write("/one", 0, _value))).Revision;
        _onDisk = (await _durable.Write(new Write("/one", 0, _value))).Revision;
    }

    [GlobalCleanup]
    public async Task Clean()
    {
        await _memory.DisposeAsync();
        await _durable.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public async Task WriteInMemory() => _inMemory = (await _memory.Write(new Write("/one", _inMemory, _value))).Revision;

    [Benchmark]
    public async Task WriteDurably() => _onDisk = (await _durable.Write(new Write("/one", _onDisk, _value))).Revision;

    [Benchmark]
    public async Task<Entry?> Get() => await _memory.Get("/one");

    [Benchmark]
    public async Task<Page> RangeOf5000() => await _memory.Range(new RangeQuery("/range/"));
}
