using Kennel.Client;
using Kennel.Objects;

namespace Kennel.Controllers.Pods;

/// <summary>Which owners a change of a dependent concerns.</summary>
public static class Dependents
{
    /// <summary>
    /// The controlling owner before and after; for one without a controller every owner that would take it, unless nothing that decides
    /// about this has changed.
    /// </summary>
    public static IEnumerable<ObjectKey> Keys<TOwner, T>(T? old, T? now, string kind, ICache<TOwner> owners, Func<TOwner, T, bool> matches)
        where TOwner : class, IObject<TOwner> where T : class, IObject<T>
    {
        var (before, after) = (Owner(old, kind), Owner(now, kind));
        if (before is { } left && before != after) yield return left;
        if (after is { } held) yield return held;
        if (now is null || now.Metadata.Controller() is not null) yield break;
        if (old is not null && Wire.Same(old.Metadata.Labels, now.Metadata.Labels) && old.Metadata.Controller() is null) yield break;
        foreach (var owner in owners.In(now.Metadata.Namespace ?? "")) if (matches(owner, now)) yield return ObjectKey.Of(owner);
    }

    static ObjectKey? Owner<T>(T? dependent, string kind) where T : class, IObject<T> =>
        dependent?.Metadata.Controller() is { } r && r.Kind == kind ? new(dependent.Metadata.Namespace ?? "", r.Name) : null;
}
