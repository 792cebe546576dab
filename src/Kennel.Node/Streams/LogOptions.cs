using System.Globalization;

namespace Kennel.Node.Streams;

/// <summary>Which part of a container's log is asked for, and how it is shown.</summary>
/// <param name="TailLines">At most that many of the last lines.</param>
/// <param name="Since">Nothing older.</param>
/// <param name="LimitBytes">The answer ends after so many bytes.</param>
public sealed record LogOptions(bool Follow, bool Previous, bool Timestamps, long? TailLines, DateTimeOffset? Since, long? LimitBytes)
{
    /// <summary>Reads the parameters of a log request.</summary>
    /// <param name="value">A parameter's value, or null.</param>
    /// <param name="problem">What is wrong with them, in upstream's words; null when nothing is.</param>
    public static LogOptions? Parse(Func<string, string?> value, DateTimeOffset now, out string? problem)
    {
        problem = null;
        var tail = Number(value, "tailLines", 0, ref problem);
        var limit = Number(value, "limitBytes", 1, ref problem);
        var seconds = Number(value, "sinceSeconds", 1, ref problem);
        DateTimeOffset? since = seconds is { } ago ? now - TimeSpan.FromSeconds(Math.Min(ago, (now - DateTimeOffset.UnixEpoch).TotalSeconds)) : null;
        if (value("sinceTime") is { Length: > 0 } text)
        {
            if (since is not null)
            {
                problem ??= "at most one of `sinceTime` or `sinceSeconds` may be specified";
            }
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                since = time;
            }
            else
            {
                problem ??= $"sinceTime: Invalid value: \"{text}\": must be a time in RFC 3339's form";
            }
        }
        return problem is null ? new LogOptions(Flag(value("follow")), Flag(value("previous")), Flag(value("timestamps")), tail, since, limit) : null;
    }

    internal static bool Flag(string? value) => value is "1" or "true" or "True" or "TRUE" or "t" or "T";

    private static long? Number(Func<string, string?> value, string name, long least, ref string? problem)
    {
        if (value(name) is not { Length: > 0 } text)
        {
            return null;
        }
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            problem ??= $"{name}: Invalid value: \"{text}\": must be an integer";
        }
        else if (number < least)
        {
            problem ??= $"{name}: Invalid value: {number}: must be greater than {(least == 0 ? "or equal to " : "")}0";
        }
        return number;
    }
}
