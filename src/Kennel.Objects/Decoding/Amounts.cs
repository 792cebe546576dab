using System.Globalization;

namespace Kennel.Objects.Decoding;

/// <summary>Quantities as text: their canonical form (<c>0.1</c> → <c>100m</c>, <c>1024Mi</c> → <c>1Gi</c>) and their order.</summary>
static class Amounts
{
    enum Style { Decimal, Binary, Exponent }

    const string Decimals = "numkMGTPE";

    /// <summary>The canonical text, or null when <paramref name="text"/> isn't a quantity.</summary>
    public static string? Canonical(string text) => IsPlain(text) ? text : TryParse(text, out var amount, out var style) ? Write(amount, style) : null;

    public static int Compare(string? a, string? b) => ValueOf(a).CompareTo(ValueOf(b));

    public static int Sign(string? text) => Math.Sign(ValueOf(text));

    public static bool IsWhole(string? text) => ValueOf(text) is var value && value == decimal.Truncate(value);

    /// <summary>What a text amounts to; nothing and nonsense is zero.</summary>
    public static decimal ValueOf(string? text) => text is not null && TryParse(text, out var amount, out _) ? amount : 0m;

    /// <summary>The common case, which is canonical as it stands: <c>2</c>, <c>1Gi</c>, <c>100m</c>.</summary>
    static bool IsPlain(string text)
    {
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        if (digits is 0 or > 3 || text[0] == '0') return false;
        var rest = text.AsSpan(digits);
        return rest is "" or "Ki" or "Mi" or "Gi" or "Ti" || rest is "m" or "k" or "M" or "G";
    }

    static bool TryParse(string text, out decimal amount, out Style style)
    {
        amount = 0;
        style = Style.Decimal;
        var span = text.AsSpan();
        var end = 0;
        while (end < span.Length && (char.IsAsciiDigit(span[end]) || span[end] == '.' || (end == 0 && span[end] is '+' or '-'))) end++;
        const NumberStyles number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (end == 0 || !decimal.TryParse(span[..end], number, CultureInfo.InvariantCulture, out amount)) return false;
        if (!Factor(span[end..], out var factor, ref style)) return false;
        try
        {
            amount = decimal.Clamp(amount * factor, -long.MaxValue, long.MaxValue);
        }
        catch (OverflowException)
        {
            amount = amount < 0 ? -long.MaxValue : long.MaxValue;
        }
        var nano = amount * 1_000_000_000m;
        if (nano != decimal.Truncate(nano)) amount = (nano > 0 ? decimal.Ceiling(nano) : decimal.Floor(nano)) / 1_000_000_000m; // finer amounts round away from zero
        return true;
    }

    static bool Factor(ReadOnlySpan<char> suffix, out decimal factor, ref Style style)
    {
        factor = 1;
        if (suffix.Length == 0) return true;
        if (suffix.Length == 2 && suffix[1] == 'i')
        {
            var power = "KMGTPE".IndexOf(suffix[0]);
            style = Style.Binary;
            for (var i = 0; i <= power; i++) factor *= 1024;
            return power >= 0;
        }
        if (suffix.Length == 1 && Decimals.IndexOf(suffix[0]) is var at and >= 0)
        {
            factor = Power(3 * (at < 3 ? at - 3 : at - 2));
            return true;
        }
        if (suffix[0] is not ('e' or 'E') || !int.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)) return false;
        style = Style.Exponent;
        factor = Power(Math.Clamp(exponent, -27, 27));
        return true;
    }

    static decimal Power(int exponent)
    {
        var factor = 1m;
        for (var i = 0; i < Math.Abs(exponent); i++) factor *= 10;
        return exponent < 0 ? 1 / factor : factor;
    }

    static string Write(decimal amount, Style style)
    {
        if (amount == 0) return "0";
        return style == Style.Binary && Math.Abs(amount) >= 1024 ? Binary(amount) : Decimal(amount, style == Style.Exponent);
    }

    static string Binary(decimal amount)
    {
        var whole = (long)(amount > 0 ? decimal.Ceiling(amount) : decimal.Floor(amount));
        var power = 0;
        for (; power < 6 && whole % 1024 == 0; power++) whole /= 1024;
        return whole.ToString(CultureInfo.InvariantCulture) + (power == 0 ? "" : "KMGTPE"[power - 1] + "i");
    }

    static string Decimal(decimal amount, bool asExponent)
    {
        var exponent = 0;
        while (amount != decimal.Truncate(amount)) (amount, exponent) = (amount * 1000, exponent - 3);
        while (exponent < 18 && amount % 1000 == 0) (amount, exponent) = (amount / 1000, exponent + 3);
        var digits = decimal.Truncate(amount).ToString(CultureInfo.InvariantCulture);
        if (exponent == 0) return digits;
        return asExponent ? $"{digits}e{exponent}" : digits + Decimals[exponent < 0 ? exponent / 3 + 3 : exponent / 3 + 2];
    }
}
