using Kennel.Objects.Core;

namespace Kennel.Client.Events;

/// <summary>
/// Decides what becomes of an event: a new object, one more on an old one, or nothing. As upstream's recorder: the same event again only
/// counts up; more than 10 alike in 10 minutes are told as one; an object that chatters gets 25 at once and then one in 5 minutes.
/// </summary>
sealed class EventCorrelator
{
    const int Similar = 10;
    const int Burst = 25;
    const int Remembered = 4096;
    static readonly TimeSpan SimilarWithin = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);

    readonly Recent<string, (double Tokens, DateTimeOffset At)> _buckets = new(Remembered);
    readonly Recent<string, (HashSet<string> Messages, DateTimeOffset At)> _alike = new(Remembered);
    readonly Recent<string, (string Name, int Count, DateTimeOffset First)> _told = new(Remembered);

    /// <summary>The event to send, with the name of the one it counts up (then a patch of count, message and time) or null when it is new; null when it is dropped.</summary>
    public (Event Event, string? Known)? Correlate(Event e, DateTimeOffset now)
    {
        if (!Affordable(e, now)) return null;
        var key = Alike(ref e, now);
        if (!_told.TryGet(key, out var told)) return (e, null);
        return (e with { Count = told.Count + 1, FirstTimestamp = told.First, LastTimestamp = now, Metadata = e.Metadata with { Name = told.Name } }, told.Name);
    }

    /// <summary>Remembers an event that the API has taken.</summary>
    public void Sent(Event e) => _told.Set(Full(e), (e.Metadata.Name ?? "", e.Count ?? 1, e.FirstTimestamp ?? default));

    bool Affordable(Event e, DateTimeOffset now)
    {
        var key = About(e);
        var (tokens, at) = _buckets.TryGet(key, out var bucket) ? bucket : (Burst, now);
        tokens = Math.Min(Burst, tokens + (now - at) / Refill);
        _buckets.Set(key, (tokens >= 1 ? tokens - 1 : tokens, now));
        return tokens >= 1;
    }

    string Alike(ref Event e, DateTimeOffset now)
    {
        var group = $"{About(e)}|{e.Type}|{e.Reason}|{e.ReportingComponent}";
        if (!_alike.TryGet(group, out var seen) || now - seen.At > SimilarWithin) seen = (new(StringComparer.Ordinal), now);
        if (seen.Messages.Count <= Similar) seen.Messages.Add(e.Message ?? "");
        _alike.Set(group, (seen.Messages, now));
        if (seen.Messages.Count > Similar) e = e with { Message = "(combined from similar events): " + e.Message };
        return Full(e);
    }

    /// <summary>Combined events are one event whatever they say; others are the same when everything but the time is.</summary>
    static string Full(Event e) =>
        $"{About(e)}|{e.InvolvedObject.FieldPath}|{e.Type}|{e.Reason}|{(e.Message?.StartsWith("(combined", StringComparison.Ordinal) == true ? "*" : e.Message)}";

    static string About(Event e)
    {
        var o = e.InvolvedObject;
        return $"{e.Source?.Component}|{o.Kind}|{o.Namespace}|{o.Name}|{o.Uid}|{o.ApiVersion}";
    }
}
