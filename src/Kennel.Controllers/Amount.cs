using Kennel.Objects.Quantities;

namespace Kennel.Controllers;

/// <summary>Quantities and labels out of maps that the API has looked at before: what isn't there counts as nothing.</summary>
public static class Amount
{
    public static Quantity Of(string? text) => Quantity.TryParse(text, out var quantity) ? quantity : Quantity.Zero;

    public static Quantity Of(IReadOnlyDictionary<string, string>? amounts, string key) =>
        amounts is not null && amounts.TryGetValue(key, out var text) ? Of(text) : Quantity.Zero;

    /// <summary>Every pair is among the labels; no pairs match everything.</summary>
    public static bool AllIn(this IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in wanted) if (!labels.TryGetValue(key, out var found) || found != value) return false;
        return true;
    }
}
