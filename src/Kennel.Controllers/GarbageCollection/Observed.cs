using System.Collections.Immutable;
using Kennel.Objects;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.GarbageCollection;

/// <summary>How an owner stands, as far as the caches know.</summary>
public enum Standing
{
    /// <summary>It is there, or nothing can be found out about it: it counts as there.</summary>
    Solid,

    /// <summary>It is being deleted and waits until its dependents are gone.</summary>
    Leaving,

    /// <summary>It seems not to be there, or it is another one of the same name.</summary>
    Absent,
}

/// <param name="Resource">The owner's kind, for the live look before anything is deleted.</param>
/// <param name="Misplaced">An object of this uid is there, but where the dependent can't be owned by it: in another namespace (SS-612).</param>
public sealed record Owner(OwnerReference Reference, Standing Standing, ResourceId? Resource, ObjectKey Key, bool Misplaced = false);

/// <summary>An object with its owners and its dependents.</summary>
public sealed record Observed(IObject Object, ImmutableArray<Owner> Owners, ImmutableArray<IObject> Dependents);
