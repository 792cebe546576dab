using System.Globalization;

namespace Kennel.Objects.Schedules;

/// <summary>One field: <c>*</c>, <c>?</c>, <c>1-5</c>, <c>*/15</c>, <c>mon,wed</c>, and lists of those.</summary>
/// <param name="Bits">The numbers that it allows.</param>
/// <param name="IsOpen">It was left open by <c>*</c> or <c>?</c> (and not only every so often).</param>
readonly record struct CronField(ulong Bits, bool IsOpen)
{
    public bool Has(int value) => (Bits >> value & 1) == 1;

    /// <exception cref="FormatException">What is wrong, in upstream's words.</exception>
    public static CronField Parse(string text, int least, int most, string[] names)
    {
        var field = default(CronField);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var range = Range(part, least, most, names);
            field = new(field.Bits | range.Bits, field.IsOpen || range.IsOpen);
        }
        return field;
    }

    static CronField Range(string text, int least, int most, string[] names)
    {
        var rangeAndStep = text.Split('/');
        var limits = rangeAndStep[0].Split('-');
        var (first, last, open) = (least, most, true);
        if (limits[0] is not ("*" or "?"))
        {
            if (limits.Length > 2) throw new FormatException($"too many hyphens: {text}");
            first = Number(limits[0], least, names);
            last = limits.Length == 2 ? Number(limits[1], least, names) : first;
            open = false;
        }
        var step = 1;
        if (rangeAndStep.Length > 2) throw new FormatException($"too many slashes: {text}");
        if (rangeAndStep.Length == 2)
        {
            step = Number(rangeAndStep[1], 0, []);
            if (limits.Length == 1) last = most; // "5/15" goes on to the end
            if (step > 1) open = false;
        }
        if (first < least) throw new FormatException($"beginning of range ({first}) below minimum ({least}): {text}");
        if (last > most) throw new FormatException($"end of range ({last}) above maximum ({most}): {text}");
        if (first > last) throw new FormatException($"beginning of range ({first}) beyond end of range ({last}): {text}");
        if (step == 0) throw new FormatException($"step of range should be a positive number: {text}");
        var bits = 0UL;
        for (long i = first; i <= last; i += step) bits |= 1UL << (int)i;
        return new(bits, open);
    }

    /// <param name="base">The number of the first name.</param>
    static int Number(string text, int @base, string[] names)
    {
        var named = Array.FindIndex(names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (named >= 0) return named + @base;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw new FormatException($"failed to parse int from {text}: strconv.Atoi: parsing \"{text}\": {(text.Length > 0 && text.TrimStart('+', '-').All(char.IsAsciiDigit) && text.Length > 9 ? "value out of range" : "invalid syntax")}");
        return number < 0 ? throw new FormatException($"negative number ({number}) not allowed: {text}") : number;
    }
}
