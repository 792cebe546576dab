using System.Collections.Concurrent;
using Kennel.Server.Routing;

namespace Kennel.Server.Documents;

/// <summary>Counts of requests under upstream's names. What is counted costs a look into a table and an addition; <see cref="Text"/> does the rest.</summary>
sealed class Metrics
{
    readonly ConcurrentDictionary<(RequestKind Kind, int Code), Counter> _requests = new();
    readonly ConcurrentDictionary<RequestKind, Histogram> _durations = new();
    readonly ConcurrentDictionary<RequestKind, OpenCount> _open = new();
    int _reading;
    int _writing;

    public void Entered(bool reads) => Interlocked.Increment(ref reads ? ref _reading : ref _writing);

    public void Left(bool reads) => Interlocked.Decrement(ref reads ? ref _reading : ref _writing);

    public void Count(RequestKind kind, int code, TimeSpan taken)
    {
        Interlocked.Increment(ref _requests.GetOrAdd((kind, code), static _ => new Counter()).Value);
        if (!kind.Lasts) _durations.GetOrAdd(kind, static _ => new Histogram()).Add(taken.TotalSeconds);
    }

    /// <summary>Where those who carry a watch or a stream count.</summary>
    public OpenCount Open(RequestKind kind) => _open.GetOrAdd(kind, static _ => new OpenCount());

    /// <param name="objects">How many objects of each resource are stored.</param>
    public void Write(MetricsText text, IEnumerable<(string Resource, long Count)> objects)
    {
        text.Family("apiserver_request_total", "counter", "Requests by what they asked and how they were answered.");
        foreach (var ((kind, code), counter) in _requests.OrderBy(p => p.Key.Kind.Labels, StringComparer.Ordinal).ThenBy(p => p.Key.Code))
            text.Value("apiserver_request_total", $"code=\"{code}\",{kind.Labels}", Volatile.Read(ref counter.Value));
        text.Family("apiserver_request_duration_seconds", "histogram", "Time to answer; watches and streams are left out.");
        foreach (var (kind, histogram) in _durations.OrderBy(p => p.Key.Labels, StringComparer.Ordinal)) histogram.Write(text, "apiserver_request_duration_seconds", kind.Labels);
        text.Family("apiserver_current_inflight_requests", "gauge", "Requests that are being answered; watches and streams are left out.");
        text.Value("apiserver_current_inflight_requests", "request_kind=\"mutating\"", Volatile.Read(ref _writing));
        text.Value("apiserver_current_inflight_requests", "request_kind=\"readOnly\"", Volatile.Read(ref _reading));
        var open = _open.OrderBy(p => p.Key.Labels, StringComparer.Ordinal).ToList();
        text.Family("apiserver_longrunning_requests", "gauge", "Watches and streams that are open.");
        foreach (var (kind, count) in open.Where(o => o.Value is { Now: > 0 } or { Events: > 0 })) text.Value("apiserver_longrunning_requests", kind.Labels, count.Now);
        text.Family("apiserver_watch_events_total", "counter", "Events that were sent to watches.");
        foreach (var type in open.Where(o => o.Key.Verb == "WATCH").GroupBy(o => o.Key.Type))
            text.Value("apiserver_watch_events_total", $"group=\"{type.Key.Group}\",resource=\"{type.Key.Plural}\",version=\"{type.Key.Version}\"", type.Sum(o => o.Value.Events));
        text.Family("apiserver_storage_objects", "gauge", "Objects that are stored.");
        foreach (var (resource, count) in objects) text.Value("apiserver_storage_objects", $"resource=\"{resource}\"", count);
    }

    sealed class Counter
    {
        public long Value;
    }
}

/// <summary>How many watches or streams of a kind are open, and what was sent to them.</summary>
public sealed class OpenCount
{
    int _now;
    long _events;

    public int Now => Volatile.Read(ref _now);

    public long Events => Interlocked.Read(ref _events);

    public void Opened() => Interlocked.Increment(ref _now);

    public void Closed() => Interlocked.Decrement(ref _now);

    public void Sent(int events) => Interlocked.Add(ref _events, events);
}
