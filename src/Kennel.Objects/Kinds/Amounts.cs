using Kennel.Objects.Quantities;

namespace Kennel.Objects.Kinds;

/// <summary>Quantities as they stand in documents; an absent one is zero.</summary>
static class Amounts
{
    public static Quantity Of(string? text) => Quantity.TryParse(text, out var quantity) ? quantity : Quantity.Zero;

    public static int Compare(string? a, string? b) => Of(a).CompareTo(Of(b));

    public static int Sign(string? text) => Of(text).Sign;

    public static bool IsWhole(string? text) => Of(text) is var amount && amount == Quantity.Of(amount.Value);
}
