namespace Kennel.Objects.Schedules;

/// <summary>
/// Five fields against the clock on the wall of a zone. What a clock that is put forward passes over doesn't happen; what a clock that is put back
/// shows twice happens twice.
/// </summary>
sealed class Calendar : Schedule
{
    /// <summary>29 February comes at least every eight years, but upstream looks no further.</summary>
    const int YearsAhead = 5;

    readonly CronField _minute, _hour, _day, _month, _weekday;

    /// <exception cref="FormatException">What is wrong, in upstream's words.</exception>
    public Calendar(string[] fields)
    {
        if (fields.Length != 5) throw new FormatException($"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]");
        _minute = CronField.Parse(fields[0], 0, 59, []);
        _hour = CronField.Parse(fields[1], 0, 23, []);
        _day = CronField.Parse(fields[2], 1, 31, []);
        _month = CronField.Parse(fields[3], 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]);
        _weekday = CronField.Parse(fields[4], 0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);
    }

    private protected override DateTimeOffset? After(DateTimeOffset after, TimeZoneInfo zone)
    {
        var at = after.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute + TimeSpan.TicksPerMinute;
        var now = new DateTimeOffset(at, TimeSpan.Zero);
        var last = TimeZoneInfo.ConvertTime(now, zone).Year + YearsAhead;
        while (true)
        {
            var wall = TimeZoneInfo.ConvertTime(now, zone).DateTime;
            if (wall.Year > last) return null;
            if (!_month.Has(wall.Month)) now = Later(now, new DateTime(wall.Year, wall.Month, 1).AddMonths(1), zone);
            else if (!IsDay(wall)) now = Later(now, wall.Date.AddDays(1), zone);
            else if (!_hour.Has(wall.Hour)) now = now.AddMinutes(60 - wall.Minute);
            else if (!_minute.Has(wall.Minute)) now = now.AddMinutes(1);
            else return now;
        }
    }

    /// <summary>Either of the two days is enough, unless one of them is left open.</summary>
    bool IsDay(DateTime wall)
    {
        var (day, weekday) = (_day.Has(wall.Day), _weekday.Has((int)wall.DayOfWeek));
        return _day.IsOpen || _weekday.IsOpen ? day && weekday : day || weekday;
    }

    /// <summary>The first moment at which the clock on the wall shows this or later; never back.</summary>
    static DateTimeOffset Later(DateTimeOffset now, DateTime wall, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(wall)) wall = wall.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        var then = new DateTimeOffset(wall, offset).ToUniversalTime();
        return then > now ? then : now.AddMinutes(1);
    }
}
