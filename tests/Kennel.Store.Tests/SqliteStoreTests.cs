using Kennel.Store.Sqlite;
using Kennel.Store.Tests.Conformance;

namespace Kennel.Store.Tests;

public sealed class SqliteStoreTests : StoreConformance
{
    private readonly TemporaryDirectory _directory = new();

    protected override ValueTask<IStore> Open(TimeProvider time) => new(SqliteStore.Open(_directory.Path, time, _ => { }));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
