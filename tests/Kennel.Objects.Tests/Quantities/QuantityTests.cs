using FsCheck;
using FsCheck.Fluent;

namespace Kennel.Objects.Tests.Quantities;

using Quantity = Kennel.Objects.Quantities.Quantity;

public sealed class QuantityTests
{
    /// <summary>Amounts beyond an exabyte's suffix, which upstream prints wrongly (1000E as 1): we print what was meant.</summary>
    static readonly Dictionary<string, string> s_better = new() { ["1000E"] = "1000E", ["1000000E"] = "1000000E", ["10000000000000000000000k"] = "10000000E" };

    public static TheoryData<string, string> Canonical()
    {
        var cases = new TheoryData<string, string>();
        foreach (var line in TestFiles.Lines("Quantities/canonical.txt"))
            if (line.Split(' ') is [var text, var printed]) cases.Add(text, s_better.GetValueOrDefault(text, printed));
        return cases;
    }

    [Theory, MemberData(nameof(Canonical))]
    public void A_quantity_is_kept_in_upstreams_canonical_form(string text, string printed) => Quantity.Canonical(text).ShouldBe(printed);

    [Theory]
    [InlineData("", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("1.2.3", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("1Z", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("1Kii", "unable to parse quantity's suffix")]
    [InlineData("--1", "unable to parse quantity's suffix")]
    [InlineData("1e", "unable to parse quantity's suffix")]
    [InlineData("K", "unable to parse quantity's suffix")]
    public void What_is_no_quantity_is_refused_in_upstreams_words(string text, string problem)
    {
        Quantity.TryParse(text, out _, out var found).ShouldBeFalse();
        found.ShouldBe(problem);
    }

    [Fact]
    public void Fractions_round_up_where_whole_numbers_are_asked()
    {
        Quantity.Parse("1500m").Value.ShouldBe(2);
        Quantity.Parse("-1500m").Value.ShouldBe(-2);
        Quantity.Parse("1u").MilliValue.ShouldBe(1);
        Quantity.Parse("99999999999999999999").Value.ShouldBe(long.MaxValue);
    }

    [Fact]
    public void Sums_keep_the_format_of_the_first_unless_it_is_zero()
    {
        (Quantity.Parse("1Gi") + Quantity.Parse("512Mi")).ToString().ShouldBe("1536Mi");
        (Quantity.Zero + Quantity.Parse("1Gi")).ToString().ShouldBe("1Gi");
        (Quantity.Parse("1") - Quantity.Parse("100m")).ToString().ShouldBe("900m");
        (Quantity.Parse("9223372036854775807") + Quantity.Parse("9223372036854775807")).ToString().ShouldBe("18446744073709551614");
    }

    static readonly Gen<string> s_texts =
        from number in Gen.Choose(-100_000, 100_000)
        from fraction in Gen.Elements("", ".5", ".25", ".001")
        from suffix in Gen.Elements("", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "e3", "e-3", "e5")
        select $"{number}{fraction}{suffix}";

    [Fact]
    public void The_canonical_form_reads_back_as_the_same_amount() => Prop.ForAll(s_texts.ToArbitrary(), text =>
    {
        var quantity = Quantity.Parse(text);
        return Quantity.Parse(quantity.ToString()) == quantity && Quantity.Parse(Quantity.Canonical(text)) == quantity && Quantity.Parse(quantity.ToString()).ToString() == quantity.ToString();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Order_agrees_with_difference() => Prop.ForAll(Gen.Two(s_texts).ToArbitrary(), pair =>
    {
        var (a, b) = (Quantity.Parse(pair.Item1), Quantity.Parse(pair.Item2));
        return Math.Sign(a.CompareTo(b)) == (a - b).Sign && a + b - b == a && a + b == b + a;
    }).QuickCheckThrowOnFailure();
}
