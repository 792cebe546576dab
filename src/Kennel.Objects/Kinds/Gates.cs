namespace Kennel.Objects.Kinds;

/// <summary>
/// Upstream's feature gates that change what an object may say. None is on by default, as in 1.36; the names are upstream's, so that
/// <c>--feature-gates</c> means the same.
/// </summary>
[Flags]
public enum Gates
{
    None = 0,

    /// <summary>A StatefulSet's <c>rollingUpdate.maxUnavailable</c> counts; without the gate it is dropped from what is written.</summary>
    MaxUnavailableStatefulSet = 1,

    /// <summary>A StatefulSet may say <c>updateStrategy.type: Recreate</c> (alpha in 1.37).</summary>
    StatefulSetRecreateStrategy = 2,
}
