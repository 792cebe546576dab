using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Kennel.Server.Documents;

/// <summary>Counts of requests under upstream's names, as Prometheus text.</summary>
sealed class Metrics
{
    static readonly double[] s_bounds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

    readonly ConcurrentDictionary<(string Verb, string Group, string Version, string Resource, string Subresource, int Code), Counter> _requests = new();
    readonly ConcurrentDictionary<(string Verb, string Group, string Version, string Resource, string Subresource), Histogram> _durations = new();
    int _watchers;

    sealed class Counter
    {
        public long Value;
    }

    sealed class Histogram
    {
        public readonly long[] Buckets = new long[s_bounds.Length + 1];
        public double Sum;
    }

    public void Count(Routing.Route route, int code, TimeSpan taken)
    {
        var verb = route.Verb.ToUpperInvariant();
        Interlocked.Increment(ref _requests.GetOrAdd((verb, route.Type.Group, route.Type.Version, route.Type.Plural, route.Subresource, code), static _ => new Counter()).Value);
        if (route.Verb == "watch") return;
        var histogram = _durations.GetOrAdd((verb, route.Type.Group, route.Type.Version, route.Type.Plural, route.Subresource), static _ => new Histogram());
        var seconds = taken.TotalSeconds;
        var bucket = Array.FindIndex(s_bounds, b => seconds <= b);
        lock (histogram)
        {
            histogram.Buckets[bucket < 0 ? s_bounds.Length : bucket]++;
            histogram.Sum += seconds;
        }
    }

    public void WatchStarted() => Interlocked.Increment(ref _watchers);

    public void WatchEnded() => Interlocked.Decrement(ref _watchers);

    public byte[] Text()
    {
        var text = new StringBuilder(16384);
        text.Append("# HELP apiserver_request_total Requests by verb, resource and answer.\n# TYPE apiserver_request_total counter\n");
        foreach (var (k, counter) in _requests.OrderBy(p => p.Key))
            text.Append("apiserver_request_total{").Append(Labels(k.Verb, k.Group, k.Version, k.Resource, k.Subresource)).Append($",code=\"{k.Code}\"}} {counter.Value}\n");
        text.Append("# HELP apiserver_request_duration_seconds Time to answer, watches left out.\n# TYPE apiserver_request_duration_seconds histogram\n");
        foreach (var (k, histogram) in _durations.OrderBy(p => p.Key)) Write(text, Labels(k.Verb, k.Group, k.Version, k.Resource, k.Subresource), histogram);
        text.Append("# HELP apiserver_longrunning_requests Watches that are open.\n# TYPE apiserver_longrunning_requests gauge\n");
        text.Append($"apiserver_longrunning_requests{{verb=\"WATCH\"}} {Volatile.Read(ref _watchers)}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static void Write(StringBuilder text, string labels, Histogram histogram)
    {
        lock (histogram)
        {
            var total = 0L;
            for (var i = 0; i <= s_bounds.Length; i++)
            {
                total += histogram.Buckets[i];
                var bound = i == s_bounds.Length ? "+Inf" : s_bounds[i].ToString(CultureInfo.InvariantCulture);
                text.Append($"apiserver_request_duration_seconds_bucket{{{labels},le=\"{bound}\"}} {total}\n");
            }
            text.Append($"apiserver_request_duration_seconds_sum{{{labels}}} {histogram.Sum.ToString(CultureInfo.InvariantCulture)}\n");
            text.Append($"apiserver_request_duration_seconds_count{{{labels}}} {total}\n");
        }
    }

    static string Labels(string verb, string group, string version, string resource, string subresource) =>
        $"verb=\"{verb}\",group=\"{group}\",version=\"{version}\",resource=\"{resource}\",subresource=\"{subresource}\"";
}
