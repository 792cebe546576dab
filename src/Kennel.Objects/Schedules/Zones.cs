namespace Kennel.Objects.Schedules;

/// <summary>Time zones by their names in the tz database: <c>Europe/Berlin</c>.</summary>
public static class Zones
{
    const int LongestPart = 14;

    /// <summary>The zone, or null when this machine's tz database doesn't have it.</summary>
    public static TimeZoneInfo? Find(string name) =>
        name is "UTC" ? TimeZoneInfo.Utc : IsWellFormed(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>Every part is a name, so that none leads out of the database's folder.</summary>
    public static bool IsWellFormed(string name) =>
        name.Split('/').All(part => part.Length is > 0 and <= LongestPart && part is not ("." or "..") && part[0] != '-' && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+'));
}
