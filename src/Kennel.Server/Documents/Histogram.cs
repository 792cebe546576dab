using System.Globalization;

namespace Kennel.Server.Documents;

/// <summary>How long things took, in upstream's buckets.</summary>
sealed class Histogram
{
    static readonly double[] s_bounds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

    readonly Lock _gate = new();
    readonly long[] _buckets = new long[s_bounds.Length + 1];
    double _sum;

    public void Add(double seconds)
    {
        var bucket = 0;
        while (bucket < s_bounds.Length && seconds > s_bounds[bucket]) bucket++;
        lock (_gate)
        {
            _buckets[bucket]++;
            _sum += seconds;
        }
    }

    public void Write(MetricsText text, string name, string labels)
    {
        lock (_gate)
        {
            var total = 0L;
            for (var i = 0; i <= s_bounds.Length; i++)
            {
                total += _buckets[i];
                text.Value(name + "_bucket", $"{labels},le=\"{(i == s_bounds.Length ? "+Inf" : s_bounds[i].ToString(CultureInfo.InvariantCulture))}\"", total);
            }
            text.Value(name + "_sum", labels, _sum);
            text.Value(name + "_count", labels, total);
        }
    }
}
