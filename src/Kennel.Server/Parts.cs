using Kennel.Objects.Schemas;
using Kennel.Server.Access;
using Kennel.Server.Admission;
using Kennel.Server.Documents;
using Kennel.Store;

namespace Kennel.Server;

/// <summary>What every verb works with.</summary>
sealed record Parts(IStore Store, Catalog Catalog, TimeProvider Time, Random Random, Func<Guid> NewId, Admissions Admissions, Authorizer Authorizer, SystemPaths System);
