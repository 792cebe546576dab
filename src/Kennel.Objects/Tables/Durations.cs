using System.Globalization;

namespace Kennel.Objects.Tables;

/// <summary>Durations as kubectl's users read them: <c>66s</c>, <c>9m11s</c>, <c>5d2h</c>.</summary>
public static class Durations
{
    public static string Ago(DateTimeOffset? time, DateTimeOffset now) => time is { } t ? Text(now - t) : "<unknown>";

    public static string Text(TimeSpan d)
    {
        var seconds = (long)d.TotalSeconds;
        if (seconds < -1) return "<invalid>";
        if (seconds < 0) return "0s";
        if (seconds < 60 * 2) return Plain(seconds, 's');
        var minutes = seconds / 60;
        if (minutes < 10) return Mixed(minutes, 'm', seconds % 60, 's');
        if (minutes < 60 * 3) return Plain(minutes, 'm');
        var hours = minutes / 60;
        if (hours < 8) return Mixed(hours, 'h', minutes % 60, 'm');
        if (hours < 48) return Plain(hours, 'h');
        if (hours < 24 * 8) return Mixed(hours / 24, 'd', hours % 24, 'h');
        if (hours < 24 * 365 * 2) return Plain(hours / 24, 'd');
        if (hours < 24 * 365 * 8) return Mixed(hours / 24 / 365, 'y', hours / 24 % 365, 'd');
        return Plain(hours / 24 / 365, 'y');
    }

    static string Plain(long n, char unit) => n.ToString(CultureInfo.InvariantCulture) + unit;

    static string Mixed(long n, char unit, long rest, char restUnit) => rest == 0 ? Plain(n, unit) : Plain(n, unit) + Plain(rest, restUnit);
}
