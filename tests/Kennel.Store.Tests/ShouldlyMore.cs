namespace Kennel.Store.Tests;

internal static class ShouldlyMore
{
    /// <summary>Exactly one matches, and it is this one.</summary>
    public static T ShouldHaveSingleItem<T>(this IEnumerable<T> items, Func<T, bool> matches) => items.Where(matches).ShouldHaveSingleItem();
}
