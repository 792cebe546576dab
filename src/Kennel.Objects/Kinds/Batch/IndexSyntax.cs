using System.Globalization;

namespace Kennel.Objects.Kinds.Batch;

/// <summary>Sets of indexes as text: <c>1,3-5,7</c>, in rising order.</summary>
static class IndexSyntax
{
    /// <summary>What is wrong with a text, or null.</summary>
    /// <param name="completions">Every index is below it.</param>
    /// <param name="total">How many indexes there are; 0 with a problem.</param>
    public static string? Problem(string text, long completions, out long total)
    {
        var (problem, intervals) = Read(text, completions);
        total = problem is null ? intervals.Sum(i => i.Last - i.First + 1) : 0;
        return problem;
    }

    /// <summary>The first index that two texts have in common; null when there is none or a text can't be read.</summary>
    public static long? Overlap(string a, string b, long completions)
    {
        var (left, right) = (Read(a, completions), Read(b, completions));
        if (left.Problem is not null || right.Problem is not null) return null;
        for (int i = 0, j = 0; i < left.Intervals.Count && j < right.Intervals.Count;)
        {
            var (x, y) = (left.Intervals[i], right.Intervals[j]);
            if (x.First <= y.Last && y.First <= x.Last) return Math.Max(x.First, y.First);
            if (x.Last < y.First) i++;
            else j++;
        }
        return null;
    }

    static (string? Problem, List<(long First, long Last)> Intervals) Read(string text, long completions)
    {
        List<(long First, long Last)> intervals = [];
        if (text.Length == 0) return (null, intervals);
        foreach (var part in text.Split(','))
        {
            var limits = part.Split('-');
            if (limits.Length > 2) return ($"the fragment \"{part}\" violates the requirement that an index interval can have at most two parts separated by '-'", []);
            long first = 0, last = 0;
            for (var i = 0; i < limits.Length; i++)
            {
                if (!long.TryParse(limits[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out last)) return ($"cannot convert string to integer for index: \"{limits[i]}\"", []);
                if (last >= completions) return ($"too large index: \"{limits[i]}\"", []);
                if (i == 0) first = last;
            }
            if (limits.Length == 2 && first >= last) return (NotRising(first, last), []);
            if (intervals.Count > 0 && intervals[^1].Last >= first) return (NotRising(intervals[^1].Last, first), []);
            intervals.Add((first, last));
        }
        return (null, intervals);
    }

    static string NotRising(long before, long now) => $"non-increasing order, previous: {before}, current: {now}";
}
