using System.Globalization;
using System.Numerics;

namespace Kennel.Objects.Quantities;

/// <summary>The grammar of a quantity's text: a signed decimal number and a suffix (n u m k M G T P E, Ki…Ei, or an exponent).</summary>
static class QuantityText
{
    const string WrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    const string WrongNumber = "unable to parse numeric part of quantity";
    const string WrongSuffix = "unable to parse quantity's suffix";

    /// <summary>Longer numbers, or exponents beyond it, measure nothing.</summary>
    const int MostDigits = 400;

    const string Decimals = "numkMGTPE";
    const string Binaries = "KMGTPE";

    /// <summary>Upstream's cap of binary quantities: the largest signed 64-bit number.</summary>
    static readonly BigInteger s_binaryCap = long.MaxValue * Quantity.One;

    public static bool TryRead(string? text, out Quantity quantity, out string? problem)
    {
        quantity = default;
        if (string.IsNullOrEmpty(text) || text.Length > MostDigits)
        {
            problem = WrongFormat;
            return false;
        }
        var digits = Digits(text, out var number, out var places);
        if (digits < 0 || !SuffixLetters(text.AsSpan(digits)))
        {
            problem = WrongFormat;
            return false;
        }
        if (!Suffix(text.AsSpan(digits), out var base2, out var exponent, out var format))
        {
            problem = WrongSuffix;
            return false;
        }
        if (exponent > MostDigits)
        {
            problem = WrongNumber;
            return false;
        }
        problem = null;
        quantity = Made(number, places, base2, exponent, format);
        return true;
    }

    static Quantity Made(BigInteger mantissa, int places, bool base2, int exponent, QuantityFormat format)
    {
        if (mantissa.IsZero) return new Quantity(0, format);
        var shift = 9 - places + (base2 ? 0 : exponent);
        if (base2) mantissa <<= exponent;
        var nanos = shift >= 0 ? mantissa * BigInteger.Pow(10, shift) : Quantity.Up(mantissa, BigInteger.Pow(10, Math.Min(-shift, 2 * MostDigits)));
        if (base2)
        {
            if (BigInteger.Abs(nanos) > s_binaryCap) nanos = nanos.Sign * s_binaryCap;
            if (BigInteger.Abs(nanos) < Quantity.One) format = QuantityFormat.DecimalSI;
        }
        return new Quantity(nanos, format);
    }

    /// <returns>Where the suffix begins, or -1 when the number has two points. Like upstream's, the grammar takes a missing number for 0.</returns>
    static int Digits(string text, out BigInteger number, out int places)
    {
        var at = text[0] is '+' or '-' ? 1 : 0;
        var dot = -1;
        number = default;
        places = 0;
        var value = BigInteger.Zero;
        var chunk = 0L;
        var width = 0;
        for (; at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'); at++)
        {
            if (text[at] == '.')
            {
                if (dot >= 0) return -1;
                dot = at;
                continue;
            }
            chunk = chunk * 10 + (text[at] - '0');
            if (dot >= 0) places++;
            if (++width < 18) continue;
            value = value * 1_000_000_000_000_000_000 + chunk;
            (chunk, width) = (0, 0);
        }
        value = value * BigInteger.Pow(10, width) + chunk;
        number = text[0] == '-' ? -value : value;
        return at;
    }

    static bool SuffixLetters(ReadOnlySpan<char> suffix)
    {
        var at = 0;
        while (at < suffix.Length && "eEinumkKMGTP".Contains(suffix[at])) at++;
        if (at < suffix.Length && suffix[at] is '+' or '-') at++;
        while (at < suffix.Length && char.IsAsciiDigit(suffix[at])) at++;
        return at == suffix.Length;
    }

    static bool Suffix(ReadOnlySpan<char> suffix, out bool base2, out int exponent, out QuantityFormat format)
    {
        (base2, exponent, format) = (false, 0, QuantityFormat.DecimalSI);
        if (suffix.Length == 0) return true;
        if (suffix.Length == 1 && Decimals.IndexOf(suffix[0]) is var d and >= 0)
        {
            exponent = d < 3 ? 3 * d - 9 : 3 * d - 6;
            return true;
        }
        if (suffix.Length == 2 && suffix[1] == 'i' && Binaries.IndexOf(suffix[0]) is var b and >= 0)
        {
            (base2, exponent, format) = (true, 10 * (b + 1), QuantityFormat.BinarySI);
            return true;
        }
        format = QuantityFormat.DecimalExponent;
        if (suffix[0] is not ('e' or 'E') || !long.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var e)) return false;
        exponent = (int)Math.Clamp(e, -2 * MostDigits, 2 * MostDigits);
        return true;
    }

    /// <summary>
    /// What upstream prints for a stored text: the canonical form, but a text that has no fraction and nothing to shorten stays as it is
    /// (<c>1E3</c>, <c>+5</c>), as kubectl's own output showed.
    /// </summary>
    public static string Canonical(string text)
    {
        if (!TryRead(text, out var quantity, out _)) return text;
        if (quantity.IsZero) return "0";
        var at = Digits(text, out var number, out var places);
        if (places > 0 || at > 18 || !Suffix(text.AsSpan(at), out var base2, out var exponent, out _)) return Write(quantity);
        var shortest = base2 ? BigInteger.Abs(number) < 1000 && exponent < 60 : exponent is >= -9 and <= 18 && exponent % 3 == 0 && !(number % 1000).IsZero;
        return shortest ? text : Write(quantity);
    }

    public static string Write(Quantity quantity)
    {
        if (quantity.IsZero) return "0";
        if (quantity.Format == QuantityFormat.BinarySI && Binary(quantity.Nanos) is { } binary) return binary;
        var amount = quantity.Nanos;
        var exponent = -9;
        while (true)
        {
            var next = BigInteger.DivRem(amount, 1000, out var rest);
            if (!rest.IsZero || (quantity.Format != QuantityFormat.DecimalExponent && exponent == 18)) break;
            (amount, exponent) = (next, exponent + 3);
        }
        var digits = amount.ToString(CultureInfo.InvariantCulture);
        if (exponent == 0) return digits;
        return quantity.Format == QuantityFormat.DecimalExponent ? $"{digits}e{exponent}" : digits + Decimals[exponent < 0 ? (exponent + 9) / 3 : (exponent + 6) / 3];
    }

    /// <summary>In powers of 1024; null for small amounts and fractions, which upstream writes in decimal.</summary>
    static string? Binary(BigInteger nanos)
    {
        var whole = BigInteger.DivRem(nanos, Quantity.One, out var rest);
        if (!rest.IsZero || BigInteger.Abs(whole) < 1024) return null;
        var power = 0;
        while (power < Binaries.Length && (whole & 1023).IsZero)
        {
            whole >>= 10;
            power++;
        }
        var digits = whole.ToString(CultureInfo.InvariantCulture);
        return power == 0 ? digits : $"{digits}{Binaries[power - 1]}i";
    }
}
