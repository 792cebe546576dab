using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Kennel.Objects.Quantities;

/// <summary>How a quantity was written, and is written again.</summary>
public enum QuantityFormat { DecimalSI, BinarySI, DecimalExponent }

/// <summary>
/// An exact amount of a resource: <c>100m</c>, <c>1.5Gi</c>, <c>12e6</c>. No number is too big; what is finer than a billionth is rounded away from zero.
/// <see cref="ToString"/> gives upstream's canonical form, so <c>1000m</c> prints as <c>1</c> and <c>1024Ki</c> as <c>1Mi</c>.
/// </summary>
public readonly struct Quantity : IComparable<Quantity>, IEquatable<Quantity>
{
    /// <summary>The finest step is 10^-9; everything is held as a count of those.</summary>
    static readonly BigInteger s_one = 1_000_000_000;

    public static readonly Quantity Zero;

    readonly BigInteger _nanos;

    internal Quantity(BigInteger nanos, QuantityFormat format) => (_nanos, Format) = (nanos, format);

    public QuantityFormat Format { get; }

    public bool IsZero => _nanos.IsZero;

    public int Sign => _nanos.Sign;

    internal BigInteger Nanos => _nanos;

    /// <summary>The whole number, rounded up (away from zero); capped to what a long holds.</summary>
    public long Value => Scaled(s_one);

    /// <summary>In thousandths, rounded up (away from zero); capped to what a long holds.</summary>
    public long MilliValue => Scaled(1_000_000);

    public static Quantity Of(long value, QuantityFormat format = QuantityFormat.DecimalSI) => new(value * s_one, format);

    public static Quantity OfMilli(long thousandths, QuantityFormat format = QuantityFormat.DecimalSI) => new(thousandths * new BigInteger(1_000_000), format);

    /// <exception cref="FormatException">Not a quantity; the message is upstream's.</exception>
    public static Quantity Parse(string text) => TryParse(text, out var quantity, out var problem) ? quantity : throw new FormatException(problem);

    public static bool TryParse([NotNullWhen(true)] string? text, out Quantity quantity) => TryParse(text, out quantity, out _);

    /// <param name="problem">What is wrong, in upstream's words.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out Quantity quantity, [NotNullWhen(false)] out string? problem) =>
        QuantityText.TryRead(text, out quantity, out problem);

    /// <summary>How upstream keeps a quantity's text: in canonical form. A text that isn't a quantity stays.</summary>
    public static string Canonical(string text) => QuantityText.Canonical(text);

    /// <summary>Rounded up (away from zero) to thousandths, as container resources are kept.</summary>
    public Quantity RoundedUpToMilli() => new(Up(_nanos, 1_000_000) * 1_000_000, Format);

    internal static BigInteger Up(BigInteger value, BigInteger step)
    {
        var whole = BigInteger.DivRem(value, step, out var rest);
        return rest.IsZero ? whole : whole + rest.Sign;
    }

    long Scaled(BigInteger step)
    {
        var value = Up(_nanos, step);
        return value > long.MaxValue ? long.MaxValue : value < long.MinValue ? long.MinValue : (long)value;
    }

    public static Quantity operator +(Quantity left, Quantity right) => new(left._nanos + right._nanos, left.IsZero ? right.Format : left.Format);

    public static Quantity operator -(Quantity left, Quantity right) => new(left._nanos - right._nanos, left.IsZero ? right.Format : left.Format);

    public static Quantity operator -(Quantity value) => new(-value._nanos, value.Format);

    public int CompareTo(Quantity other) => _nanos.CompareTo(other._nanos);

    public static bool operator <(Quantity left, Quantity right) => left.CompareTo(right) < 0;

    public static bool operator >(Quantity left, Quantity right) => left.CompareTo(right) > 0;

    public static bool operator <=(Quantity left, Quantity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Quantity left, Quantity right) => left.CompareTo(right) >= 0;

    /// <summary>The same amount; how it was written doesn't count.</summary>
    public bool Equals(Quantity other) => _nanos == other._nanos;

    public static bool operator ==(Quantity left, Quantity right) => left.Equals(right);

    public static bool operator !=(Quantity left, Quantity right) => !left.Equals(right);

    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);

    public override int GetHashCode() => _nanos.GetHashCode();

    public override string ToString() => QuantityText.Write(this);

    internal static BigInteger One => s_one;
}
