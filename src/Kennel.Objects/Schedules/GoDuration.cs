using System.Globalization;

namespace Kennel.Objects.Schedules;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>1.5s</c>, <c>300ms</c>.</summary>
static class GoDuration
{
    /// <summary>The duration, or null when the text isn't one.</summary>
    public static TimeSpan? Parse(string text)
    {
        var rest = text.AsSpan();
        var sign = 1;
        if (rest is ['+' or '-', ..])
        {
            sign = rest[0] == '-' ? -1 : 1;
            rest = rest[1..];
        }
        if (rest is "0") return TimeSpan.Zero;
        if (rest.IsEmpty) return null;
        var seconds = 0.0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return null;
            rest = rest[digits..];
            var letters = rest.IndexOfAny("0123456789.");
            if (Unit(letters < 0 ? rest : rest[..letters]) is not { } unit) return null;
            seconds += amount * unit;
            rest = letters < 0 ? [] : rest[letters..];
        }
        return seconds < TimeSpan.MaxValue.TotalSeconds ? sign * TimeSpan.FromSeconds(seconds) : null;
    }

    static double? Unit(ReadOnlySpan<char> name) => name switch { "h" => 3600, "m" => 60, "s" => 1, "ms" => 1e-3, "us" or "µs" => 1e-6, "ns" => 1e-9, _ => null };
}
