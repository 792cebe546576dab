using System.Globalization;

namespace Kennel.Objects;

/// <summary>An amount as the API writes it: <c>2Gi</c>, <c>500m</c>, <c>1e3</c>. Compared by what it amounts to, not by how it is written.</summary>
public readonly record struct Quantity(decimal Amount) : IComparable<Quantity>
{
    static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", 1048576m), ("Gi", 1073741824m), ("Ti", 1099511627776m), ("Pi", 1125899906842624m), ("Ei", 1152921504606846976m),
        ("n", 0.000000001m), ("u", 0.000001m), ("m", 0.001m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
    ];

    public static readonly Quantity Zero;

    /// <summary>Whole units, rounded up, as bytes are counted.</summary>
    public long Whole => Clamp(Math.Ceiling(Amount));

    /// <summary>Thousandths, rounded up, as processors are counted.</summary>
    public long Thousandths => Clamp(Math.Ceiling(Math.Min(Amount, long.MaxValue / 1000m) * 1000m));

    /// <summary>What a text amounts to; nothing or nonsense is zero (the API has refused nonsense before).</summary>
    public static Quantity Of(string? text) => TryParse(text, out var quantity) ? quantity : Zero;

    /// <summary>The amount under a key of a resource list; zero when it isn't there.</summary>
    public static Quantity Of(IReadOnlyDictionary<string, string>? amounts, string key) =>
        amounts is not null && amounts.TryGetValue(key, out var text) ? Of(text) : Zero;

    public static bool TryParse(string? text, out Quantity quantity)
    {
        quantity = Zero;
        if (string.IsNullOrEmpty(text)) return false;
        var number = text.AsSpan();
        var factor = 1m;
        foreach (var (suffix, by) in Suffixes)
        {
            if (!number.EndsWith(suffix, StringComparison.Ordinal)) continue;
            number = number[..^suffix.Length];
            factor = by;
            break;
        }
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(number, style, CultureInfo.InvariantCulture, out var amount)) return false;
        // Larger amounts than this are cut upstream as well: nothing on a machine is counted in more.
        quantity = new(Math.Abs(amount) > long.MaxValue ? Math.Sign(amount) * (decimal)long.MaxValue : amount * factor);
        return true;
    }

    public int CompareTo(Quantity other) => Amount.CompareTo(other.Amount);

    public static bool operator <(Quantity left, Quantity right) => left.Amount < right.Amount;

    public static bool operator >(Quantity left, Quantity right) => left.Amount > right.Amount;

    public static bool operator <=(Quantity left, Quantity right) => left.Amount <= right.Amount;

    public static bool operator >=(Quantity left, Quantity right) => left.Amount >= right.Amount;

    public static Quantity operator +(Quantity left, Quantity right) => new(left.Amount + right.Amount);

    static long Clamp(decimal amount) => amount >= long.MaxValue ? long.MaxValue : amount <= long.MinValue ? long.MinValue : (long)amount;
}
