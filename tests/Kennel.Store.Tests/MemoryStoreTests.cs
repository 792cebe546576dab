using Kennel.Store.Memory;
using Kennel.Store.Tests.Conformance;

namespace Kennel.Store.Tests;

public sealed class MemoryStoreTests : StoreConformance
{
    protected override ValueTask<IStore> Open(TimeProvider time) => new(new MemoryStore(time));
}
