using Kennel.Store.Sqlite;
using Kennel.Store.Tests.Conformance;

namespace Kennel.Store.Tests.Faults;

/// <summary>The whole suite on a disk that refuses every third commit.</summary>
public sealed class FaultyStoreTests : StoreConformance
{
    private readonly TemporaryDirectory _directory = new();

    protected override ValueTask<IStore> Open(TimeProvider time)
    {
        Library.Load(_ => { });
        var journal = new FaultyJournal(new SqliteJournal(Path.Combine(_directory.Path, "store.db"))) { Fails = commit => commit % 3 == 0 };
        return new(new PatientStore(SqliteStore.Open(journal, time)));
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
