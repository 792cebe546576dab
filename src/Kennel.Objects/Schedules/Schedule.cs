namespace Kennel.Objects.Schedules;

/// <summary>
/// When something is due, as cron says it: five fields (minute, hour, day of the month, month, day of the week), <c>@daily</c> and its like, or
/// <c>@every 1h30m</c>; before them a zone may stand (<c>TZ=Europe/Berlin</c>). The syntax and its messages are those of the library that
/// Kubernetes uses.
/// </summary>
public abstract class Schedule
{
    /// <summary>The zone that the text itself names, or null.</summary>
    public TimeZoneInfo? Zone { get; private init; }

    /// <summary>The first moment after <paramref name="after"/>; null when there is none within five years (31 February).</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone) => After(after, Zone ?? zone);

    private protected abstract DateTimeOffset? After(DateTimeOffset after, TimeZoneInfo zone);

    /// <returns>The schedule, or what is wrong with the text.</returns>
    public static (Schedule? Schedule, string? Problem) Parse(string text)
    {
        if (text.Length == 0) return (null, "empty spec string");
        TimeZoneInfo? zone = null;
        if (text.StartsWith("TZ=", StringComparison.Ordinal) || text.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            var (from, end) = (text.IndexOf('=', StringComparison.Ordinal) + 1, text.IndexOf(' ', StringComparison.Ordinal));
            var name = end < 0 ? text[from..] : text[from..end];
            zone = Zones.Find(name);
            if (zone is null) return (null, $"provided bad location {name}: unknown time zone {name}");
            text = end < 0 ? "" : text[end..].Trim();
        }
        try
        {
            return (text.StartsWith('@') ? Named(text, zone) : new Calendar(text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)) { Zone = zone }, null);
        }
        catch (FormatException wrong)
        {
            return (null, wrong.Message);
        }
    }

    static Schedule Named(string text, TimeZoneInfo? zone) => text switch
    {
        "@yearly" or "@annually" => new Calendar(["0", "0", "1", "1", "*"]) { Zone = zone },
        "@monthly" => new Calendar(["0", "0", "1", "*", "*"]) { Zone = zone },
        "@weekly" => new Calendar(["0", "0", "*", "*", "0"]) { Zone = zone },
        "@daily" or "@midnight" => new Calendar(["0", "0", "*", "*", "*"]) { Zone = zone },
        "@hourly" => new Calendar(["0", "*", "*", "*", "*"]) { Zone = zone },
        _ when text.StartsWith("@every ", StringComparison.Ordinal) => new Every(GoDuration.Parse(text["@every ".Length..]) ?? throw new FormatException($"failed to parse duration {text}: time: invalid duration \"{text["@every ".Length..]}\"")) { Zone = zone },
        _ => throw new FormatException($"unrecognized descriptor: {text}"),
    };

    /// <summary>At an even pace from whenever one looks, in whole seconds.</summary>
    sealed class Every(TimeSpan pace) : Schedule
    {
        readonly TimeSpan _pace = TimeSpan.FromSeconds(Math.Max(1, Math.Floor(pace.TotalSeconds)));

        private protected override DateTimeOffset? After(DateTimeOffset after, TimeZoneInfo zone) =>
            after.AddTicks(-(after.Ticks % TimeSpan.TicksPerSecond)) + _pace;
    }
}
