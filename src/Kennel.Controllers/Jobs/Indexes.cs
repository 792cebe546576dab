using System.Collections.Immutable;
using System.Globalization;

namespace Kennel.Controllers.Jobs;

/// <summary>A set of completion indexes, kept as intervals: as text <c>1,3-5,7</c>, which stays short for long Jobs.</summary>
sealed class Indexes
{
    public static readonly Indexes None = new([]);

    readonly ImmutableArray<(int First, int Last)> _intervals;

    Indexes(ImmutableArray<(int First, int Last)> intervals) => _intervals = intervals;

    public int Count => _intervals.Sum(i => i.Last - i.First + 1);

    /// <summary>What a status or a rule says, as far as it can be read and is below <paramref name="completions"/>.</summary>
    public static Indexes Parse(string? text, int completions)
    {
        if (string.IsNullOrEmpty(text)) return None;
        var read = new List<(int First, int Last)>();
        foreach (var part in text.Split(','))
        {
            var limits = part.Split('-');
            if (!Number(limits[0], out var first)) continue;
            if (first >= completions) break;
            var last = first;
            if (limits.Length > 1 && !Number(limits[1], out last)) continue;
            read.Add((first, Math.Min(last, completions - 1)));
        }
        return Of(read);
    }

    public static Indexes Of(IEnumerable<int> indexes) => Of(indexes.Select(i => (i, i)));

    public Indexes With(Indexes others) => others._intervals.IsEmpty ? this : Of(_intervals.Concat(others._intervals));

    public bool Has(int index)
    {
        foreach (var (first, last) in _intervals) if (first <= index && index <= last) return true;
        return false;
    }

    /// <summary>How many of these are in both.</summary>
    public int Common(Indexes others)
    {
        var count = 0;
        for (int i = 0, j = 0; i < _intervals.Length && j < others._intervals.Length;)
        {
            var (a, b) = (_intervals[i], others._intervals[j]);
            count += Math.Max(0, Math.Min(a.Last, b.Last) - Math.Max(a.First, b.First) + 1);
            if (a.Last <= b.Last) i++;
            if (b.Last <= a.Last) j++;
        }
        return count;
    }

    /// <summary>The lowest indexes that are not in here.</summary>
    public IEnumerable<int> Missing(int completions, int count)
    {
        var next = 0;
        foreach (var (first, last) in _intervals)
        {
            for (; next < first && next < completions && count > 0; count--) yield return next++;
            next = Math.Max(next, last + 1);
        }
        for (; next < completions && count > 0; count--) yield return next++;
    }

    public override string ToString() => string.Join(',', _intervals.Select(Text));

    static string Text((int First, int Last) i) => i.First == i.Last
        ? i.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{i.First}{(i.Last == i.First + 1 ? ',' : '-')}{i.Last}");

    static Indexes Of(IEnumerable<(int First, int Last)> intervals)
    {
        var merged = new List<(int First, int Last)>();
        foreach (var next in intervals.Where(i => i.First <= i.Last).OrderBy(i => i.First))
        {
            if (merged.Count > 0 && next.First <= merged[^1].Last + 1) merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, next.Last));
            else merged.Add(next);
        }
        return new([.. merged]);
    }

    static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
